/** Lays out modules from emitted functions: the only home of Handlebars. It never sees a kernel, only text. */
import Handlebars from "handlebars/dist/cjs/handlebars.runtime.js";
import type { DType } from "../../ir/dtype.js";
import type { JsFunction } from "../emit/js.js";
import { jsModule } from "./templates.js";

const ARRAYS: Readonly<Record<DType, string>> = { f32: "Float32Array", f64: "Float64Array" };
const jsTemplate = Handlebars.template(jsModule);

export interface JsModuleParts {
  readonly version: string;
  readonly schedule: string;
  readonly arithmetic: DType;
  readonly functions: readonly JsFunction[];
}

/** Text for a comment of one line, which nothing in it can end. */
const oneLine = (text: string): string => text.replace(/[\n\r\u2028\u2029]+/g, " ");

/** The body of a function without parameters that returns the kernel's functions by name. */
export function renderJsModule({ version, schedule, arithmetic, functions }: JsModuleParts): string {
  return jsTemplate({
    version: oneLine(version),
    schedule: oneLine(schedule),
    array: ARRAYS[arithmetic],
    functions: functions.map((f) => ({ ...f, parameters: f.parameters.join(", ") })),
    exports: functions.map((f) => f.name).join(", "),
  });
}
