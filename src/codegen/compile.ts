/**
 * The compiler: spec + target + schedule -> kernel module. Deterministic, touches no file, keeps nothing.
 */
import type { OpSpec } from "../ir/ops/spec.js";
import { type Backend, type CompileOptions, compileWith, type ModuleOf } from "./backend.js";
import { JS_BACKEND } from "./backends/js.js";
import { WASM_BACKEND } from "./backends/wasm.js";
import { WGSL_BACKEND } from "./backends/wgsl.js";
import { checkSchedule } from "./checkSchedule.js";
import { sketchesFor } from "./search/algorithms.js";
import type { Language } from "./target.js";

const BACKENDS: { readonly [L in Language]: Backend<L> } = {
  js: JS_BACKEND,
  wasm: WASM_BACKEND,
  wgsl: WGSL_BACKEND,
};

/** Throws what `checkSpec` throws, and `invalid-schedule` where the schedule does not fit. */
export function compileModule<L extends Language>(
  spec: OpSpec,
  { schedule, ...options }: CompileOptions<L>,
): ModuleOf<L> {
  const { target } = options;
  const backend: Backend<L> = BACKENDS[target.language as L];
  const checked = schedule ? { schedule: checkSchedule(schedule) } : {};
  return compileWith(backend, sketchesFor(target).winograd, spec, { ...options, ...checked });
}
