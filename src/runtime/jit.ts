/**
 * THE ONE DOOR to the compiler: dynamic imports, so that a build which ships only ready-made kernels ships no compiler, and that a
 * page loads what it compiles with and no more: one language, and Winograd's algorithm where it is wanted.
 */
import type { Schedule } from "../codegen/schedule.js";
import type { Target, WasmFeatures, WebgpuFeatures } from "../codegen/target.js";
import type { JsModule, WasmModule, WgslModule } from "../ir/module.js";
import type { OpSpec } from "../ir/ops/spec.js";
import { tunedPoint } from "./tuned.js";
import type { Features, Wanted } from "./wanted.js";

export type { Accuracy, AlgorithmRequest, Features, PointName, Wanted } from "./wanted.js";
export type { Schedule, WasmFeatures, WebgpuFeatures };

/** Refuses what does not have the form of a schedule; whether it fits the stage shows when it is applied. */
export async function checkSchedule(schedule: unknown): Promise<Schedule> {
  const compiler = await import("../codegen/checkSchedule.js");
  return compiler.checkSchedule(schedule);
}

/** What the compiler may choose, and what it may not. The schedule has been checked. */
export interface CodeOptions extends Required<Wanted> {
  readonly schedule: Schedule | undefined;
}

/** The caller's schedule, else one that was tuned for exactly this, else what the model picks. */
async function optionsFor<T extends Target>(
  spec: OpSpec,
  target: T,
  features: Features,
  { schedule, ...wanted }: CodeOptions,
) {
  if (schedule) return { target, ...wanted, schedule };
  const tuned = tunedPoint(spec, wanted, features);
  if (!tuned) return { target, ...wanted };
  const { findPoint } = await import("../codegen/search/space/space.js");
  const point = findPoint(spec, target, wanted, tuned);
  return point ? { target, algorithm: point.algorithm, schedule: point.plan().schedule } : { target, ...wanted };
}

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
  return compileWith(JS_BACKEND, winograd, spec, await optionsFor(spec, JS, { language: "js" }, options));
}

export async function generateWasm(spec: OpSpec, features: WasmFeatures, options: CodeOptions): Promise<WasmModule> {
  const [{ WASM_BACKEND, compileWith, wasmTarget }, winograd] = await Promise.all([
    import("../codegen/backends/wasm.js"),
    winogradOnCpu(options),
  ]);
  const target = wasmTarget(features);
  const all = await optionsFor(spec, target, { language: "wasm", ...features }, options);
  return compileWith(WASM_BACKEND, winograd, spec, all);
}

export async function generateWgsl(spec: OpSpec, features: WebgpuFeatures, options: CodeOptions): Promise<WgslModule> {
  const [{ WGSL_BACKEND, compileWith, wgslTarget }, winograd] = await Promise.all([
    import("../codegen/backends/wgsl.js"),
    winogradOnGpu(options),
  ]);
  const target = wgslTarget(features);
  const all = await optionsFor(spec, target, { language: "wgsl", storage: features.storage }, options);
  return compileWith(WGSL_BACKEND, winograd, spec, all);
}
