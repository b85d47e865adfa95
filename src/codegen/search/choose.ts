/**
 * Chooses an algorithm and a schedule by cost models; nothing is measured.
 *
 * Each algorithm that fits the program's main stage takes part, with the schedule that its cost model prefers. Among
 * those with about the fewest cycles the most exact one is chosen.
 */
import { accessOf, mainStage } from "../../ir/access.js";
import { fail, show } from "../../ir/errors.js";
import type { Program } from "../../ir/program.js";
import type { AlgorithmKind } from "../../ir/rewrites/rewrite.js";
import type { AlgorithmRequest, Wanted } from "../../ir/rewrites/wanted.js";
import type { Target } from "../target.js";
import type { Approach, Candidate, Option, Subject } from "./approach.js";
import type { Sketch } from "./sketch.js";
import { type PicksBeside, picksBeside } from "./stagePoints.js";

/** The sketches and approaches to choose from. A page loads no more of them than it needs. */
export interface Search {
  /** The sketches, in order of preference on a tie. The last one reads any stage. */
  readonly sketches: readonly Sketch[];
  readonly approaches: readonly Approach[];
  /** The most bytes of memory that a kernel can have. A GPU's target says what each buffer can have. */
  readonly memoryBytes: number;
}

/** Within this factor of the fewest cycles, the more exact candidate is taken; it is also less code. */
const CLOSE = 1.05;

/**
 * The best candidate for a caller's wishes, of those that fit into memory. If none does, compiling says how much is
 * missing. Throws `invalid-argument` if the program has no such algorithm.
 */
export function choose(search: Search, program: Program, target: Target, wanted: Wanted): Candidate {
  const all = allCandidates(search, program, target, wanted);
  const largest = target.workgroups?.bufferBytes ?? Number.POSITIVE_INFINITY;
  const fits = ({ memory }: Candidate) => memory.all <= search.memoryBytes && memory.largest <= largest;
  const fitting = all.find(fits);
  const fastest = fitting ?? all[0];
  if (!fastest) return refuse(program, wanted.algorithm ?? "auto");
  const close = all.filter((one) => one.cycles <= CLOSE * fastest.cycles && (!fitting || fits(one)));
  return close.reduce((best, next) => (next.bound < best.bound ? next : best));
}

/** Every algorithm that is wanted and fits, each with its best schedule; fewest cycles first. */
export function allCandidates(search: Search, program: Program, target: Target, wanted: Wanted): Candidate[] {
  const all = optionsOf(search, program, target, wanted).flatMap((option) => [...option.candidates("pick")]);
  return all.sort((a, b) => a.cycles - b.cycles);
}

/** Every algorithm that is wanted and fits. */
export function optionsOf(search: Search, program: Program, target: Target, wanted: Wanted): Option[] {
  const { accuracy = "exact", algorithm = "auto" } = wanted;
  const isAllowed = ({ kind }: Approach): boolean =>
    algorithm === "auto" ? accuracy === "fast" || kind === "direct" : kind === kindOf(algorithm);
  const named = typeof algorithm === "string" ? undefined : algorithm;
  const { sketches } = search;
  const main = mainStage(program);
  let found: PicksBeside | undefined;
  const others = (): PicksBeside => {
    found ??= picksBeside(main, sketches, program, target);
    return found;
  };
  const subject: Subject = { sketches, program, access: accessOf(main, program), target, others };
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
      `a sum of ${terms} has no ${algorithm.parts} parts, which are for GPUs and ${depth?.extent ?? 0} at most; ` +
        `use algorithm "auto"`,
    );
  }
  const shapes = factors.map(({ buffer, shape }) => `${buffer} ${show(shape)}`).join(" over ");
  return fail(
    "invalid-argument",
    `${show(algorithm)} has no tiles for ${shapes}: there is nothing to save, ` +
      `or numbers on the way would grow too large for float32; use algorithm "auto"`,
  );
}
