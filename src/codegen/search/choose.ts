/**
 * The choice of algorithm and schedule: each algorithm that fits the program's main stage, with the schedule that its cost model likes
 * best, and of those that take about the fewest cycles the most exact. Nothing is measured.
 */
import { accessOf, mainStage } from "../../ir/access.js";
import { fail, show } from "../../ir/errors.js";
import type { Program } from "../../ir/program.js";
import type { Algorithm, AlgorithmKind } from "../../ir/rewrites/rewrite.js";
import type { Target } from "../target.js";
import type { Approach, Candidate, Option } from "./approach.js";
import type { Sketch } from "./sketch.js";

/** `exact`: sums by definition, in whatever order. `fast`: by whatever algorithm, each within its stated bound. */
export type Accuracy = "exact" | "fast";

/** "auto" takes what is estimated to be fastest, "winograd" the fastest of Winograd's tiles. */
export type AlgorithmRequest = "auto" | "direct" | "winograd" | Algorithm;

export interface Wanted {
  /** What "auto" may choose from. Default "exact". */
  readonly accuracy?: Accuracy;
  /** Default "auto". */
  readonly algorithm?: AlgorithmRequest;
}

/** All that may be chosen from: a page that compiles loads no more of it than it wants. */
export interface Search {
  /** In order of preference on a tie; the last one reads any stage. */
  readonly sketches: readonly Sketch[];
  readonly approaches: readonly Approach[];
}

/** Of candidates that are estimated to be about as fast, the more exact is taken; it is also less code. */
const CLOSE = 1.05;

/** The algorithm for what is wanted; throws `invalid-argument` where the program has no such algorithm. */
export function choose(search: Search, program: Program, target: Target, wanted: Wanted): Candidate {
  const all = allCandidates(search, program, target, wanted);
  const [fastest] = all;
  if (!fastest) return refuse(program, wanted.algorithm ?? "auto");
  const close = all.filter(({ cycles }) => cycles <= CLOSE * fastest.cycles);
  return close.reduce((best, next) => (next.bound < best.bound ? next : best));
}

/** Every algorithm that fits, each with its best schedule; fewest cycles first. */
export function allCandidates(search: Search, program: Program, target: Target, wanted: Wanted): Candidate[] {
  const all = optionsOf(search, program, target, wanted).flatMap((option) => [...option.candidates("pick")]);
  return all.sort((a, b) => a.cycles - b.cycles);
}

/** Every option that is wanted and fits. */
export function optionsOf(search: Search, program: Program, target: Target, wanted: Wanted): Option[] {
  const { accuracy = "exact", algorithm = "auto" } = wanted;
  const isAllowed = ({ kind }: Approach): boolean =>
    algorithm === "auto" ? accuracy === "fast" || kind === "direct" : kind === kindOf(algorithm);
  const named = typeof algorithm === "string" ? undefined : algorithm;
  const subject = { sketches: search.sketches, program, access: accessOf(mainStage(program), program), target };
  return search.approaches.filter(isAllowed).flatMap((approach) => approach.options(subject, named));
}

const kindOf = (request: Exclude<AlgorithmRequest, "auto">): AlgorithmKind =>
  typeof request === "string" ? request : request.kind;

function refuse(program: Program, algorithm: AlgorithmRequest): never {
  const { factors, reduce } = accessOf(mainStage(program), program);
  if (typeof algorithm !== "string" && algorithm.kind === "direct") {
    const depth = reduce.findLast(({ role }) => role === "depth");
    const terms = depth ? `${depth.extent} terms along ${depth.name}` : "no terms";
    fail(
      "invalid-argument",
      `a sum of ${terms} has no ${algorithm.parts} parts, which are for GPUs and ${depth?.extent ?? 0} at most; use algorithm "auto"`,
    );
  }
  const shapes = factors.map(({ buffer, shape }) => `${buffer} ${show(shape)}`).join(" over ");
  return fail(
    "invalid-argument",
    `${show(algorithm)} has no tiles for ${shapes}: there is nothing to save, ` +
      `or numbers on the way would grow too large for float32; use algorithm "auto"`,
  );
}
