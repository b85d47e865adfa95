/**
 * The choice of algorithm: each one that fits the spec, with the schedule that its cost model likes best, and of those that take
 * about the fewest cycles the most exact. Nothing is measured.
 */
import { fail, show } from "../../ir/errors.js";
import { errorBound } from "../../ir/ops/errorBound.js";
import { type Algorithm, DIRECT, programOf, type WinogradTile, winogradSizesOf } from "../../ir/ops/index.js";
import { geometryOf, type OpSpec } from "../../ir/ops/spec.js";
import type { Program } from "../../ir/program.js";
import type { Schedule } from "../schedule.js";
import type { Target } from "../target.js";
import { gpuWinograd } from "./gpuWinograd.js";
import { sketchDirect } from "./heuristics.js";
import { bestBlock } from "./winogradCost.js";
import { winogradDirectives } from "./winogradSketch.js";

/** `exact`: sums by definition, in whatever order. `fast`: any algorithm, each within its stated bound. */
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
  plan(): { readonly program: Program; readonly schedule: Schedule };
}

/** The algorithm for what is wanted; throws `invalid-argument` where the spec has no such algorithm. */
export function chooseAlgorithm(spec: OpSpec, target: Target, wanted: Wanted): Candidate {
  const { accuracy = "exact", algorithm = "auto" } = wanted;
  if (algorithm === "direct" || (algorithm === "auto" && accuracy === "exact")) return bestDirect(spec, target);
  if (typeof algorithm !== "string") return candidateOf(spec, algorithm, target) ?? refuse(spec, algorithm);
  const all = candidates(spec, target);
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
export function candidates(spec: OpSpec, target: Target): Candidate[] {
  const winograd = winogradTiles(spec).flatMap((tile) => candidateOf(spec, { kind: "winograd", tile }, target) ?? []);
  return [bestDirect(spec, target), ...winograd].sort((a, b) => a.cycles - b.cycles);
}

const MAX_OUTPUTS = 6;

/** Sizes of tiles that save multiplications: along an axis of one tap there are none to save. */
function winogradTiles({ filters: [rows, columns] }: OpSpec): WinogradTile[] {
  const sizes = (taps: number) => (taps === 1 ? [1] : Array.from({ length: MAX_OUTPUTS - 1 }, (_, i) => i + 2));
  const all = sizes(rows).flatMap((m) => sizes(columns).map((n): WinogradTile => [m, n]));
  return rows * columns === 1 ? [] : all;
}

const MAX_PARTS = 16;

/** On a GPU, in as many parts as are estimated to keep it busy. */
function bestDirect(spec: OpSpec, target: Target): Candidate {
  const whole = direct(spec, DIRECT, target);
  if (!target.workgroups) return whole;
  const { inputChannels } = geometryOf(spec);
  const parts = [];
  for (let count = 2; count <= Math.min(MAX_PARTS, inputChannels / LEAST_OF_PART); count *= 2) parts.push(count);
  return parts
    .map((count) => direct(spec, { kind: "direct", parts: count }, target))
    .reduce((best, next) => (next.cycles < best.cycles ? next : best), whole);
}

/** Input channels of a part, at least: fewer are no longer copied in whole vectors. */
const LEAST_OF_PART = 16;

function direct(spec: OpSpec, algorithm: Algorithm, target: Target): Candidate {
  const program = programOf(spec, algorithm);
  const { schedule, cycles } = sketchDirect(program, target);
  return { algorithm, cycles, plan: () => ({ program, schedule }) };
}

const fitsParts = (spec: OpSpec, { parts = 1 }: { readonly parts?: number }, { workgroups }: Target): boolean =>
  parts === 1 ||
  (workgroups !== null && Number.isSafeInteger(parts) && parts > 1 && parts <= geometryOf(spec).inputChannels);

function candidateOf(spec: OpSpec, algorithm: Algorithm, target: Target): Candidate | undefined {
  if (algorithm.kind === "direct")
    return fitsParts(spec, algorithm, target) ? direct(spec, algorithm, target) : undefined;
  const sizes = winogradSizesOf(spec, algorithm.tile);
  if (!sizes) return undefined;
  if (target.workgroups) {
    const program = programOf(spec, algorithm);
    const { schedule, cycles } = gpuWinograd(program, target);
    return { algorithm, cycles, plan: () => ({ program, schedule }) };
  }
  const { block, cycles } = bestBlock(spec, sizes, target);
  const plan = () => {
    const program = programOf(spec, algorithm);
    return { program, schedule: winogradDirectives(program, block, target) };
  };
  return { algorithm, cycles, plan };
}
