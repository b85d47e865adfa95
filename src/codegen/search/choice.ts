/**
 * The choice of algorithm: each one that fits the spec, with the schedule that its cost model likes best, and of those that take
 * about the fewest cycles the most exact. Nothing is measured.
 */
import { fail, show } from "../../ir/errors.js";
import { errorBound } from "../../ir/ops/errorBound.js";
import {
  type Algorithm,
  DIRECT,
  programOf,
  type WinogradSizes,
  type WinogradTile,
  winogradSizesOf,
} from "../../ir/ops/index.js";
import { geometryOf, type OpSpec } from "../../ir/ops/spec.js";
import type { Program } from "../../ir/program.js";
import type { Schedule } from "../schedule.js";
import type { Target } from "../target.js";
import type { Knobs, SketchedProgram } from "./sketched.js";

/** `exact`: sums by definition, in whatever order. `fast`: by whatever algorithm, each within its stated bound. */
export type Accuracy = "exact" | "fast";

/** "auto" takes what is estimated to be fastest, "winograd" that of Winograd's. */
export type AlgorithmRequest = "auto" | "direct" | "winograd" | Algorithm;

export interface Wanted {
  /** What "auto" may choose from. Default "exact". */
  readonly accuracy?: Accuracy;
  /** Default "auto". */
  readonly algorithm?: AlgorithmRequest;
}

export interface Candidate {
  readonly algorithm: Algorithm;
  /** Cycles of one core per call, estimated; without vectors, instructions. */
  readonly cycles: number;
  /** Of the sketch, which with the algorithm tell what `plan` gives. */
  readonly knobs: Knobs;
  plan(): { readonly program: Program; readonly schedule: Schedule };
}

/** What an algorithm comes to on a kind of target. */
export interface Sketches {
  direct(program: Program, target: Target): SketchedProgram;
  /** Undefined where nobody asks for it, and who compiles on a page does without. */
  readonly winograd?: ((sizes: WinogradSizes, spec: OpSpec, algorithm: Algorithm, target: Target) => Plan) | undefined;
}

export type Plan = Omit<Candidate, "algorithm">;

/** The algorithm for what is wanted; throws `invalid-argument` where the spec has no such algorithm. */
export function choose(sketches: Sketches, spec: OpSpec, target: Target, wanted: Wanted): Candidate {
  const { accuracy = "exact", algorithm = "auto" } = wanted;
  if (algorithm === "direct" || (algorithm === "auto" && accuracy === "exact"))
    return bestDirect(sketches, spec, target);
  if (typeof algorithm !== "string") return candidateOf(sketches, spec, algorithm, target) ?? refuse(spec, algorithm);
  const all = candidatesOf(sketches, spec, target);
  const allowed = algorithm === "auto" ? all : all.filter((candidate) => candidate.algorithm.kind === "winograd");
  const boundOf = (candidate: Candidate) => errorBound(spec, candidate.algorithm);
  const [fastest] = allowed;
  if (!fastest) return refuse(spec, algorithm);
  const close = allowed.filter(({ cycles }) => cycles <= CLOSE * fastest.cycles);
  return close.reduce((best, next) => (boundOf(next) < boundOf(best) ? next : best));
}

/** Of what is estimated to be about as fast, what is more exact is taken; it is also less code. */
const CLOSE = 1.05;

function refuse(spec: OpSpec, algorithm: AlgorithmRequest): never {
  if (typeof algorithm !== "string" && algorithm.kind === "direct") {
    const { inputChannels } = geometryOf(spec);
    fail(
      "invalid-argument",
      `a sum over ${inputChannels} input channels has no ${algorithm.parts} parts, which are for GPUs and ${inputChannels} at most; use algorithm "auto"`,
    );
  }
  return fail(
    "invalid-argument",
    `${show(algorithm)} has no tiles for filters ${show(spec.filters)} over ${show(spec.value)}: there is nothing to save, ` +
      `or numbers on the way would grow too large for float32; use algorithm "auto"`,
  );
}

/** Every algorithm that fits, fewest cycles first. */
export function candidatesOf(sketches: Sketches, spec: OpSpec, target: Target): Candidate[] {
  const winograd = winogradTiles(spec).flatMap(
    (tile) => candidateOf(sketches, spec, { kind: "winograd", tile }, target) ?? [],
  );
  return [bestDirect(sketches, spec, target), ...winograd].sort((a, b) => a.cycles - b.cycles);
}

const MAX_OUTPUTS = 6;

/** Sizes of tiles that save multiplications: along an axis of which one tap meets the image there are none to save. */
export function winogradTiles(spec: OpSpec): WinogradTile[] {
  const sizes = winogradSizesOf(spec, [1, 1]);
  if (!sizes || sizes.y.taps * sizes.x.taps === 1) return [];
  const along = ({ taps }: { readonly taps: number }) =>
    taps === 1 ? [1] : Array.from({ length: MAX_OUTPUTS - 1 }, (_, i) => i + 2);
  return along(sizes.y).flatMap((m) => along(sizes.x).map((n): WinogradTile => [m, n]));
}

const MAX_PARTS = 16;

/** On a GPU, in as many parts as are estimated to keep it busy. */
function bestDirect(sketches: Sketches, spec: OpSpec, target: Target): Candidate {
  const whole = direct(sketches, spec, DIRECT, target);
  return partsOf(spec, target)
    .map((count) => direct(sketches, spec, { kind: "direct", parts: count }, target))
    .reduce((best, next) => (next.cycles < best.cycles ? next : best), whole);
}

/** In how many parts sums may be computed on this target, beside one. */
export function partsOf(spec: OpSpec, { workgroups }: Target): number[] {
  const { inputChannels } = geometryOf(spec);
  const most = workgroups ? Math.min(MAX_PARTS, inputChannels / LEAST_OF_PART) : 1;
  const parts = [];
  for (let count = 2; count <= most; count *= 2) parts.push(count);
  return parts;
}

/** Input channels of a part, at least: fewer are no longer copied in whole vectors. */
const LEAST_OF_PART = 16;

function direct(sketches: Sketches, spec: OpSpec, algorithm: Algorithm, target: Target): Candidate {
  const program = programOf(spec, algorithm);
  const { schedule, ...sketched } = sketches.direct(program, target);
  return { algorithm, ...sketched, plan: () => ({ program, schedule }) };
}

export const fitsParts = (spec: OpSpec, { parts = 1 }: { readonly parts?: number }, { workgroups }: Target): boolean =>
  parts === 1 ||
  (workgroups !== null && Number.isSafeInteger(parts) && parts > 1 && parts <= geometryOf(spec).inputChannels);

function candidateOf(sketches: Sketches, spec: OpSpec, algorithm: Algorithm, target: Target): Candidate | undefined {
  if (algorithm.kind === "direct")
    return fitsParts(spec, algorithm, target) ? direct(sketches, spec, algorithm, target) : undefined;
  const sizes = winogradSizesOf(spec, algorithm.tile);
  const plan = sizes && sketches.winograd?.(sizes, spec, algorithm, target);
  return plan && { algorithm, ...plan };
}
