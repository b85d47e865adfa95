/** JavaScript: tiles by a model that counts instructions, and modules as the body of a function. */
import type { JsEntry } from "../../ir/module.js";
import type { Kernel } from "../../ir/stmt.js";
import { VERSION } from "../../ir/version.js";
import type { Backend, Body } from "../backend.js";
import { emitJs } from "../emit/js.js";
import type { LoweredProgram } from "../lowerProgram.js";
import { renderJsModule } from "../module/renderJs.js";
import { sketchStages } from "../search/heuristics.js";
import { scalarSketch } from "../search/scalarSketch.js";
import type { Target } from "../target.js";

// With these the file is all that a page needs to compile, and all that it loads.
export { compileWith } from "../backend.js";
export { JS } from "../target.js";

export const JS_BACKEND: Backend<"js"> = { direct: sketchStages(() => scalarSketch), render: jsModule };

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
