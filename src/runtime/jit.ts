/** THE ONE DOOR to the compiler: a dynamic import, so that a build which ships only ready-made kernels ships no compiler. */
import type { Schedule } from "../codegen/schedule.js";
import type { Accuracy, AlgorithmRequest, Wanted } from "../codegen/search/algorithms.js";
import type { WasmFeatures, WebgpuFeatures } from "../codegen/target.js";
import type { JsModule, WasmModule, WgslModule } from "../ir/module.js";
import type { OpSpec } from "../ir/ops/spec.js";

export type { Accuracy, AlgorithmRequest, Schedule, Wanted, WasmFeatures, WebgpuFeatures };

/** Refuses what does not have the form of a schedule; whether it fits the stage shows when it is applied. */
export async function checkSchedule(schedule: unknown): Promise<Schedule> {
  const compiler = await import("../codegen/index.js");
  return compiler.checkSchedule(schedule);
}

/** What the compiler may choose, and what it may not. */
export interface CodeOptions extends Required<Wanted> {
  readonly schedule: Schedule | undefined;
}

const given = ({ schedule, ...wanted }: CodeOptions) => ({ ...wanted, ...(schedule ? { schedule } : {}) });

export async function generateJs(spec: OpSpec, options: CodeOptions): Promise<JsModule> {
  const { compileModule, JS } = await import("../codegen/index.js");
  return compileModule(spec, { target: JS, ...given(options) });
}

export async function generateWasm(spec: OpSpec, features: WasmFeatures, options: CodeOptions): Promise<WasmModule> {
  const { compileModule, wasmTarget } = await import("../codegen/index.js");
  return compileModule(spec, { target: wasmTarget(features), ...given(options) });
}

export async function generateWgsl(spec: OpSpec, features: WebgpuFeatures, options: CodeOptions): Promise<WgslModule> {
  const { compileModule, wgslTarget } = await import("../codegen/index.js");
  return compileModule(spec, { target: wgslTarget(features), ...given(options) });
}
