/** Specs of the family from outside: read, checked, and spelled in one way, so that equal calls have one key. */
import { fail, reading } from "../ir/errors.js";
import type { AnyLengthSpec, FamilySpec } from "../ir/ops/familySpec.js";
import { programWithin, withProgram } from "../ir/ops/specWithProgram.js";
import { checkFamily } from "./check.js";
import { chosenIn, type ReadAt, readChosen } from "./chosenSize.js";
import { familyProgram } from "./program.js";

/**
 * Reads the spec of a convolution of the family, and makes its program.
 * @throws TilewrightError `invalid-spec`, `invalid-shape`, `too-large`
 */
export const readFamily = (given: AnyLengthSpec | FamilySpec): AnyLengthSpec | FamilySpec =>
  programWithin(given) ? given : reading("a spec", () => familyFrom({ ...given }), "invalid-spec");

function familyFrom(given: Readonly<Record<string, unknown>>): AnyLengthSpec | FamilySpec {
  const chosen = chosenIn(given.value);
  if (!chosen) {
    const { spec, program } = readOne(given);
    return withProgram(spec, program);
  }
  if (given.outputShape !== undefined)
    fail("invalid-spec", "outputShape says one size, where calls choose it; leave outputShape out");
  const sizes = [...(given.value as readonly unknown[])];
  const at = (size: number) => readOne({ ...given, value: sizes.with(chosen.dimension, size) });
  const { spec, program, anyLength } = readChosen(chosen, at);
  return withProgram(spec, program, anyLength);
}

function readOne(given: Readonly<Record<string, unknown>>): ReadAt {
  const { spec, convolution, isTransposed } = checkFamily(given);
  const { layout, axes } = convolution;
  const image = "DHW".slice(-axes.length);
  const strides = [...layout].map((letter) => (isTransposed ? 1 : (axes[image.indexOf(letter)]?.stride ?? 1)));
  const reach = Math.max(...axes.map(({ kernel, dilation, stride }) => kernel * dilation + stride));
  return { spec, program: familyProgram(spec, convolution, isTransposed), layout, strides, reach };
}
