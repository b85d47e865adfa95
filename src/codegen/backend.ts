/** Compiling with a backend: the part that differs between languages, and the part that all share. */

import { refuseOnGpu } from "../ir/anyLength.js";
import type { Definition } from "../ir/definition.js";
import { fail } from "../ir/errors.js";
import { canonicalKey } from "../ir/key.js";
import type { Facts, KernelModule } from "../ir/module.js";
import { factsOf } from "../ir/ops/facts.js";
import type { Program, Stage } from "../ir/program.js";
import { directRewrite } from "../ir/rewrites/direct.js";
import { type Wanted, wantedFor } from "../ir/rewrites/wanted.js";
import { VERSION } from "../ir/version.js";
import { type LoweredProgram, lowerProgram, type Watch } from "./lowerProgram.js";
import { type Directive, printSchedule, type Schedule } from "./schedule.js";
import { type Approach, approachOf, type Plan } from "./search/approach.js";
import { choose, type Search } from "./search/choose.js";
import type { Sketch } from "./search/sketch.js";
import { isStoredAs, type Language, type Target } from "./target.js";

export type ModuleOf<L extends Language> = Extract<KernelModule, { language: L }>;

/** The part of a module that its language adds to the facts. */
export type ModuleBody<L extends Language> = Omit<ModuleOf<L>, "key" | keyof Facts>;

/** Everything that one language adds to the compiler. A page that compiles for one language loads one backend. */
export interface Backend<L extends Language> {
  /** Sketches in order of preference on a tie. The last one accepts any stage. */
  readonly sketches: readonly Sketch[];
  /** Directives for a stage that no schedule names, such as one that packs. */
  unscheduled(stage: Stage): readonly Directive[];
  /** The most bytes of memory of a kernel, if the language has a limit of its own. */
  readonly memoryBytes?: number;
  /** The module's code. `name` is the name of the program, `schedule` is the schedule in one row. */
  render(name: string, lowered: LoweredProgram, schedule: string, target: Target): ModuleBody<L>;
}

export interface CompilerOptions<L extends Language = Language> extends Wanted {
  readonly target: Target<L>;
  /** A schedule for the stages of `algorithm`. Default: the scheduler's pick for this shape and target. */
  readonly schedule?: Schedule;
  readonly watch?: Watch;
}

const DIRECT = approachOf(directRewrite);

/** All sketches and approaches to choose from. `winograd` is left out if that algorithm is not wanted. */
export const searchOf = (
  { sketches, memoryBytes }: Pick<Backend<Language>, "sketches" | "memoryBytes">,
  winograd?: Approach,
): Search => ({
  sketches,
  memoryBytes: memoryBytes ?? Number.POSITIVE_INFINITY,
  approaches: winograd ? [DIRECT, winograd] : [DIRECT],
});

/**
 * Throws `invalid-argument` if the algorithm does not fit the definition, `invalid-schedule` if the schedule does not.
 */
export function compileWith<L extends Language>(
  backend: Backend<L>,
  winograd: Approach | undefined,
  definition: Definition,
  { target, watch, schedule, ...wanted }: CompilerOptions<L>,
): ModuleOf<L> {
  const plan = choose(searchOf(backend, winograd), definition.program, target, wantedFor(definition, wanted)).plan();
  return compilePlan(backend, definition, schedule ? { ...plan, schedule } : plan, target, watch);
}

/** The module of a plan. The plan must be made from the definition's program. */
export function compilePlan<L extends Language>(
  { render, unscheduled }: Backend<L>,
  definition: Definition,
  plan: Plan,
  target: Target<L>,
  watch?: Watch,
): ModuleOf<L> {
  const { algorithm, schedule } = plan;
  const { anyLength } = definition;
  if (anyLength && target.workgroups) refuseOnGpu();
  if (anyLength && algorithm.kind !== "direct") {
    fail("invalid-argument", `${algorithm.kind} has no tiles for calls that choose a size; use algorithm "auto"`);
  }
  // The schedule is that of the longest call, and serves all others.
  const program = storedFor(anyLength?.program ?? plan.program, target);
  const row = printSchedule(schedule);
  const source = definition.spec ? { spec: definition.spec } : { program: definition.program };
  return {
    ...factsOf({ ...definition, program: storedFor(definition.program, target) }, plan, row),
    key: canonicalKey({ version: VERSION, ...source, target, algorithm, schedule }),
    ...render(
      program.name,
      lowerProgram(program, schedule, target, { unscheduled, ...(watch ? { watch } : {}) }),
      row,
      target,
    ),
  } as ModuleOf<L>;
}

/** The program with its callers' tensors stored as the target does. */
function storedFor(program: Program, target: Target): Program {
  const buffers = program.buffers.map((one) =>
    isStoredAs(target, one.role) ? { ...one, dtype: target.storage } : one,
  );
  return { ...program, buffers };
}
