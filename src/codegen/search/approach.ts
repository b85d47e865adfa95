/** Approaches: a kind of algorithm, as a rewrite of the program, and the schedules of what it makes. */
import type { Access } from "../../ir/access.js";
import { BYTES } from "../../ir/dtype.js";
import { type BufferDecl, type BufferRole, elementCount, type Program } from "../../ir/program.js";
import {
  type Algorithm,
  type AlgorithmKind,
  type AlgorithmOf,
  boundOfStages,
  type Rewrite,
} from "../../ir/rewrites/rewrite.js";
import type { Schedule } from "../schedule.js";
import { storageOf, type Target } from "../target.js";
import type { Knobs, Sketch } from "./sketch.js";
import { type Breadth, type PicksBeside, type ProgramPoint, programPoints } from "./stagePoints.js";

/** All that compiling needs: every later step takes the program from the plan and asks for no spec. */
export interface Plan {
  readonly algorithm: Algorithm;
  readonly program: Program;
  readonly schedule: Schedule;
  /** The algorithm in words; see `Rewrite.describe`. */
  readonly described: string;
  /** The bound of the errors; see `Rewrite.bound`. */
  readonly bound: number;
}

/** Bytes of memory. */
export interface MemoryNeed {
  /** All buffers together, on a core. */
  readonly all: number;
  /** The largest buffer, where stages share no loops. */
  readonly largest: number;
}

/** An algorithm with a schedule, and the estimate of its cost. */
export interface Candidate {
  readonly algorithm: Algorithm;
  /** Estimated cycles of one core per call, or instructions if the target has no vectors. */
  readonly cycles: number;
  /** The algorithm and the knobs together determine the plan. */
  readonly knobs: Knobs;
  /** See `Rewrite.bound`. */
  readonly bound: number;
  /** Estimates of the memory that the kernel needs. */
  readonly memory: MemoryNeed;
  plan(): Plan;
}

/** A program to be scheduled for a target; `access` is of its main stage. */
export interface Subject {
  readonly sketches: readonly Sketch[];
  readonly program: Program;
  readonly access: Access;
  readonly target: Target;
  /** The best points of all stages but the main one. They are the same for all algorithms, and found once. */
  others(): PicksBeside;
}

/** One algorithm for one subject. */
export interface Option extends Subject {
  readonly algorithm: Algorithm;
  candidates(breadth: Breadth): Iterable<Candidate>;
}

export interface Approach {
  readonly kind: AlgorithmKind;
  /** Every option that may pay, or the one that is named, if it fits. */
  options(subject: Subject, named: Algorithm | undefined): readonly Option[];
}

/**
 * Schedules of the rewritten program for an algorithm of this kind. Most algorithms are only considered, so the program
 * is made when it is first asked for.
 */
export type Points<K extends AlgorithmKind> = (
  program: () => Program,
  subject: Subject,
  algorithm: AlgorithmOf<K>,
  breadth: Breadth,
) => Iterable<ProgramPoint>;

/**
 * The buffers of a program. On a core, what stages of one call hand on is small, as they share loops; what is prepared
 * lies there twice while it is packed.
 */
function memoryOf({ buffers }: Program, target: Target): MemoryNeed {
  const copies = (role: BufferRole) => (role === "scratch" ? 0 : role === "prepared" ? 2 : 1);
  const bytes = ({ role, shape }: BufferDecl) => BYTES[storageOf(target, role)] * elementCount(shape);
  return {
    all: buffers.reduce((sum, buffer) => sum + copies(buffer.role) * bytes(buffer), 0),
    largest: Math.max(...buffers.map(bytes)),
  };
}

/** `points` gives the schedules of a rewritten program. Default: stage by stage, by the subject's sketches. */
export function approachOf<K extends AlgorithmKind>(rewrite: Rewrite<K>, points: Points<K> = byStage): Approach {
  const isOwn = (algorithm: Algorithm): algorithm is AlgorithmOf<K> => algorithm.kind === rewrite.kind;
  const optionOf = (subject: Subject, algorithm: AlgorithmOf<K>): Option => ({
    ...subject,
    algorithm,
    *candidates(breadth) {
      const { access, target } = subject;
      let made: Program | undefined;
      const rewritten = (): Program => {
        made ??= rewrite.apply(subject.program, algorithm);
        return made;
      };
      // The other stages are sums by definition, and may be longer ones.
      const bound = Math.max(rewrite.bound(access, algorithm), boundOfStages(subject.program.run));
      for (const { knobs, cycles, schedule } of points(rewritten, subject, algorithm, breadth)) {
        yield {
          algorithm,
          cycles,
          knobs,
          bound,
          get memory() {
            return memoryOf(rewritten(), target);
          },
          plan: () => {
            const described = rewrite.describe(access, algorithm);
            return { algorithm, program: rewritten(), schedule: schedule(), described, bound };
          },
        };
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

/** The points of stages that an algorithm makes of the main one, beside the best points of all others. */
export const besideOthers = <K extends AlgorithmKind>(points: Points<K>): Points<K> =>
  function* (program, subject, algorithm, breadth) {
    for (const point of points(program, subject, algorithm, breadth)) yield subject.others().with(point);
  };

const byStage = (
  program: () => Program,
  { sketches, target }: Subject,
  _: unknown,
  breadth: Breadth,
): Iterable<ProgramPoint> => programPoints(sketches, program(), target, breadth);

/** True if the algorithm can pay on the target: sums in parts keep a GPU busy, and gain nothing on a core. */
const isFor = (algorithm: Algorithm, { workgroups }: Target): boolean =>
  workgroups !== null || algorithm.kind !== "direct" || (algorithm.parts ?? 1) === 1;
