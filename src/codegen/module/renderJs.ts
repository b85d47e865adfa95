/** Lays out JavaScript modules from the text of emitted functions, with Handlebars. No kernel is known here. */
import Handlebars from "handlebars/dist/cjs/handlebars.runtime.js";
import type { DType } from "../../ir/dtype.js";
import type { JsFunction } from "../emit/js.js";
import { oneLine } from "./oneLine.js";
import { jsModule } from "./templates.js";

const ARRAYS: Readonly<Record<DType, string>> = { f16: "Float32Array", f32: "Float32Array", f64: "Float64Array" };
const template = Handlebars.template(jsModule);

export interface JsModuleParts {
  readonly version: string;
  readonly schedule: string;
  readonly arithmetic: DType;
  readonly functions: readonly JsFunction[];
}

/** The body of a function without parameters that returns the kernel's functions by name. */
export function renderJsModule({ version, schedule, arithmetic, functions }: JsModuleParts): string {
  return template({
    version: oneLine(version),
    schedule: oneLine(schedule),
    array: ARRAYS[arithmetic],
    functions: functions.map((f) => ({ ...f, parameters: f.parameters.join(", ") })),
    exports: functions.map((f) => f.name).join(", "),
  });
}
