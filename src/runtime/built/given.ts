/** Places kernels that were made ahead of time in a memory that is given. */
import { fail } from "../../ir/errors.js";
import type { LoadOptions } from "../definition.js";
import { checkMemory, givenHeap, isSharedFor } from "../host/givenHeap.js";
import type { Heap } from "../host/heap.js";
import type { CpuVariant } from "./modules.js";

/** A kernel that knows its files. */
interface Built {
  variantFor(target: LoadOptions["target"], threads: number): CpuVariant | undefined;
}

/** The heap in the memory of the options, and the code that can run there. */
export function placed(
  kernel: Built,
  { target, memory, threads = 1 }: LoadOptions,
): { readonly variant: CpuVariant; readonly heap: Heap } {
  const given = checkMemory(memory);
  const isShared = isSharedFor(given, threads);
  // Code for shared memory is made for threads alone.
  const variant = kernel.variantFor(target, isShared ? 2 : 1);
  if (variant === undefined || variant === "js")
    return fail("target-unavailable", `a kernel for "${variant ?? "plain"}" lies in no memory; leave memory out`);
  if (variant.endsWith("-threads") === isShared) return { variant, heap: givenHeap(given) };
  return fail(
    "target-unavailable",
    'this kernel has no code for shared memory: its targets lack "wasm-threads", or it is too small for threads; ' +
      "give it memory that is not shared, or compile its spec here",
  );
}
