/** Lays out modules from emitted functions: the only home of Handlebars. It never sees a kernel, only text. */
import Handlebars from "handlebars/dist/cjs/handlebars.runtime.js";
import type { DType } from "../../ir/dtype.js";
import type { JsFunction } from "../emit/js.js";
import type { WgslFunction } from "../emit/wgsl.js";
import { jsModule, wgslModule } from "./templates.js";

const ARRAYS: Readonly<Record<DType, string>> = { f16: "Float32Array", f32: "Float32Array", f64: "Float64Array" };
const jsTemplate = Handlebars.template(jsModule);
const wgslTemplate = Handlebars.template(wgslModule);

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

export interface WgslModuleParts extends WgslFunction {
  readonly version: string;
  readonly schedule: string;
  /** Whether buffers hold f16. */
  readonly half: boolean;
  /** Whether several dispatches share the workgroups. */
  readonly isDivided: boolean;
}

/** A shader module with one entry point, called `name`. */
export function renderWgslModule(module: WgslModuleParts): string {
  const { version, schedule, buffers, launch, launched, isDivided, ...parts } = module;
  const bindings = buffers.map(({ name, type, isWritten }) => ({
    name,
    type,
    space: `storage, ${isWritten ? "read_write" : "read"}`,
  }));
  const first = { name: "firstWorkgroup", type: "vec4u", space: "uniform" };
  return wgslTemplate({
    ...parts,
    version: oneLine(version),
    schedule: oneLine(schedule),
    bindings: [...bindings, ...(isDivided ? [first] : [])].map((one, binding) => ({ ...one, binding })),
    size: launch.invocations.join(", "),
    // One number at a time: compilers see how far it goes, which they do not see of a vector's.
    launched: launched.map(({ name, loop }) => ({ name, place: placeOf(loop, isDivided) })),
  });
}

/** Where the value of a loop of the launch stands: `invocationId.x` for `invocation.x`. */
function placeOf(loop: string, isDivided: boolean): string {
  const place = loop.replace(".", "Id.");
  return isDivided && loop.startsWith("workgroup")
    ? `${place} + ${loop.replace("workgroup", "firstWorkgroup")}`
    : place;
}
