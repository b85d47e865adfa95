/** Specs of the family from outside: read, checked, and spelled in one way, so that equal calls have one key. */
import { reading } from "../ir/errors.js";
import type { FamilySpec } from "../ir/ops/familySpec.js";
import { programWithin, withProgram } from "../ir/ops/specWithProgram.js";
import { checkFamily } from "./check.js";
import { familyProgram } from "./program.js";

/**
 * Reads the spec of a convolution of the family, and makes its program.
 * @throws TilewrightError `invalid-spec`, `invalid-shape`, `too-large`
 */
export const readFamily = (given: FamilySpec): FamilySpec =>
  programWithin(given) ? given : reading("a spec", () => familyFrom({ ...given }), "invalid-spec");

function familyFrom(given: Readonly<Record<string, unknown>>): FamilySpec {
  const { spec, convolution, isTransposed } = checkFamily(given);
  return withProgram(spec, familyProgram(spec, convolution, isTransposed));
}
