/** Lays out shader modules from emitted functions, by Handlebars. It never sees a kernel, only text. */
import Handlebars from "handlebars/dist/cjs/handlebars.runtime.js";
import type { WgslFunction } from "../emit/wgsl.js";
import { oneLine } from "./oneLine.js";
import { wgslModule } from "./templates.js";

const template = Handlebars.template(wgslModule);

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
  return template({
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
