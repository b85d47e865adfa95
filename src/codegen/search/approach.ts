/** Approaches: an algorithm, as a rewrite of the program, together with how the rewritten program is scheduled. */
import type { Access } from "../../ir/access.js";
import type { Program } from "../../ir/program.js";
import type { Algorithm, AlgorithmKind, AlgorithmOf, Rewrite } from "../../ir/rewrites/rewrite.js";
import type { Schedule } from "../schedule.js";
import type { Target } from "../target.js";
import type { Knobs, Sketch } from "./sketch.js";
import { type Breadth, type ProgramPoint, programPoints } from "./stagePoints.js";

/** A plan is compiled as it stands: everything below takes the program from it and asks no spec. */
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

/** A program to be scheduled; `access` is that of its main stage. */
export interface Subject {
  readonly sketches: readonly Sketch[];
  readonly program: Program;
  readonly access: Access;
  readonly target: Target;
}

/** One algorithm for one subject. */
export interface Option extends Subject {
  readonly algorithm: Algorithm;
  candidates(extent: Breadth): Iterable<Candidate>;
}

export interface Approach {
  readonly kind: AlgorithmKind;
  /** Every option that may pay, or the one that is named, if it fits. */
  options(subject: Subject, named: Algorithm | undefined): readonly Option[];
}

/** Schedules of the rewritten program for an algorithm of this kind. */
export type Points<K extends AlgorithmKind> = (
  program: Program,
  subject: Subject,
  algorithm: AlgorithmOf<K>,
  extent: Breadth,
) => Iterable<ProgramPoint>;

/** `points`: stage by stage, if they are left out. */
export function approachOf<K extends AlgorithmKind>(rewrite: Rewrite<K>, points: Points<K> = byStage): Approach {
  const isOwn = (algorithm: Algorithm): algorithm is AlgorithmOf<K> => algorithm.kind === rewrite.kind;
  const optionOf = (subject: Subject, algorithm: AlgorithmOf<K>): Option => ({
    ...subject,
    algorithm,
    *candidates(extent) {
      const { access } = subject;
      const program = rewrite.apply(subject.program, algorithm);
      const bound = rewrite.bound(access, algorithm);
      for (const { knobs, cycles, schedule } of points(program, subject, algorithm, extent)) {
        const plan = (): Plan => {
          return { algorithm, program, schedule: schedule(), described: rewrite.describe(access, algorithm), bound };
        };
        yield { algorithm, cycles, knobs, bound, plan };
      }
    },
  });
  const optionsOf = ({ access, program }: Subject, named: Algorithm | undefined): readonly AlgorithmOf<K>[] => {
    if (!named) return rewrite.options(access, program);
    return isOwn(named) && rewrite.fits(access, program, named) ? [named] : [];
  };
  return {
    kind: rewrite.kind,
    options: (subject, named) =>
      optionsOf(subject, named)
        .filter((algorithm) => isFor(algorithm, subject.target))
        .map((algorithm) => optionOf(subject, algorithm)),
  };
}

const byStage = (
  program: Program,
  { sketches, target }: Subject,
  _: unknown,
  extent: Breadth,
): Iterable<ProgramPoint> => programPoints(sketches, program, target, extent);

/** Sums in parts keep a GPU busy; a core has nothing to gain by them. */
const isFor = (algorithm: Algorithm, { workgroups }: Target): boolean =>
  workgroups !== null || algorithm.kind !== "direct" || (algorithm.parts ?? 1) === 1;
