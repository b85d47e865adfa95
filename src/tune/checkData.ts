/**
 * Data that tells right from wrong: integers on a grid, so that every sum is exact and a single wrong term shows as a step of it.
 * The model's pick is held to the definition, and each candidate to all of what that one computes.
 */
import { interpretProgram } from "../ir/interpret.js";
import { programOf } from "../ir/ops/index.js";
import { geometryOf, type OpSpec } from "../ir/ops/spec.js";
import { elementCount } from "../ir/program.js";

export interface CheckData {
  readonly value: Float32Array;
  readonly filters: Float32Array;
  readonly bias: Float32Array | undefined;
  /** How far a result may be from the right one: a quarter of a step. */
  readonly tolerance: number;
}

/** A typical sum: activations are then used on both sides of their bends. */
const TYPICAL = 2;

export function checkData(spec: OpSpec): CheckData {
  const { inputChannels, outputChannels, y, x } = geometryOf(spec);
  const random = generator(1);
  const integers = (count: number, most: number, unit: number) =>
    Float32Array.from({ length: count }, () => unit * (Math.floor(random() * (2 * most + 1)) - most));
  // Mean squares of what is drawn below: 2 of values, 2/3 of filters.
  const spread = Math.sqrt((4 / 3) * Math.max(1, inputChannels * y.kernel * x.kernel));
  const unit = 2 ** Math.min(0, Math.round(Math.log2(TYPICAL / spread)));
  return {
    value: integers(elementCount(spec.value), 2, 1),
    filters: integers(elementCount(spec.filters), 1, unit),
    bias: spec.bias ? integers(outputChannels, 3, unit) : undefined,
    tolerance: (unit / 4) * steepness(spec),
  };
}

/** By how much an activation can spread a difference. */
function steepness({ activation }: OpSpec): number {
  const isLeaky = typeof activation === "object" && activation.kind === "leakyRelu";
  return isLeaky ? Math.max(1, Math.abs(activation.alpha)) : 1;
}

/** Lehmer's, which is enough to draw small integers from. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** The largest difference; infinite where a number is missing. */
export function differenceOf(result: ArrayLike<number>, expected: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((result[i] as number) - (expected[i] as number));
    if (!(difference <= most)) most = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return most;
}

/** How far a result is from the definition, in the first channel, the last, and one between: all of them take too long. */
export function errorOf(spec: OpSpec, data: CheckData, output: Float32Array): number {
  const { outputChannels } = geometryOf(spec);
  const channels = [...new Set([0, Math.floor(outputChannels / 3), outputChannels - 1])].filter((one) => one >= 0);
  const expected = define(spec, data, channels);
  const at = (place: number, channel: number) => output[place * outputChannels + channel] as number;
  const some = expected.map((_, i) => at(Math.floor(i / channels.length), channels[i % channels.length] as number));
  return differenceOf(some, expected);
}

/** These output channels by definition. */
function define(spec: OpSpec, { value, filters, bias }: CheckData, channels: readonly number[]): Float64Array {
  const [rows, columns, third, fourth] = spec.filters;
  const isLast = spec.op === "conv2d";
  const [inputs, outputs] = isLast ? [third, fourth] : [fourth, third];
  const indexOf = (tap: number, input: number, output: number, count: number) =>
    isLast ? (tap * inputs + input) * count + output : (tap * count + output) * inputs + input;
  const some = new Float32Array(rows * columns * inputs * channels.length);
  for (let tap = 0; tap < rows * columns; tap++)
    for (let input = 0; input < inputs; input++)
      for (const [i, channel] of channels.entries())
        some[indexOf(tap, input, i, channels.length)] = filters[indexOf(tap, input, channel, outputs)] as number;
  const sizes = isLast ? ([inputs, channels.length] as const) : ([channels.length, inputs] as const);
  const given = new Map<string, ArrayLike<number>>([
    ["value", value],
    ["filters", some],
    ...(bias ? [["bias", channels.map((channel) => bias[channel] as number)] as const] : []),
  ]);
  const program = programOf({ ...spec, filters: [rows, columns, ...sizes] });
  return interpretProgram(program, given).get("output") as Float64Array;
}
