/** From a program and its schedule to lowered kernels, one for each group of stages. */
import { fail } from "../ir/errors.js";
import type { BufferDecl, BufferRole, Program, Stage } from "../ir/program.js";
import type { LoopKernel } from "../ir/stmt.js";
import { statements } from "../ir/visit.js";
import { buildKernel } from "./buildKernel.js";
import { groupNests } from "./group.js";
import { type Lowered, lower } from "./lower.js";
import type { Nest } from "./nest.js";
import { nestStage } from "./nestStage.js";
import { packNest } from "./pack.js";
import type { Directive, Schedule } from "./schedule.js";
import type { Target } from "./target.js";

/** Sees every kernel on its road: `pass` is "nest" first, then the name of the pass that has just run. */
export type Watch = (pass: string, kernel: LoopKernel) => void;

export interface LoweredProgram {
  readonly buffers: readonly BufferDecl[];
  readonly prepare: readonly Lowered[];
  readonly run: readonly Lowered[];
}

export interface LowerOptions {
  /**
   * Directives for a stage that the schedule does not name, such as one that packs. Default: none, so its axes run in
   * order.
   */
  readonly unscheduled?: (stage: Stage) => readonly Directive[];
  readonly watch?: Watch;
}

/** Lowers the stages of a program, one kernel for each group. The result has all buffers that the kernels use. */
export function lowerProgram(
  program: Program,
  schedule: Schedule,
  target: Target,
  { unscheduled = () => [], watch }: LowerOptions = {},
): LoweredProgram {
  const buffers = [...program.buffers];
  const prepare: Lowered[] = [];
  const names: string[] = [];
  /** Adds buffers that the compiler makes, whose names it puts together from others. */
  const declare = (made: readonly BufferDecl[]): void => {
    for (const { name } of made) checkFree(program.name, buffers, name);
    buffers.push(...made);
  };
  /**
   * One kernel for each group of stages. A stage that packs a known buffer goes to `prepare`. Any other stage that
   * packs goes right before the stage that reads its array.
   */
  const lowerStages = (stages: readonly Stage[], known: readonly BufferRole[]): Lowered[] => {
    const nestsOf = (stage: Stage): Nest[] => {
      names.push(stage.name);
      const nest = nestStage(stage, schedule[stage.name] ?? unscheduled(stage));
      const packed = packNest(nest, { buffers, known, target });
      declare(packed.buffers);
      prepare.push(...lowerStages(packed.prepare, known));
      return [...packed.before.flatMap(nestsOf), packed.nest];
    };
    return groupNests(stages.flatMap(nestsOf), buffers).map((group) => {
      const { kernel, scratch } = buildKernel(group, buffers, target);
      declare(scratch);
      for (const stmt of statements(kernel.body))
        if (stmt.kind === "alloc") checkFree(program.name, kernel.buffers, stmt.buffer);
      return lower(kernel, target, watch);
    });
  };
  prepare.push(...lowerStages(program.prepare, ["constant", "weights"]));
  const run = lowerStages(program.run, ["constant", "weights", "prepared"]);
  checkStageNames(program, schedule, names);
  const used = new Set([...prepare, ...run].flatMap((kernel) => kernel.buffers.map((buffer) => buffer.name)));
  return { buffers: buffers.filter(({ name }) => used.has(name)), prepare, run };
}

function checkFree(program: string, buffers: readonly BufferDecl[], made: string): void {
  if (buffers.some((buffer) => buffer.name === made))
    fail(
      "invalid-argument",
      `${program}: the compiler needs the name ${made} for itself; give the buffer another name`,
    );
}

/** Refuses a schedule for a stage that does not exist: it is a mistake, not a wish to be ignored. */
function checkStageNames(program: Program, schedule: Schedule, names: readonly string[]): void {
  const stranger = Object.keys(schedule).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    fail("invalid-schedule", `${program.name} has no stage ${stranger}; it has ${names.join(", ")}`);
  }
}
