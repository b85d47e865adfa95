/** JavaScript: tiles by a model that counts instructions, and modules as the body of a function. */
import type { JsEntry, JsModule } from "../../ir/module.js";
import type { OpSpec } from "../../ir/ops/spec.js";
import type { Kernel } from "../../ir/stmt.js";
import { VERSION } from "../../ir/version.js";
import { type Backend, type Body, type CompileOptions, compileWith } from "../backend.js";
import { emitJs } from "../emit/js.js";
import type { LoweredProgram } from "../lowerProgram.js";
import { renderJsModule } from "../module/renderJs.js";
import type { Sketches } from "../search/choice.js";
import { sketchStages } from "../search/heuristics.js";
import { scalarSketch } from "../search/scalarSketch.js";
import { JS, type Target } from "../target.js";

export const JS_BACKEND: Backend<"js"> = { sketches: { direct: sketchStages(() => scalarSketch) }, render: jsModule };

function jsModule(
  _: string,
  { buffers, prepare, run }: LoweredProgram,
  schedule: string,
  { arithmetic }: Target,
): Body<"js"> {
  const entry = (kernel: Kernel): JsEntry => ({
    name: kernel.name,
    buffers: kernel.buffers.map((buffer) => buffer.name),
  });
  const functions = [...prepare, ...run].map(emitJs);
  return {
    language: "js",
    buffers,
    prepare: prepare.map(entry),
    run: run.map(entry),
    code: renderJsModule({ version: VERSION, schedule, arithmetic, functions }),
  };
}

/** `winograd`: where its algorithm is wanted. */
export const compileJs = (
  spec: OpSpec,
  options: Omit<CompileOptions<"js">, "target">,
  winograd?: Sketches["winograd"],
): JsModule =>
  compileWith({ ...JS_BACKEND, sketches: { ...JS_BACKEND.sketches, winograd } }, spec, { target: JS, ...options });
