/** Lays out shader modules from the text of emitted functions, with Handlebars. No kernel is known here. */
import Handlebars from "handlebars/dist/cjs/handlebars.runtime.js";
import type { WgslFunction } from "../emit/wgsl.js";
import { oneLine } from "./oneLine.js";
import { wgslModule } from "./templates.js";

const template = Handlebars.template(wgslModule);

export interface WgslModuleParts extends WgslFunction {
  readonly version: string;
  readonly schedule: string;
  /** True if a buffer holds f16. */
  readonly half: boolean;
  /** True if several dispatches share the workgroups. */
  readonly isDivided: boolean;
}

/** A shader module with one entry point, which is called `name`. */
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
    // Each loop gets a number of its own: compilers know the range of a number, but not of a vector's component.
    launched: launched.map(({ name, loop }) => ({ name, place: placeOf(loop, isDivided) })),
  });
}

/** The WGSL expression for a loop of the launch, for example `invocationId.x` for `invocation.x`. */
function placeOf(loop: string, isDivided: boolean): string {
  const place = loop.replace(".", "Id.");
  return isDivided && loop.startsWith("workgroup")
    ? `${place} + ${loop.replace("workgroup", "firstWorkgroup")}`
    : place;
}
