/** The kernels made ahead of time that `compile` takes instead of compiling. */
import { fail, reading, show } from "../../ir/errors.js";
import type { BuiltKernel } from "./builtKernel.js";

const kernels = new Map<string, BuiltKernel>();

/**
 * Makes `compile` use these kernels; a later one replaces one for the same request. Generated registries call this.
 * @throws TilewrightError `invalid-argument`
 */
export function register(built: Iterable<BuiltKernel>): void {
  const all: BuiltKernel[] = [];
  reading("a list of built kernels", () => {
    for (const kernel of built) all.push(checkBuilt(kernel));
  });
  for (const kernel of all) kernels.set(kernel.request, kernel);
}

/** Tells a kernel by its members, as importing its class would load it. */
function checkBuilt(given: BuiltKernel | null | undefined): BuiltKernel {
  if (typeof given?.request === "string" && typeof given.load === "function") return given;
  return fail("invalid-argument", `register takes kernels that builtKernel has made; got ${show(given)}`);
}

/** The kernel for a request in the form of `requestKey`, if there is one. */
export const registered = (request: string): BuiltKernel | undefined => kernels.get(request);
