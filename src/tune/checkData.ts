/**
 * Data that tells right results from wrong ones. It is integers on a grid, so every sum is exact, and a single wrong
 * term changes a result by at least one step of the grid. The model's pick must agree with the definition at a sample
 * of points, and each candidate must agree with the model's pick at all points.
 */
import { termsOf } from "../ir/access.js";
import { type Affine, affine, subtract } from "../ir/affine.js";
import { loadsOf } from "../ir/expr.js";
import { interpretProgram } from "../ir/interpret.js";
import { type BufferDecl, elementCount, type Program, type Stage } from "../ir/program.js";
import { type Draw, drawsOf, gridOf, steepness } from "./checkGrid.js";

export type FloatsByName = ReadonlyMap<string, Float32Array>;

export interface CheckData {
  /** The inputs and weights, by name. */
  readonly given: FloatsByName;
  /** The largest difference from the right result that passes: a quarter of a step of the grid. */
  readonly tolerance: number;
}

export function checkData(program: Program): CheckData {
  const random = generator(1);
  const draws = drawsOf(program);
  const draw = ({ name, shape }: BufferDecl): readonly [string, Float32Array] => {
    const { most, unit } = draws.get(name) as Draw;
    const integer = () => unit * (Math.floor(random() * (2 * most + 1)) - most);
    return [name, Float32Array.from({ length: elementCount(shape) }, integer)];
  };
  const given = new Map(program.buffers.filter(({ name }) => draws.has(name)).map(draw));
  return { given, tolerance: (gridOf(program, draws) / 4) * steepness(program) };
}

/** Lehmer's generator of numbers in 0 .. 1, which is good enough for drawing small integers. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** The largest difference between two numbers at the same place; infinite if a number is missing. */
export function differenceOf(result: ArrayLike<number>, expected: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < expected.length; i++) {
    // A NaN or an infinity that is expected is no difference, such as the logarithm of a sum that is negative or 0.
    if (Object.is(result[i], expected[i])) continue;
    const difference = Math.abs((result[i] as number) - (expected[i] as number));
    if (!(difference <= most)) most = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return most;
}

type Computed = ReadonlyMap<string, ArrayLike<number>>;

/** The largest difference over all outputs. */
export const largestDifference = (results: Computed, expected: Computed): number =>
  Math.max(...[...expected].map(([name, one]) => differenceOf(results.get(name) ?? [], one)));

/** The largest difference of results from the definition, at the points of `sampled`. */
export function errorOf(program: Program, { given }: CheckData, results: Computed): number {
  const defined = interpretProgram(sampled(program), given);
  const outputs = program.buffers.filter(({ role }) => role === "output");
  const differences = outputs.map(({ name }) => {
    const all = defined.get(name) as Float64Array;
    const result = results.get(name) ?? [];
    // Fresh memory of the interpreter is NaN, and stays NaN at each point that is not computed.
    const places = [...all.keys()].filter((i) => !Number.isNaN(all[i]));
    const at = (array: ArrayLike<number>) => places.map((i) => array[i] as number);
    return differenceOf(at(result), at(all));
  });
  return Math.max(...differences);
}

/** Terms of a stage that are interpreted at most, which takes seconds, unless its sums are longer. */
const MOST_TERMS = 1e8;

/**
 * The program with fewer points, as interpreting all of them takes too long. An output that no stage reads keeps three
 * places along its last dimension: the first, the last, and one between. Where that is too much still, it keeps five
 * along others, the longest first.
 */
function sampled(program: Program): Program {
  const run = program.run.flatMap((stage) => {
    const { buffer } = stage.output;
    const { role, shape } = program.buffers.find(({ name }) => name === buffer) as BufferDecl;
    if (role !== "output" || isRead(program, buffer) || shape.length === 0) return [stage];
    const last = shape.length - 1;
    const others = [...shape.keys()].slice(0, -1).sort((a, b) => (shape[b] as number) - (shape[a] as number));
    let left = sampledAlong(stage, last, shape, [0, -1]);
    let terms = (termsOf(stage) * left.length) / (shape[last] as number);
    for (const dimension of others) {
      if (terms <= MOST_TERMS) break;
      const before = left.length;
      left = left.flatMap((one) => sampledAlong(one, dimension, shape, [0, 1, -2, -1]));
      terms *= left.length / before / (shape[dimension] as number);
    }
    return left;
  });
  return { ...program, run };
}

/** The stage once for each place along a dimension of its output: those at the ends, and one between. */
function sampledAlong(stage: Stage, dimension: number, shape: readonly number[], ends: readonly number[]): Stage[] {
  const [at, count] = [stage.output.at[dimension] as Affine, shape[dimension] as number];
  const places = new Set([...ends.map((end) => (end < 0 ? count + end : end)), Math.floor(count / 3)]);
  return [...places]
    .filter((place) => place >= 0 && place < count)
    .map((place) => {
      const only = [subtract(at, place), subtract(affine(place), at)];
      return { ...stage, where: [...(stage.where ?? []), ...only] };
    });
}

const isRead = ({ run }: Program, buffer: string): boolean =>
  run.some((stage) => readsOf(stage).some((read) => read.buffer === buffer));

const readsOf = ({ term, finish }: Stage) => [...loadsOf(term), ...loadsOf(finish)];
