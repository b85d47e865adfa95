/** From a program and its schedule to lowered kernels, one for each group of stages. */
import { fail } from "../ir/errors.js";
import type { BufferDecl, Program, Stage } from "../ir/program.js";
import type { Kernel } from "../ir/stmt.js";
import { buildKernel } from "./buildKernel.js";
import { groupNests } from "./group.js";
import { type Lowered, lower } from "./lower.js";
import { nestStage } from "./nestStage.js";
import { packNest } from "./pack.js";
import type { Directive, Schedule } from "./schedule.js";
import type { Target } from "./target.js";

/** Sees every kernel on its road: `pass` is "nest" first, then the name of the pass that has just run. */
export type Watch = (pass: string, kernel: Kernel) => void;

export interface LoweredProgram {
  readonly buffers: readonly BufferDecl[];
  readonly prepare: readonly Lowered[];
  readonly run: readonly Lowered[];
}

export interface LowerOptions {
  /** Directives for a stage that the schedule does not name, such as one that packs. Default: none, which runs its axes in order. */
  readonly unscheduled?: (stage: Stage) => readonly Directive[];
  readonly watch?: Watch;
}

/** One lowered kernel for each group of stages, and all buffers they use. */
export function lowerProgram(
  program: Program,
  schedule: Schedule,
  target: Target,
  { unscheduled = () => [], watch }: LowerOptions = {},
): LoweredProgram {
  const buffers = [...program.buffers];
  const prepare: Lowered[] = [];
  const names: string[] = [];
  /** One kernel for each group of stages; what packing adds goes to `prepare`. */
  const lowerStages = (stages: readonly Stage[]): Lowered[] => {
    const nests = stages.map((stage) => {
      names.push(stage.name);
      const packed = packNest(nestStage(stage, schedule[stage.name] ?? unscheduled(stage)), buffers, target);
      buffers.push(...packed.buffers);
      prepare.push(...lowerStages(packed.prepare));
      return packed.nest;
    });
    return groupNests(nests, buffers).map((group) => {
      const { kernel, scratch } = buildKernel(group, buffers, target);
      buffers.push(...scratch);
      return lower(kernel, target, watch);
    });
  };
  prepare.push(...lowerStages(program.prepare));
  const run = lowerStages(program.run);
  checkStageNames(program, schedule, names);
  const used = new Set([...prepare, ...run].flatMap((kernel) => kernel.buffers.map((buffer) => buffer.name)));
  return { buffers: buffers.filter(({ name }) => used.has(name)), prepare, run };
}

/** A schedule for a stage that does not exist is a mistake, not a wish to be ignored. */
function checkStageNames(program: Program, schedule: Schedule, names: readonly string[]): void {
  const stranger = Object.keys(schedule).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    fail("invalid-schedule", `${program.name} has no stage ${stranger}; it has ${names.join(", ")}`);
  }
}
