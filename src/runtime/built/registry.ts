/** The kernels made ahead of time that `compile` takes instead of compiling. */
import type { BuiltKernel } from "./builtKernel.js";

const kernels = new Map<string, BuiltKernel>();

/** Makes `compile` use these kernels; a later one replaces one for the same request. Generated registries call this. */
export function register(built: Iterable<BuiltKernel>): void {
  for (const kernel of built) kernels.set(kernel.request, kernel);
}

/** The kernel for a request in the form of `requestKey`, if there is one. */
export const registered = (request: string): BuiltKernel | undefined => kernels.get(request);
