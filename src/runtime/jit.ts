/**
 * THE ONE DOOR to the compiler, by dynamic imports only. So a build that ships only ready-made kernels ships no
 * compiler, and a page loads one language, with Winograd's algorithm only where that is wanted.
 *
 * A compiler is loaded first; compiling is then synchronous.
 */
import type { Backend, ModuleOf } from "../codegen/backend.js";
import type { Approach } from "../codegen/search/approach.js";
import type { Language, Target } from "../codegen/target.js";
import type { JsModule, WasmModule, WgslModule } from "../ir/module.js";
import type { AnyLengthSpec, FamilySpec } from "../ir/ops/familySpec.js";
import type { FormulaSpec } from "../ir/ops/formulaSpec.js";
import { definitionOf } from "../ir/ops/index.js";
import type { ShorthandSpec } from "../ir/ops/shorthandSpec.js";
import type { GivenSpec, Spec } from "../ir/ops/spec.js";
import type { FeaturesOf } from "./compiledFor.js";
import { OnDemand } from "./onDemand.js";
import { tunedPoint, tuningRevision } from "./tuned.js";
import type { CodeOptions, Features, Schedule, WebgpuFeatures } from "./wanted.js";

const PARSER = new OnDemand(() => import("../formula/spec.js"));
const FAMILY = new OnDemand(() => import("../ops/spec.js"));
const SHORTHAND = new OnDemand(() => import("../shorthands/index.js"));
const SCHEDULES = new OnDemand(() => import("../codegen/checkSchedule.js"));
const COMPILER = new OnDemand(() => import("../codegen/backend.js"));
const POINTS = new OnDemand(() => import("../codegen/search/space.js"));
const BACKENDS = {
  js: new OnDemand(() => import("../codegen/backends/js.js")),
  wasm: new OnDemand(() => import("../codegen/backends/wasm.js")),
  wgsl: new OnDemand(() => import("../codegen/backends/wgsl.js")),
} as const;
const WINOGRAD = {
  cpu: new OnDemand(() => import("../codegen/search/winogradOnCpu.js")),
  gpu: new OnDemand(() => import("../codegen/search/winogradOnGpu.js")),
} as const;

/** Loads what compiles a request to a language. */
export async function loadCompiler(language: Language, options: Omit<CodeOptions, "schedule">): Promise<void> {
  const winograd = language === "wgsl" ? WINOGRAD.gpu : WINOGRAD.cpu;
  const parts = [
    COMPILER,
    BACKENDS[language],
    ...(mayUseWinograd(options) ? [winograd] : []),
    ...(tuningRevision() > 0 ? [POINTS] : []),
  ];
  await Promise.all(parts.map((part) => part.get()));
}

/** Code that reads specs of one kind and checks them, once it is loaded. */
export interface Reader {
  readonly load: () => Promise<unknown>;
  readonly read: (spec: GivenSpec) => Spec;
}

/** By the kinds of `specKind.ts`. */
export const READERS = {
  formula: { load: () => PARSER.get(), read: (spec) => PARSER.loaded.readFormula(spec as FormulaSpec) },
  family: { load: () => FAMILY.get(), read: (spec) => FAMILY.loaded.readFamily(spec as AnyLengthSpec | FamilySpec) },
  shorthand: { load: () => SHORTHAND.get(), read: (spec) => SHORTHAND.loaded.readShorthand(spec as ShorthandSpec) },
} as const satisfies Readonly<Record<string, Reader>>;

/** Loads what reads specs of all kinds. */
export const loadReaders = (): Promise<unknown> => Promise.all(Object.values(READERS).map(({ load }) => load()));

/** Loads what checks schedules. */
export const loadScheduleCheck = (): Promise<unknown> => SCHEDULES.get();

/** Throws unless the value has the form of a schedule. A schedule that does not fit its stage throws when applied. */
export const checkScheduleForm = (schedule: unknown): Schedule => SCHEDULES.loaded.checkSchedule(schedule);

/** True if the options allow Winograd's algorithm, so that its code must be loaded. */
function mayUseWinograd({ accuracy, algorithm }: Omit<CodeOptions, "schedule">): boolean {
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
  readonly spec: Spec;
  readonly options: CodeOptions;
}

/** Compiles by the caller's schedule, else by one that was tuned for exactly this request, else by the model's pick. */
function generate<L extends Language>(request: CompilerRequest<L>): ModuleOf<L> {
  const { backend, winograd, target, features, spec, options } = request;
  const { schedule, ...wanted } = options;
  const { compilePlan, compileWith, searchOf } = COMPILER.loaded;
  const definition = definitionOf(spec);
  const tuned = schedule ? undefined : tunedPoint(spec, wanted, features);
  if (tuned) {
    const search = searchOf(backend, winograd);
    const point = POINTS.loaded.pointNamed(search, definition.program, target, wanted, tuned);
    if (point) return compilePlan(backend, definition, point.plan(), target);
  }
  return compileWith(backend, winograd, definition, { target, ...wanted, ...(schedule ? { schedule } : {}) });
}

const winogradOnCpu = (options: CodeOptions) =>
  mayUseWinograd(options) ? WINOGRAD.cpu.loaded.winogradOnCpu : undefined;

const winogradOnGpu = (options: CodeOptions) =>
  mayUseWinograd(options) ? WINOGRAD.gpu.loaded.winogradOnGpu : undefined;

/** The functions below throw `not-ready` before `loadCompiler` has loaded their language. */
export function generateJs(spec: Spec, options: CodeOptions): JsModule {
  const { JS_BACKEND, JS } = BACKENDS.js.loaded;
  const winograd = winogradOnCpu(options);
  return generate({ backend: JS_BACKEND, winograd, target: JS, features: { language: "js" }, spec, options });
}

export function generateWasm(spec: Spec, features: FeaturesOf<"wasm">, options: CodeOptions): WasmModule {
  const { WASM_BACKEND, wasmTarget } = BACKENDS.wasm.loaded;
  const winograd = winogradOnCpu(options);
  return generate({ backend: WASM_BACKEND, winograd, target: wasmTarget(features), features, spec, options });
}

export function generateWgsl(spec: Spec, given: WebgpuFeatures, options: CodeOptions): WgslModule {
  const { WGSL_BACKEND, wgslTarget } = BACKENDS.wgsl.loaded;
  const features: Features = { language: "wgsl", storage: given.storage };
  const winograd = winogradOnGpu(options);
  return generate({ backend: WGSL_BACKEND, winograd, target: wgslTarget(given), features, spec, options });
}
