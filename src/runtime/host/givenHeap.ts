/** Heaps in somebody else's memory, over its owner's allocator. */
import { fail, reading, show } from "../../ir/errors.js";
import type { LinearMemory } from "../global.js";
import type { Block, Heap } from "./heap.js";

/** A memory that is not the library's own, such as that of a module compiled from C, and its allocator. */
export interface KernelMemory {
  /**
   * It may grow, which empties arrays over it. Kernels take memory in it when they get weights, and for inputs and
   * outputs when these are first asked for or a call copies them; `runAt` takes none. If the memory is shared, kernels
   * in it can have threads.
   */
  readonly memory: LinearMemory;
  /** The address of a free range of so many bytes, as `malloc` gives it; 0 if there is none. */
  allocate(bytes: number): number;
  /** Takes back a range by the address that `allocate` gave. */
  free(address: number): void;
}

export function checkMemory(given: unknown): KernelMemory {
  const isOne = reading("memory", () => {
    const { memory, allocate, free } = (given ?? {}) as Partial<KernelMemory>;
    const isMemory = Object.prototype.toString.call(memory) === "[object WebAssembly.Memory]";
    return isMemory && typeof allocate === "function" && typeof free === "function";
  });
  if (isOne) return given as KernelMemory;
  return fail(
    "invalid-argument",
    "memory must be { memory, allocate, free }: a WebAssembly.Memory and the functions of its allocator; " +
      `got ${show(given)}`,
  );
}

/** True if the memory is shared, as it must be for more than one thread. */
export function isSharedFor({ memory }: KernelMemory, threads: number): boolean {
  const isShared = typeof SharedArrayBuffer !== "undefined" && memory.buffer instanceof SharedArrayBuffer;
  if (isShared || threads === 1) return isShared;
  return fail("invalid-argument", "threads need shared memory, and the given memory is not; leave threads out");
}

export function givenHeap(given: KernelMemory): Heap {
  return {
    isOneMemory: true,
    allocate(bytes, least, alignment): Block {
      const aligned = (address: number) => Math.ceil(address / alignment) * alignment;
      const found = take(given, bytes + alignment);
      if (aligned(found) >= least) return blockAt(given, found, aligned(found));
      // The block must not begin so low. It lies inside a longer one, of which a part stays unused.
      given.free(found);
      const longer = take(given, bytes + alignment + least);
      return blockAt(given, longer, aligned(Math.max(longer, least)));
    },
  };
}

function take(owner: KernelMemory, bytes: number): number {
  const given: unknown = owner.allocate(bytes);
  // Addresses from 2 GiB on come out of WebAssembly as negative numbers.
  const address = typeof given === "number" ? given >>> 0 : 0;
  if (address === 0)
    fail("too-large", `the kernel needs ${bytes} bytes of the given memory, which has none left`, bytes);
  if (address + bytes > owner.memory.buffer.byteLength) {
    fail("invalid-argument", `memory.allocate(${bytes}) gave ${show(given)}, beyond the end of the memory`);
  }
  return address;
}

const blockAt = (owner: KernelMemory, given: number, address: number): Block => ({
  memory: owner.memory,
  address,
  free: () => owner.free(given),
});
