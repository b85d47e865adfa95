/** THE ONE DOOR to the compiler: a dynamic import, so that a build which ships only ready-made kernels ships no compiler. */
import type { Schedule } from "../codegen/schedule.js";
import type { KernelModule } from "../ir/module.js";
import type { OpSpec } from "../ir/ops/spec.js";

export type { Schedule };

/** Refuses what does not have the form of a schedule; whether it fits the stage shows when it is applied. */
export async function checkSchedule(schedule: unknown): Promise<Schedule> {
  const compiler = await import("../codegen/index.js");
  return compiler.checkSchedule(schedule);
}

export async function generateJs(spec: OpSpec, schedule: Schedule | undefined): Promise<KernelModule> {
  const { compileModule, JS } = await import("../codegen/index.js");
  return compileModule(spec, { target: JS, ...(schedule ? { schedule } : {}) });
}
