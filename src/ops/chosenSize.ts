/** Sizes that each call chooses: found in a spec and checked, and the programs of all lengths read as one. */
import { type AnyLength, programAt } from "../ir/anyLength.js";
import { fail, show, TilewrightError } from "../ir/errors.js";
import { isInteger } from "../ir/integers.js";
import type { AnyLengthSpec, ChosenSize, FamilySpec } from "../ir/ops/familySpec.js";
import { elementCount, type Program } from "../ir/program.js";
import { inCommon } from "./inCommon.js";

const refuse = (why: string): never => fail("invalid-spec", why);

/** The size that calls choose, and its dimension. */
export interface Chosen extends Required<ChosenSize> {
  readonly dimension: number;
}

/** The dimension whose size is no number. Throws `invalid-spec`. */
export function chosenIn(value: unknown): Chosen | undefined {
  if (!Array.isArray(value)) return undefined;
  const dimension = value.findIndex((size) => typeof size === "object" && size !== null);
  if (dimension < 0) return undefined;
  const { max, multiple = 1, ...more }: Readonly<Record<string, unknown>> = { ...value[dimension] };
  const [strange] = Object.keys(more);
  if (strange !== undefined) refuse(`a size that calls choose has max and multiple, and no ${show(strange)}`);
  if (!isInteger(max, 1) || !isInteger(multiple, 1) || max % multiple !== 0) {
    const legal = "{ max, multiple } with integers >= 1, where multiple divides max";
    return refuse(`a size that calls choose is ${legal}; got ${show(value[dimension])}`);
  }
  if (value.some((size, i) => i !== dimension && typeof size === "object")) {
    refuse(`calls choose one size of value; got ${show(value)}. Make a spec for each size of the others`);
  }
  return { max, multiple, dimension };
}

/** A legal reading of the spec at one length. */
export interface ReadAt {
  readonly spec: FamilySpec;
  readonly program: Program;
  /** The letters of the dimensions of value, as in `layout`. */
  readonly layout: string;
  /** For each dimension of value: the output grows evenly with multiples of this. */
  readonly strides: readonly number[];
  /** The elements of a dimension that taps span at most. */
  readonly reach: number;
}

/**
 * The spec of all lengths, its program at the longest, and what all have in common.
 * @param at the spec at one length; throws if that has no meaning
 */
export function readChosen(chosen: Chosen, at: (size: number) => ReadAt) {
  const { max, multiple, dimension } = chosen;
  const most = max / multiple;
  const longest = at(max);
  checkChosen(chosen, longest);
  if (!hasElements(longest.program)) refuse(`no size up to ${max} gives an output; make max larger`);
  const programOf = (units: number): Program | undefined => {
    if (units === most) return longest.program;
    try {
      const { program } = at(units * multiple);
      return hasElements(program) ? program : undefined;
    } catch (error) {
      if (error instanceof TilewrightError && error.code !== "internal") return undefined;
      throw error;
    }
  };
  const long = Math.max(1, most - 2, Math.ceil((2 * longest.reach) / multiple));
  const from = (long: number) => inCommon({ at: programOf, most, long });
  // A derivation takes another form from some length on. If it does so between these three, it does not after them.
  const anyLength = from(long) ?? from(long + 3);
  if (!anyLength) {
    const value = show(longest.spec.value);
    return refuse(`the programs of value ${value} and of other sizes differ in more than these; make a spec for each`);
  }
  checkLayout(anyLength);
  const size: ChosenSize = Object.freeze(multiple === 1 ? { max } : { max, multiple });
  const { outputShape: _, ...spec } = longest.spec;
  const value = Object.freeze((longest.spec.value as readonly (number | ChosenSize)[]).with(dimension, size));
  const whole: AnyLengthSpec = { ...spec, value };
  return { spec: whole, program: programAt(anyLength.program, most), anyLength };
}

const hasElements = ({ buffers }: Program): boolean => buffers.every(({ shape }) => elementCount(shape) > 0);

function checkChosen({ multiple, dimension }: Chosen, { layout, strides }: ReadAt): void {
  const letter = layout[dimension];
  if (letter === "C") refuse(`calls choose a size of the image, or the batch; the channels of value are for the spec`);
  const stride = strides[dimension] as number;
  if (multiple % stride !== 0) {
    const remedy = `say { max, multiple: ${stride} }, or a multiple of that`;
    refuse(`with stride ${stride}, sizes along ${letter} that calls choose must be multiples of it; ${remedy}`);
  }
}

/** Elements lie at the same places whatever the length is, if none of them has a dimension of that length behind it. */
function checkLayout({ program }: AnyLength): void {
  for (const { name, shape, length } of program.buffers) {
    const before = length ? shape.slice(0, length.dimension) : [];
    if (before.every((size) => size === 1)) continue;
    refuse(
      "dimensions before the one that calls choose must have one element, so that all lengths lie alike in memory; " +
        `${name} has ${show(before)} there. Take channels last and a batch of 1, or make a spec for each length`,
    );
  }
}
