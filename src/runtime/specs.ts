/** Checks specs from outside. The parser of formulas is loaded with the first of them. */
import { reading } from "../ir/errors.js";
import { type FormulaSpec, isFormula } from "../ir/ops/formulaSpec.js";
import { checkSpec, type OpSpec, type Spec } from "../ir/ops/spec.js";
import { loadParser, readFormula } from "./jit.js";

/** Throws what `checkSpec` and the parser throw. */
export async function readSpec(given: Spec): Promise<Spec> {
  if (isFormulaGiven(given)) await loadParser();
  return readSpecSync(given);
}

/** Throws `not-ready` for a formula before `ready`. */
export const readSpecSync = (given: Spec): Spec =>
  isFormulaGiven(given) ? readFormula(given) : checkSpec(given as OpSpec);

export const isFormulaGiven = (given: unknown): given is FormulaSpec => reading("a spec", () => isFormula(given));
