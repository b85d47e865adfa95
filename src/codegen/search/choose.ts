/**
 * The choice of algorithm and schedule: each algorithm that fits the program's main stage, with the schedule that its cost model likes
 * best, and of those that take about the fewest cycles the most exact. Nothing is measured.
 */
import { type Access, accessOf, mainStage } from "../../ir/access.js";
import { fail, show } from "../../ir/errors.js";
import type { Program } from "../../ir/program.js";
import type { Algorithm, AlgorithmKind, AlgorithmOf, Rewrite } from "../../ir/rewrites/rewrite.js";
import type { Schedule } from "../schedule.js";
import type { Target } from "../target.js";
import type { Knobs, Sketch } from "./sketch.js";
import { type Breadth, type ProgramPoint, programPoints } from "./stagePoints.js";

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

/** An algorithm and how it is scheduled. */
export interface Approach<K extends AlgorithmKind = AlgorithmKind> {
  readonly rewrite: Rewrite<K>;
  /** Schedules of the rewritten program. `access`: of the main stage before. Default: stage by stage. */
  points?(
    search: Search,
    program: Program,
    access: Access,
    option: AlgorithmOf<K>,
    target: Target,
    extent: Breadth,
  ): Iterable<ProgramPoint>;
}

/** All that may be chosen from: a page that compiles loads no more of it than it wants. */
export interface Search {
  /** In order of preference on a tie; the last one reads any stage. */
  readonly sketches: readonly Sketch[];
  // biome-ignore lint/suspicious/noExplicitAny: each approach meets only the options of its own rewrite.
  readonly approaches: readonly Approach<any>[];
}

/** What is compiled: everything below this takes the program from here and asks no spec. */
export interface Plan {
  readonly algorithm: Algorithm;
  readonly program: Program;
  readonly schedule: Schedule;
  /** See `Rewrite`: how the sums are computed, in words, and how far they may be off. */
  readonly described: string;
  readonly bound: number;
}

export interface Candidate {
  readonly algorithm: Algorithm;
  /** Cycles of one core per call, estimated; without vectors, instructions. */
  readonly cycles: number;
  /** With the algorithm they tell what `plan` gives. */
  readonly knobs: Knobs;
  /** See `Rewrite`. */
  readonly bound: number;
  plan(): Plan;
}

/** Of candidates that are estimated to be about as fast, the more exact is taken; it is also less code. */
const CLOSE = 1.05;

/** The algorithm for what is wanted; throws `invalid-argument` where the program has no such algorithm. */
export function choose(search: Search, program: Program, target: Target, wanted: Wanted): Candidate {
  const all = optionsOf(search, program, target, wanted).flatMap((one) => [...candidatesOf(one, "pick")]);
  all.sort((a, b) => a.cycles - b.cycles);
  const [fastest] = all;
  if (!fastest) return refuse(program, wanted.algorithm ?? "auto");
  // Parts of a sum are as exact as the whole.
  const close = all.filter(({ cycles }) => cycles <= CLOSE * fastest.cycles);
  return close.reduce((best, next) => (next.bound < best.bound ? next : best));
}

/** Every algorithm that fits, with its best schedule; fewest cycles first. */
export function allCandidates(search: Search, program: Program, target: Target, wanted: Wanted): Candidate[] {
  const all = optionsOf(search, program, target, wanted).flatMap((one) => [...candidatesOf(one, "pick")]);
  return all.sort((a, b) => a.cycles - b.cycles);
}

/** One option of an approach, for one program and target. */
export interface Option {
  readonly search: Search;
  readonly approach: Approach;
  readonly option: Algorithm;
  readonly program: Program;
  readonly access: Access;
  readonly target: Target;
}

/** Every option that is wanted and fits. */
export function optionsOf(search: Search, program: Program, target: Target, wanted: Wanted): Option[] {
  const { accuracy = "exact", algorithm = "auto" } = wanted;
  const access = accessOf(mainStage(program), program);
  const allowed = (kind: AlgorithmKind): boolean =>
    algorithm === "auto" ? accuracy === "fast" || kind === "direct" : kind === kindOf(algorithm);
  return search.approaches.flatMap((approach) => {
    const { rewrite } = approach;
    if (!allowed(rewrite.kind)) return [];
    const options: readonly Algorithm[] =
      typeof algorithm === "string"
        ? rewrite.options(access, program)
        : rewrite.fits(access, program, algorithm)
          ? [algorithm]
          : [];
    const possible = options.filter((option) => isFor(option, target));
    return possible.map((option): Option => ({ search, approach, option, program, access, target }));
  });
}

const kindOf = (request: Exclude<AlgorithmRequest, "auto">): AlgorithmKind =>
  typeof request === "string" ? request : request.kind;

/** Sums in parts keep a GPU busy; a core has nothing to gain by them. */
const isFor = (option: Algorithm, { workgroups }: Target): boolean =>
  workgroups !== null || option.kind !== "direct" || (option.parts ?? 1) === 1;

export function* candidatesOf(
  { search, approach, option, program, access, target }: Option,
  extent: Breadth,
): Generator<Candidate> {
  const { rewrite, points = pointsByStage } = approach;
  const rewritten = rewrite.apply(program, option);
  const bound = rewrite.bound(access, option);
  for (const { knobs, cycles, schedule } of points(search, rewritten, access, option, target, extent)) {
    const described = () => rewrite.describe(access, option);
    const plan = (): Plan => {
      return { algorithm: option, program: rewritten, schedule: schedule(), described: described(), bound };
    };
    yield { algorithm: option, cycles, knobs, bound, plan };
  }
}

const pointsByStage: NonNullable<Approach["points"]> = ({ sketches }, program, _access, _option, target, extent) =>
  programPoints(sketches, program, target, extent);

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
