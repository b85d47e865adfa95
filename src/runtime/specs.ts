/** Checks specs from outside. What reads formulas, or the convolution family, is loaded with the first of them. */
import { reading } from "../ir/errors.js";
import type { FamilySpec } from "../ir/ops/familySpec.js";
import type { FormulaSpec } from "../ir/ops/formulaSpec.js";
import { checkSpec, type OpSpec, type Spec } from "../ir/ops/spec.js";
import { isFamily, isFormula } from "../ir/ops/specKind.js";
import { loadFamily, loadParser, readFamilySpec, readFormulaSpec } from "./jit.js";

/** Loads the reader of a spec, if it has one of its own. */
export async function loadReader(given: Spec): Promise<void> {
  if (isFormulaGiven(given)) await loadParser();
  else if (isFamilyGiven(given)) await loadFamily();
}

/** Throws what `checkSpec` and the readers throw, and `not-ready` if the reader has not been loaded. */
export function readSpec(given: Spec): Spec {
  if (isFormulaGiven(given)) return readFormulaSpec(given);
  return isFamilyGiven(given) ? readFamilySpec(given) : checkSpec(given as OpSpec);
}

/** True if a reader of its own is loaded for the spec. */
export const hasReader = (given: unknown): given is FormulaSpec | FamilySpec =>
  isFormulaGiven(given) || isFamilyGiven(given);

const isFormulaGiven = (given: unknown): given is FormulaSpec => reading("a spec", () => isFormula(given));
const isFamilyGiven = (given: unknown): given is FamilySpec => reading("a spec", () => isFamily(given));
