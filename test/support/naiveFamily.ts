/**
 * Random members of the convolution family, and a naive evaluation of each in float64: loops over all outputs and taps, by
 * the formula of the family and nothing of the library.
 */
import fc from "fast-check";
import type { FamilySpec } from "tilewright";

export interface NaiveAxis {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
  /** Transposed: rows that are added at the end. */
  readonly more: number;
}

/** A case in plain words, from which both the spec and the expected result follow. */
export interface NaiveCase {
  readonly kind: "forward" | "transposed" | "depthwise";
  readonly batch: number;
  readonly groups: number;
  /** Channels of a group. */
  readonly inputs: number;
  readonly outputs: number;
  readonly axes: readonly NaiveAxis[];
  readonly bias: boolean;
  readonly layout: number;
  readonly filterLayout: number;
}

const effective = ({ kernel, dilation }: NaiveAxis): number => (kernel - 1) * dilation + 1;

const outputOf = (axis: NaiveAxis, isTransposed: boolean): number =>
  isTransposed
    ? (axis.size - 1) * axis.stride + effective(axis) - axis.before - axis.after + axis.more
    : Math.floor((axis.size + axis.before + axis.after - effective(axis)) / axis.stride) + 1;

const axes: fc.Arbitrary<NaiveAxis> = fc
  .record({
    size: fc.integer({ min: 1, max: 6 }),
    kernel: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: 3 }),
    before: fc.integer({ min: 0, max: 3 }),
    after: fc.integer({ min: 0, max: 3 }),
    more: fc.integer({ min: 0, max: 2 }),
  })
  .map((axis) => ({ ...axis, more: Math.min(axis.more, Math.max(axis.stride, axis.dilation) - 1) }));

export const naiveCases: fc.Arbitrary<NaiveCase> = fc
  .record({
    kind: fc.constantFrom("forward" as const, "transposed" as const, "transposed" as const, "depthwise" as const),
    batch: fc.integer({ min: 1, max: 2 }),
    groups: fc.integer({ min: 1, max: 3 }),
    inputs: fc.integer({ min: 1, max: 3 }),
    outputs: fc.integer({ min: 1, max: 5 }),
    axes: fc.array(axes, { minLength: 1, maxLength: 3 }),
    bias: fc.boolean(),
    layout: fc.nat(1),
    filterLayout: fc.nat(5),
  })
  .map((one) =>
    one.kind === "depthwise" ? { ...one, inputs: 1, axes: [one.axes[0], one.axes.at(-1)] as NaiveAxis[] } : one,
  )
  .filter(({ kind, axes }) => axes.every((axis) => outputOf(axis, kind === "transposed") >= 1));

/** Transposed convolutions of few outputs and large strides, whose phases are many or lie apart. */
export const thinCases: fc.Arbitrary<NaiveCase> = fc
  .record({
    kind: fc.constant("transposed" as const),
    batch: fc.integer({ min: 1, max: 2 }),
    groups: fc.constantFrom(1, 1, 1, 2, 5),
    inputs: fc.constantFrom(1, 3, 4, 8),
    outputs: fc.integer({ min: 1, max: 5 }),
    axes: fc.oneof(fc.tuple(thinAxes(9)), fc.tuple(thinAxes(2), thinAxes(3)), fc.tuple(thinAxes(4), thinAxes(1))),
    bias: fc.boolean(),
    layout: fc.nat(1),
    filterLayout: fc.nat(5),
  })
  .filter(({ axes }) => axes.every((axis) => outputOf(axis, true) >= 1));

function thinAxes(mostStride: number): fc.Arbitrary<NaiveAxis> {
  const extents = { size: fc.integer({ min: 1, max: 9 }), stride: fc.integer({ min: 1, max: mostStride }) };
  return fc.record(extents).chain(({ size, stride }) =>
    fc.record({
      ...{ size: fc.constant(size), stride: fc.constant(stride), dilation: fc.constantFrom(1, 1, 1, 2, 3) },
      kernel: fc.integer({ min: 1, max: 2 * stride + 2 }),
      before: fc.integer({ min: 0, max: stride }),
      after: fc.integer({ min: 0, max: stride }),
      more: fc.integer({ min: 0, max: stride - 1 }),
    }),
  );
}

const lettersOf = ({ axes }: NaiveCase): string => "DHW".slice(-axes.length);

const layoutOf = (one: NaiveCase): string => [`N${lettersOf(one)}C`, `NC${lettersOf(one)}`][one.layout] as string;

function filterLayoutOf(one: NaiveCase): string {
  const taps = lettersOf(one).toLowerCase();
  if (one.kind === "depthwise") return `${taps}cm`;
  return [`${taps}io`, `${taps}oi`, `io${taps}`, `oi${taps}`, `i${taps}o`, `o${taps}i`][one.filterLayout] as string;
}

/** The sizes of the dimensions, by letter. */
function sizesOf(one: NaiveCase): { value: Sizes; filters: Sizes; output: Sizes } {
  const { kind, batch, groups, inputs, outputs } = one;
  const by = (f: (axis: NaiveAxis) => number) =>
    Object.fromEntries(one.axes.map((axis, i) => [lettersOf(one)[i], f(axis)]));
  const taps = Object.fromEntries(one.axes.map(({ kernel }, i) => [lettersOf(one).toLowerCase()[i], kernel]));
  const channels = kind === "transposed" ? { i: groups * inputs, o: outputs } : { i: inputs, o: groups * outputs };
  return {
    value: { N: batch, C: groups * inputs, ...by(({ size }) => size) },
    filters: { ...taps, ...(kind === "depthwise" ? { c: groups, m: outputs } : channels) },
    output: { N: batch, C: groups * outputs, ...by((axis) => outputOf(axis, kind === "transposed")) },
  };
}

type Sizes = Readonly<Record<string, number>>;

const shapeIn = (layout: string, sizes: Sizes): number[] => [...layout].map((letter) => sizes[letter] as number);

const offsetIn = (layout: string, sizes: Sizes, at: Sizes): number =>
  [...layout].reduce((offset, letter) => offset * (sizes[letter] as number) + (at[letter] as number), 0);

export function specOfCase(one: NaiveCase): FamilySpec {
  const { kind, axes, groups, bias } = one;
  const sizes = sizesOf(one);
  const layout = layoutOf(one);
  const filterLayout = filterLayoutOf(one);
  const rest =
    kind === "depthwise"
      ? {}
      : { groups, filterLayout, ...(kind === "transposed" ? { outputPadding: axes.map(({ more }) => more) } : {}) };
  return {
    op: kind === "depthwise" ? "depthwiseConv2d" : `conv${axes.length}d${kind === "transposed" ? "Transpose" : ""}`,
    convention: kind === "depthwise" ? "tensorflow" : "onnx",
    ...{ layout, bias },
    value: shapeIn(layout, sizes.value),
    filters: shapeIn(filterLayout, sizes.filters),
    strides: axes.map(({ stride }) => stride),
    dilations: axes.map(({ dilation }) => dilation),
    padding: axes.map(({ before, after }) => [before, after]),
    ...rest,
  } as FamilySpec;
}

/** All points of a box. */
function* points(sizes: readonly number[]): Generator<readonly number[]> {
  const [first, ...rest] = sizes;
  if (first === undefined) return yield [];
  for (let i = 0; i < first; i++) for (const more of points(rest)) yield [i, ...more];
}

/** The place along one axis that an output and a tap read; undefined if there is none. */
function placeOf({ size, stride, dilation, before }: NaiveAxis, isTransposed: boolean, y: number, k: number) {
  const place = isTransposed ? (y + before - k * dilation) / stride : y * stride + k * dilation - before;
  return Number.isInteger(place) && place >= 0 && place < size ? place : undefined;
}

export interface NaiveData {
  readonly value: ArrayLike<number>;
  readonly filters: ArrayLike<number>;
  readonly bias?: ArrayLike<number>;
}

export function naiveOutput(one: NaiveCase, { value, filters, bias }: NaiveData): Float64Array {
  const { kind, axes, batch, groups, inputs, outputs } = one;
  const isTransposed = kind === "transposed";
  const sizes = sizesOf(one);
  const [layout, filterLayout, letters] = [layoutOf(one), filterLayoutOf(one), lettersOf(one)];
  const image = [...letters].map((letter) => sizes.output[letter] as number);
  const named = (all: readonly number[], lower = false): Sizes =>
    Object.fromEntries(all.map((at, i) => [lower ? letters.toLowerCase()[i] : letters[i], at]));
  const result = new Float64Array(shapeIn(layout, sizes.output).reduce((a, b) => a * b, 1));
  for (const [n = 0, g = 0, o = 0, ...at] of points([batch, groups, outputs, ...image])) {
    let sum = bias?.[g * outputs + o] ?? 0;
    for (const [i = 0, ...tap] of points([inputs, ...axes.map(({ kernel }) => kernel)])) {
      const places = axes.map((axis, a) => placeOf(axis, isTransposed, at[a] as number, tap[a] as number));
      if (places.includes(undefined)) continue;
      const [into, from] = isTransposed ? [o, g * inputs + i] : [g * outputs + o, i];
      const channel = kind === "depthwise" ? { c: g, m: o } : { i: from, o: into };
      const read = { N: n, C: g * inputs + i, ...named(places as number[]) };
      const factor = filters[offsetIn(filterLayout, sizes.filters, { ...channel, ...named(tap, true) })] as number;
      sum += (value[offsetIn(layout, sizes.value, read)] as number) * factor;
    }
    result[offsetIn(layout, sizes.output, { N: n, C: g * outputs + o, ...named(at) })] = sum;
  }
  return result;
}
