/**
 * THE ONE DOOR to the compiler, by dynamic imports only. So a build that ships only ready-made kernels ships no
 * compiler, and a page loads one language, with Winograd's algorithm only where that is wanted.
 */
import type { Backend, ModuleOf } from "../codegen/backend.js";
import type { Approach } from "../codegen/search/approach.js";
import type { Language, Target } from "../codegen/target.js";
import type { JsModule, WasmModule, WgslModule } from "../ir/module.js";
import { definitionOf } from "../ir/ops/index.js";
import type { OpSpec } from "../ir/ops/spec.js";
import type { FeaturesOf } from "./compiledFor.js";
import { tunedPoint } from "./tuned.js";
import type { CodeOptions, Features, Schedule, WebgpuFeatures } from "./wanted.js";

/** Throws unless the value has the form of a schedule. A schedule that does not fit its stage throws when applied. */
export async function checkScheduleForm(schedule: unknown): Promise<Schedule> {
  const compiler = await import("../codegen/checkSchedule.js");
  return compiler.checkSchedule(schedule);
}

/** True if the options allow Winograd's algorithm, so that its code must be loaded. */
function mayUseWinograd({ accuracy, algorithm }: CodeOptions): boolean {
  if (algorithm === "auto") return accuracy === "fast";
  return algorithm !== "direct" && (algorithm === "winograd" || algorithm.kind === "winograd");
}

/** A request to the compiler of one language. */
interface CompilerRequest<L extends Language> {
  readonly backend: Backend<L>;
  readonly winograd: Approach | undefined;
  readonly target: Target<L>;
  /** The target's name among tuning records. */
  readonly features: Features;
  readonly spec: OpSpec;
  readonly options: CodeOptions;
}

/** Compiles by the caller's schedule, else by one that was tuned for exactly this request, else by the model's pick. */
async function generate<L extends Language>(request: CompilerRequest<L>): Promise<ModuleOf<L>> {
  const { backend, winograd, target, features, spec, options } = request;
  const { schedule, ...wanted } = options;
  const { compilePlan, compileWith, searchOf } = await import("../codegen/backend.js");
  const definition = definitionOf(spec);
  const tuned = schedule ? undefined : tunedPoint(spec, wanted, features);
  if (tuned) {
    const { pointNamed } = await import("../codegen/search/space.js");
    const point = pointNamed(searchOf(backend, winograd), definition.program, target, wanted, tuned);
    if (point) return compilePlan(backend, definition, point.plan(), target);
  }
  return compileWith(backend, winograd, definition, { target, ...wanted, ...(schedule ? { schedule } : {}) });
}

const winogradOnCpu = async (options: CodeOptions) =>
  mayUseWinograd(options) ? (await import("../codegen/search/winogradOnCpu.js")).winogradOnCpu : undefined;

const winogradOnGpu = async (options: CodeOptions) =>
  mayUseWinograd(options) ? (await import("../codegen/search/winogradOnGpu.js")).winogradOnGpu : undefined;

export async function generateJs(spec: OpSpec, options: CodeOptions): Promise<JsModule> {
  const [{ JS_BACKEND, JS }, winograd] = await Promise.all([
    import("../codegen/backends/js.js"),
    winogradOnCpu(options),
  ]);
  return generate({ backend: JS_BACKEND, winograd, target: JS, features: { language: "js" }, spec, options });
}

export async function generateWasm(
  spec: OpSpec,
  features: FeaturesOf<"wasm">,
  options: CodeOptions,
): Promise<WasmModule> {
  const [{ WASM_BACKEND, wasmTarget }, winograd] = await Promise.all([
    import("../codegen/backends/wasm.js"),
    winogradOnCpu(options),
  ]);
  return generate({ backend: WASM_BACKEND, winograd, target: wasmTarget(features), features, spec, options });
}

export async function generateWgsl(spec: OpSpec, given: WebgpuFeatures, options: CodeOptions): Promise<WgslModule> {
  const [{ WGSL_BACKEND, wgslTarget }, winograd] = await Promise.all([
    import("../codegen/backends/wgsl.js"),
    winogradOnGpu(options),
  ]);
  const features: Features = { language: "wgsl", storage: given.storage };
  return generate({ backend: WGSL_BACKEND, winograd, target: wgslTarget(given), features, spec, options });
}
