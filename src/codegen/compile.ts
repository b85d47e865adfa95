/**
 * The compiler: spec + target + schedule -> kernel module. Deterministic, touches no file, keeps nothing.
 */
import { fail } from "../ir/errors.js";
import { canonicalKey } from "../ir/key.js";
import type { Entry, KernelModule } from "../ir/module.js";
import { programOf } from "../ir/ops/index.js";
import { checkSpec, type OpSpec } from "../ir/ops/spec.js";
import type { BufferDecl, Program, Stage } from "../ir/program.js";
import type { Kernel } from "../ir/stmt.js";
import { VERSION } from "../ir/version.js";
import { buildKernel } from "./buildKernel.js";
import { checkSchedule } from "./checkSchedule.js";
import { emitJs } from "./emit/js.js";
import { type Lowered, lower } from "./lower.js";
import { renderJsModule } from "./module/render.js";
import { nestStage } from "./nest.js";
import { packNest } from "./pack.js";
import { printSchedule, type Schedule } from "./schedule.js";
import { scheduleFor } from "./search/heuristics.js";
import type { Target } from "./target.js";

/** Sees every kernel on its road: `pass` is "nest" first, then the name of the pass that has just run. */
export type Watch = (pass: string, kernel: Kernel) => void;

export interface CompileOptions {
  readonly target: Target;
  /** Default: the scheduler's pick for this shape and target. */
  readonly schedule?: Schedule;
  readonly watch?: Watch;
}

/** Throws what `checkSpec` throws, and `invalid-schedule` where the schedule does not fit. */
export function compileModule(spec: OpSpec, { target, watch, ...options }: CompileOptions): KernelModule {
  const program = programOf(checkSpec(spec));
  const schedule = options.schedule ? checkSchedule(options.schedule) : scheduleFor(program, target);
  const lowered = lowerProgram(program, schedule, target, watch);
  const row = printSchedule(schedule);
  const entry = (kernel: Kernel): Entry => ({
    name: kernel.name,
    buffers: kernel.buffers.map((buffer) => buffer.name),
  });
  return {
    key: canonicalKey({ version: VERSION, spec, target, schedule }),
    spec,
    language: target.language,
    schedule: row,
    buffers: lowered.buffers,
    prepare: lowered.prepare.map(entry),
    run: lowered.run.map(entry),
    code: renderJsModule({
      version: VERSION,
      schedule: row,
      arithmetic: target.arithmetic,
      functions: [...lowered.prepare, ...lowered.run].map(emitJs),
    }),
  };
}

export interface LoweredProgram {
  readonly buffers: readonly BufferDecl[];
  readonly prepare: readonly Lowered[];
  readonly run: readonly Lowered[];
}

/** One lowered kernel per stage, and all buffers they use. */
export function lowerProgram(program: Program, schedule: Schedule, target: Target, watch?: Watch): LoweredProgram {
  const buffers = [...program.buffers];
  const prepare: Lowered[] = [];
  const lowerStage = (stage: Stage): Lowered => {
    const packed = packNest(nestStage(stage, schedule[stage.name] ?? []), buffers, target);
    buffers.push(...packed.buffers);
    prepare.push(...packed.prepare.map(lowerStage));
    const { kernel, scratch } = buildKernel(packed.nest, buffers, target);
    buffers.push(...scratch);
    return lower(kernel, target, watch);
  };
  for (const stage of program.prepare) prepare.push(lowerStage(stage));
  const run = program.run.map(lowerStage);
  checkStageNames(program, schedule, [...prepare, ...run]);
  return { buffers, prepare, run };
}

/** A schedule for a stage that does not exist is a mistake, not a wish to be ignored. */
function checkStageNames(program: Program, schedule: Schedule, kernels: readonly Kernel[]): void {
  const names = kernels.map((kernel) => kernel.name);
  const stranger = Object.keys(schedule).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    fail("invalid-schedule", `${program.name} has no stage ${stranger}; it has ${names.join(", ")}`);
  }
}
