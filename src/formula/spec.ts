/** Formula specs from outside: read, checked, and spelled in one way, so that equal formulas have one key. */

import { failInternally } from "../ir/errors.js";
import { type FormulaSpec, isFormula, ParsedFormula } from "../ir/ops/formulaSpec.js";
import { checkSpec, type Spec } from "../ir/ops/spec.js";

export function checkFormula(given: FormulaSpec): ParsedFormula {
  if (given instanceof ParsedFormula) return given;
  return failInternally("not yet");
}

/** A spec of any kind from outside. Throws what `checkSpec` and `checkFormula` throw. */
export const checkAnySpec = (given: unknown): Spec => (isFormula(given) ? checkFormula(given) : checkSpec(given));
