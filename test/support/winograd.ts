/** Winograd's algorithm in tests: specs with tiles that fit them, data whose arithmetic is exact, and the stated bound. */
import fc from "fast-check";
import { interpret, type Kernel } from "tilewright";
import type { Affine, Guard } from "../../src/ir/affine.js";
import { loadsOf } from "../../src/ir/expr.js";
import type { OpSpec } from "../../src/ir/ops/spec.js";
import { type Axis, elementCount, flatten, type Program, type Stage } from "../../src/ir/program.js";
import { type WinogradTile, winogradSizesOf } from "./algorithms.js";

export interface WinogradCase {
  readonly spec: OpSpec;
  readonly tile: WinogradTile;
}

const between = (min: number, max: number) => fc.integer({ min, max });

/** Specs without epilogue, down to one pixel, and tiles that they have. */
export const winogradCases: fc.Arbitrary<WinogradCase> = fc
  .record({
    op: fc.constantFrom("atrousConv2dTranspose" as const, "conv2d" as const),
    batch: fc.constantFrom(1, 1, 1, 2, 3),
    height: between(1, 9),
    width: between(1, 11),
    inputs: fc.oneof(between(1, 6), fc.constantFrom(4, 8)),
    outputs: fc.oneof(between(1, 9), fc.constantFrom(8, 16)),
    kernelHeight: between(1, 5),
    kernelWidth: between(1, 5),
    rate: between(1, 5),
    padding: fc.constantFrom("SAME" as const, "VALID" as const),
    tile: fc.tuple(between(1, 6), between(1, 6)),
  })
  .map(({ op, rate, padding, tile, ...s }): WinogradCase => {
    const grown = op === "conv2d" && padding === "VALID" ? rate : 0; // a forward VALID image must hold the kernel
    const [third, fourth] = op === "conv2d" ? [s.inputs, s.outputs] : [s.outputs, s.inputs];
    const [height, width] = [s.height + grown * (s.kernelHeight - 1), s.width + grown * (s.kernelWidth - 1)];
    const filters = [s.kernelHeight, s.kernelWidth, third, fourth] as const;
    return { spec: { op, value: [s.batch, height, width, s.inputs], filters, rate, padding }, tile };
  })
  .filter(({ spec, tile }) => winogradSizesOf(spec, tile) !== undefined);

/** The tile of a kernel, by what it says of itself. */
export function tileOf({ algorithm }: Kernel): WinogradTile {
  const [, rows, columns] = /^winograd F\((\d+)x(\d+), /.exec(algorithm) ?? [];
  if (rows === undefined) throw new Error(`${algorithm} has no tile`);
  return [Number(rows), Number(columns)];
}

/** Sum of |filters| of each output channel. */
export function filterSums({ op, filters: [, , third, fourth] }: OpSpec, filters: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(op === "conv2d" ? fourth : third);
  for (let i = 0; i < filters.length; i++) {
    const channel = op === "conv2d" ? i % fourth : Math.floor(i / fourth) % third;
    (sums[channel] as number) += Math.abs(filters[i] as number);
  }
  return sums;
}

export const largest = (values: ArrayLike<number>): number => {
  let max = 0;
  for (let i = 0; i < values.length; i++) max = Math.max(max, Math.abs(values[i] as number));
  return max;
};

/** Per output channel, how far the sums may be off. */
export function boundsOf(
  { spec, errorBound }: Pick<Kernel, "spec" | "errorBound">,
  value: ArrayLike<number>,
  filters: ArrayLike<number>,
): Float64Array {
  const scale = errorBound * largest(value);
  return filterSums(spec, filters).map((sum) => scale * sum);
}

/** The first result beyond its channel's bound, in words; of all of them the largest share of it that an error takes. */
export function beyond(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  bounds: ArrayLike<number>,
): { readonly wrong: string | undefined; readonly share: number } {
  if (actual.length !== expected.length) throw new Error(`${actual.length} elements instead of ${expected.length}`);
  let share = 0;
  for (let i = 0; i < actual.length; i++) {
    const bound = bounds[i % bounds.length] as number;
    const error = Math.abs((actual[i] as number) - (expected[i] as number));
    // Not `error > bound`: NaN must show too.
    if (!(error <= bound)) {
      return { wrong: `element ${i}: ${actual[i]} is not within ${bound} of ${expected[i]} (off by ${error})`, share };
    }
    if (bound > 0) share = Math.max(share, error / bound);
  }
  return { wrong: undefined, share };
}

/** Whether a kernel is within its bound of the definition, run in memory that is NaN wherever nothing is given. */
export function judge(kernel: Kernel, value: Float32Array, filters: Float32Array): ReturnType<typeof beyond> {
  new Float32Array(kernel.value.buffer).fill(Number.NaN);
  const weights = kernel.prepare(filters);
  kernel.output.fill(Number.NaN);
  const actual = kernel.runSync(value, weights, kernel.output);
  return beyond(actual, interpret(kernel.spec, value, filters), boundsOf(kernel, value, filters));
}

/** Numbers from 0 up to 1, the same for the same seed. */
function uniforms(seed: number): () => number {
  let state = (seed + 0x9e3779b9) >>> 0;
  return () => {
    // Mulberry32: neighbouring seeds must not give neighbouring numbers.
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normal(0, 1). */
export function normal(count: number, seed: number): Float32Array {
  const next = uniforms(seed);
  return Float32Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    return radius * Math.cos(2 * Math.PI * next());
  });
}

/** Of either sign and of sizes from 2^-20 to 2^20, all alike often. */
export function wide(count: number, seed: number): Float32Array {
  const next = uniforms(seed);
  return Float32Array.from({ length: count }, () => (next() < 0.5 ? -1 : 1) * 2 ** (40 * next() - 20));
}

/** Whole numbers in -4 .. 4, of which only some are not zero: at least one, and about `share` of them. */
export function sparse(count: number, share: number, seed: number): Float32Array {
  const next = uniforms(seed);
  const kept = Math.floor(next() * count);
  const numbers = [-4, -3, -2, -1, 1, 2, 3, 4];
  const pick = () => numbers[Math.floor(next() * numbers.length)] as number;
  return Float32Array.from({ length: count }, (_, i) => {
    const [number, isKept] = [pick(), next() < share];
    return isKept || i === kept ? number : 0;
  });
}

/** Where each axis of a list stands. */
type Place = readonly number[];

/** An affine form as a function of the place. */
function formOver(axes: readonly Axis[], { constant, terms }: Affine): (place: Place) => number {
  const factors = axes.map(({ name }) => terms[name] ?? 0);
  return (place) => {
    let value = constant;
    for (let i = 0; i < factors.length; i++) value += (factors[i] as number) * (place[i] as number);
    return value;
  };
}

/** Whether a guard holds at a place. */
function guardOver(axes: readonly Axis[], guard: Guard = []): (place: Place) => boolean {
  const forms = guard.map((form) => formOver(axes, form));
  return (place) => forms.every((form) => form(place) >= 0);
}

/** Visits every place from axis `first` on; those before it stay where they are. */
function sweep(axes: readonly Axis[], visit: (place: Place) => void, place = axes.map(() => 0), first = 0): void {
  const axis = axes[first];
  if (!axis) visit(place);
  for (let i = 0; axis && i < axis.extent; i++) {
    place[first] = i;
    sweep(axes, visit, place, first + 1);
  }
}

const shapeOf = ({ buffers }: Program, name: string): readonly number[] =>
  buffers.find((buffer) => buffer.name === name)?.shape ?? [];

/** How often a stage writes each element of its buffer; undefined where it writes outside. */
export function writesOf(program: Program, { space, where, output }: Stage): Uint32Array | undefined {
  const shape = shapeOf(program, output.buffer);
  const counts = new Uint32Array(elementCount(shape));
  const exists = guardOver(space, where);
  const offset = formOver(space, flatten(output.at, shape));
  let isInside = true;
  sweep(space, (place) => {
    if (!exists(place)) return;
    const i = offset(place);
    if (i in counts) (counts[i] as number)++;
    else isInside = false;
  });
  return isInside ? counts : undefined;
}

/** Significant bits of a float32. */
const BITS = 24;

interface Numbers {
  readonly data: Float64Array;
  /** For each of them, the exponent of the largest power of two that divides it. */
  readonly grains: Int16Array;
}

function numbersOf(data: Float64Array): Numbers {
  return { data, grains: Int16Array.from(data, grainOf) };
}

function grainOf(x: number): number {
  if (x === 0) return 1000; // anything divides it
  let exponent = 0;
  while (!Number.isInteger(x / 2 ** exponent)) exponent--;
  while (Number.isInteger(x / 2 ** (exponent + 1))) exponent++;
  return exponent;
}

/**
 * Whether float32 computes the program exactly, in whatever order it sums: of every sum all terms are multiples of one
 * power of two, and their magnitudes sum to at most 2^24 times as much; and every scaled sum is a number of float32 that the
 * rounded scale leads to as well.
 *
 * `round`: what becomes of a scaled sum. Float32 rounds away that its scale is a little off a third; float64 does not, and a sum
 * that should be zero then is not.
 */
export function isExact(
  program: Program,
  given: ReadonlyMap<string, ArrayLike<number>>,
  round: (value: number) => number = Math.fround,
): boolean {
  const arrays = new Map<string, Numbers>();
  for (const { name, shape, values } of program.buffers) {
    const data = values ?? given.get(name) ?? new Float64Array(elementCount(shape));
    arrays.set(name, numbersOf(Float64Array.from(data)));
  }
  return [...program.prepare, ...program.run].every((stage) => {
    const data = exactly(program, stage, arrays, round);
    if (data) arrays.set(stage.output.buffer, numbersOf(data));
    return data !== undefined;
  });
}

/** What a stage writes; undefined where some of it would round. */
function exactly(
  program: Program,
  stage: Stage,
  arrays: ReadonlyMap<string, Numbers>,
  round: (value: number) => number,
): Float64Array | undefined {
  const axes = [...stage.space, ...stage.reduce];
  const loads = loadsOf(stage.term).map(({ buffer, at }) => {
    const array = arrays.get(buffer) as Numbers;
    return { ...array, offset: formOver(axes, flatten(at, shapeOf(program, buffer))) };
  });
  const [scale] = loadsOf(stage.finish).map(({ buffer, at }) => {
    const offset = formOver(axes, flatten(at, shapeOf(program, buffer)));
    return (place: Place) => arrays.get(buffer)?.data[offset(place)] as number;
  });
  const [exists, isInside] = [guardOver(axes, stage.where), guardOver(axes, stage.domain)];
  const shape = shapeOf(program, stage.output.buffer);
  const [output, written] = [formOver(axes, flatten(stage.output.at, shape)), new Float64Array(elementCount(shape))];
  let isExact = true;
  const place = axes.map(() => 0);
  sweep(stage.space, (outer) => {
    outer.forEach((i, axis) => {
      place[axis] = i;
    });
    if (!isExact || !exists(place)) return;
    let [sum, magnitudes, grain] = [0, 0, 1000];
    const addTerm = (at: Place) => {
      if (!isInside(at)) return;
      let [term, exponent] = [1, 0];
      for (const { data, grains, offset } of loads) {
        const i = offset(at);
        term *= data[i] as number;
        exponent += grains[i] as number;
      }
      sum += term;
      magnitudes += Math.abs(term);
      if (term !== 0 && exponent < grain) grain = exponent;
    };
    sweep(axes, addTerm, place, outer.length);
    const result = scale ? scaled(sum, scale(place), round) : sum;
    isExact = magnitudes <= 2 ** (BITS + grain) && result !== undefined;
    written[output(place)] = result ?? 0;
  });
  return isExact ? written : undefined;
}

function scaled(sum: number, scale: number, round: (value: number) => number): number | undefined {
  const result = Math.fround(sum * scale);
  const isNumber = Math.abs(result - sum * scale) <= 2 ** -50 * Math.abs(result);
  return isNumber && round(sum * Math.fround(scale)) === result ? result : undefined;
}

/** The odd number that filters must be multiples of for all scales of a tile to lead to dyadic numbers. */
export function denominatorOf(spec: OpSpec, tile: WinogradTile): number {
  const sizes = winogradSizesOf(spec, tile);
  if (!sizes) throw new Error("a tile that does not fit");
  const axis = (scales: readonly number[]) => scales.map(oddDenominator).reduce(leastCommonMultiple, 1);
  return axis(sizes.y.scale) * axis(sizes.x.scale);
}

function oddDenominator(scale: number): number {
  for (let odd = 1; odd < 2 ** 24; odd += 2) {
    const dyadic = odd * scale;
    const rounded = Math.round(dyadic * 2 ** 20) / 2 ** 20;
    if (rounded > 0 && Math.abs(dyadic - rounded) <= 2 ** -50 * rounded) return odd;
  }
  throw new Error(`${scale} is no small fraction`);
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
