/** Kernels that were made ahead of time and that `compile` may take instead of compiling. */
import type { BuiltKernel } from "./builtKernel.js";

const kernels = new Map<string, BuiltKernel>();

/** Tells `compile` of kernels; of two for the same request the later one counts. Generated registries call it. */
export function register(built: Iterable<BuiltKernel>): void {
  for (const kernel of built) kernels.set(kernel.request, kernel);
}

/** `request`: see `requestKey`. */
export const registered = (request: string): BuiltKernel | undefined => kernels.get(request);
