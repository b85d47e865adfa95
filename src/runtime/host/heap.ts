/**
 * Heaps: linear memory that kernels share. A page can have about a hundred memories, and a network has more kernels
 * than that.
 *
 * A heap consists of a few memories, each as large as all before it together. A memory never grows, because growing
 * would detach the arrays that callers have of it. Pages that nobody has written take no memory.
 */
import { fail } from "../../ir/errors.js";
import { ALIGNMENT, aligned } from "../../ir/layout.js";
import { PAGE_BYTES } from "../../ir/module.js";
import type { LinearMemory } from "../global.js";
import { FreeRanges } from "./freeRanges.js";

/** A part of a memory that belongs to one owner until it is freed. */
export interface Block {
  readonly memory: LinearMemory;
  /** The address of its first byte. */
  readonly address: number;
  /** Called once. What lies in the block may be overwritten from then on. */
  free(): void;
}

export interface Heap {
  /** True if all blocks lie in one memory, so that what one owner takes later lies beside what it took before. */
  readonly isOneMemory: boolean;
  /**
   * A block of so many bytes at an address of `least` or above, a multiple of `alignment`, which is at most 64. Its
   * content is anything.
   * @throws TilewrightError `too-large`
   */
  allocate(bytes: number, least: number, alignment: number): Block;
}

/** The size of the first memory. Browsers reserve far more addresses for each. */
const FIRST_BYTES = 2 ** 24;
/** Larger memories are made only for blocks that need them: many engines find no room for one of several GiB. */
const MOST_BYTES = 2 ** 30;

class BlockMemory {
  readonly memory: WebAssembly.Memory;
  readonly #free: FreeRanges;

  constructor(
    readonly bytes: number,
    shared: boolean,
  ) {
    const pages = bytes / PAGE_BYTES;
    this.memory = new WebAssembly.Memory(shared ? { initial: pages, maximum: pages, shared } : { initial: pages });
    // Address 0 stays free, as code elsewhere takes it for no address.
    this.#free = new FreeRanges(ALIGNMENT, bytes);
  }

  get isEmpty(): boolean {
    return this.#free.bytes === this.bytes - ALIGNMENT;
  }

  allocate(bytes: number, least: number): number | undefined {
    return this.#free.take(bytes, least);
  }

  free(address: number, bytes: number): void {
    this.#free.give(address, bytes);
  }
}

/** All its blocks begin at multiples of 64. */
class OwnHeap implements Heap {
  readonly isOneMemory = false;
  #memories: readonly BlockMemory[] = [];

  constructor(readonly shared: boolean) {}

  allocate(bytes: number, least: number): Block {
    const size = Math.max(aligned(bytes), ALIGNMENT);
    for (const memory of this.#memories) {
      const address = memory.allocate(size, least);
      if (address !== undefined) return this.#block(memory, address, size);
    }
    const memory = this.#add(size, least);
    return this.#block(memory, memory.allocate(size, least) as number, size);
  }

  #block(memory: BlockMemory, address: number, bytes: number): Block {
    const free = () => {
      memory.free(address, bytes);
      // One memory stays, for whoever compiles, runs and disposes of one kernel at a time.
      if (memory.isEmpty && this.#memories.length > 1) {
        this.#memories = this.#memories.filter((other) => other !== memory);
      }
    };
    return { memory: memory.memory, address, free };
  }

  #add(bytes: number, least: number): BlockMemory {
    const needed = inPages(bytes + aligned(least) + ALIGNMENT);
    const total = this.#memories.reduce((sum, memory) => sum + memory.bytes, 0);
    const roomy = Math.max(needed, Math.min(Math.max(FIRST_BYTES, total), MOST_BYTES));
    const memory = this.#make(roomy) ?? this.#make(needed);
    if (!memory) fail("too-large", `the kernel needs ${bytes} bytes of memory, which cannot be allocated`, bytes);
    this.#memories = [...this.#memories, memory];
    return memory;
  }

  #make(bytes: number): BlockMemory | undefined {
    try {
      return new BlockMemory(bytes, this.shared);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }
}

const inPages = (bytes: number): number => Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;

/** The heaps of this process: threads can only share memory that is made for it. */
const heaps = { shared: new OwnHeap(true), private: new OwnHeap(false) };

export const ownHeap = (shared: boolean): Heap => (shared ? heaps.shared : heaps.private);
