/**
 * THE ONE DOOR to the compiler: dynamic imports, so that a build which ships only ready-made kernels ships no compiler, and that a
 * page loads what it compiles with and no more: one language, and Winograd's algorithm where it is wanted.
 */
import type { Schedule } from "../codegen/schedule.js";
import type { Accuracy, AlgorithmRequest, Wanted } from "../codegen/search/choice.js";
import type { WasmFeatures, WebgpuFeatures } from "../codegen/target.js";
import type { JsModule, WasmModule, WgslModule } from "../ir/module.js";
import type { OpSpec } from "../ir/ops/spec.js";

export type { Accuracy, AlgorithmRequest, Schedule, Wanted, WasmFeatures, WebgpuFeatures };

/** Refuses what does not have the form of a schedule; whether it fits the stage shows when it is applied. */
export async function checkSchedule(schedule: unknown): Promise<Schedule> {
  const compiler = await import("../codegen/checkSchedule.js");
  return compiler.checkSchedule(schedule);
}

/** What the compiler may choose, and what it may not. The schedule has been checked. */
export interface CodeOptions extends Required<Wanted> {
  readonly schedule: Schedule | undefined;
}

const given = ({ schedule, ...wanted }: CodeOptions) => ({ ...wanted, ...(schedule ? { schedule } : {}) });

/** Whether anything but the direct algorithm may be chosen. */
function mayUseWinograd({ accuracy, algorithm }: CodeOptions): boolean {
  if (algorithm === "auto") return accuracy === "fast";
  return algorithm !== "direct" && (algorithm === "winograd" || algorithm.kind === "winograd");
}

const winogradOnCpu = async (options: CodeOptions) =>
  mayUseWinograd(options) ? (await import("../codegen/search/winogradOnCpu.js")).winogradOnCpu : undefined;

const winogradOnGpu = async (options: CodeOptions) =>
  mayUseWinograd(options) ? (await import("../codegen/search/winogradOnGpu.js")).winogradOnGpu : undefined;

export async function generateJs(spec: OpSpec, options: CodeOptions): Promise<JsModule> {
  const [{ JS_BACKEND, compileWith, JS }, winograd] = await Promise.all([
    import("../codegen/backends/js.js"),
    winogradOnCpu(options),
  ]);
  return compileWith(JS_BACKEND, winograd, spec, { target: JS, ...given(options) });
}

export async function generateWasm(spec: OpSpec, features: WasmFeatures, options: CodeOptions): Promise<WasmModule> {
  const [{ WASM_BACKEND, compileWith, wasmTarget }, winograd] = await Promise.all([
    import("../codegen/backends/wasm.js"),
    winogradOnCpu(options),
  ]);
  return compileWith(WASM_BACKEND, winograd, spec, { target: wasmTarget(features), ...given(options) });
}

export async function generateWgsl(spec: OpSpec, features: WebgpuFeatures, options: CodeOptions): Promise<WgslModule> {
  const [{ WGSL_BACKEND, compileWith, wgslTarget }, winograd] = await Promise.all([
    import("../codegen/backends/wgsl.js"),
    winogradOnGpu(options),
  ]);
  return compileWith(WGSL_BACKEND, winograd, spec, { target: wgslTarget(features), ...given(options) });
}
