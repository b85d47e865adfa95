/** The JavaScript backend: tiles by a model that counts instructions, modules as the body of a function. */
import type { JsEntry } from "../../ir/module.js";
import type { LoopKernel } from "../../ir/stmt.js";
import { VERSION } from "../../ir/version.js";
import type { Backend, ModuleBody } from "../backend.js";
import { emitJs } from "../emit/js.js";
import type { LoweredProgram } from "../lowerProgram.js";
import { renderJsModule } from "../module/renderJs.js";
import { IN_ORDER } from "../search/inOrder.js";
import { SCALAR_PRODUCT } from "../search/scalarTile.js";
import type { Target } from "../target.js";

// A page that compiles for JavaScript loads this file alone, so the target comes with it.
export { JS } from "../target.js";

export const JS_BACKEND: Backend<"js"> = {
  sketches: [SCALAR_PRODUCT, IN_ORDER],
  unscheduled: () => [],
  render: jsModule,
};

function jsModule(
  _: string,
  { buffers, prepare, run }: LoweredProgram,
  schedule: string,
  { arithmetic }: Target,
): ModuleBody<"js"> {
  const entry = (kernel: LoopKernel): JsEntry => ({
    name: kernel.name,
    buffers: kernel.buffers.map((buffer) => buffer.name),
    ...(kernel.parameter ? { mostUnits: kernel.parameter.max } : {}),
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
