/** Heaps: blocks that never overlap, memory that is used again, and memories that are few and never grow. */
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { aligned } from "../../src/ir/layout.js";
import { FreeRanges } from "../../src/runtime/host/freeRanges.js";
import { givenHeap, type KernelMemory } from "../../src/runtime/host/givenHeap.js";
import { type Block, ownHeap } from "../../src/runtime/host/heap.js";
import { PAIRS, SEED } from "../support/effort.js";
import { errorOf, thrownBy } from "../support/errors.js";

afterEach(() => vi.restoreAllMocks());

describe("free ranges", () => {
  const END = 64 * 1000;
  const request = fc.record({
    blocks: fc.integer({ min: 1, max: 60 }),
    least: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: END })),
    gives: fc.integer({ min: 0, max: 3 }),
    which: fc.nat(),
  });

  test("random takes and gives: nothing overlaps, nothing is lost", () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.array(request, { maxLength: 80 }), (requests) => {
        const free = new FreeRanges(64, END);
        const held: { begin: number; bytes: number }[] = [];
        const give = (which: number) => {
          const [one] = held.splice(which % held.length, 1);
          if (one) free.give(one.begin, one.bytes);
        };
        for (const { blocks, least, gives, which } of requests) {
          const bytes = 64 * blocks;
          const begin = free.take(bytes, least);
          if (begin !== undefined) {
            taken++;
            expect(begin % 64).toBe(0);
            expect(begin).toBeGreaterThanOrEqual(Math.max(64, least));
            expect(begin + bytes).toBeLessThanOrEqual(END);
            for (const other of held) {
              expect(begin + bytes <= other.begin || other.begin + other.bytes <= begin).toBe(true);
            }
            held.push({ begin, bytes });
          }
          for (let i = 0; i < gives && held.length > 0; i++) give(which + i);
          expect(free.bytes).toBe(END - 64 - held.reduce((sum, one) => sum + one.bytes, 0));
        }
        while (held.length > 0) give(held.length >> 1);
        // All neighbours have joined: the whole is one range again.
        expect(free.take(END - 64, 0)).toBe(64);
      }),
      { seed: SEED, numRuns: PAIRS },
    );
    expect(taken).toBeGreaterThan(PAIRS);
  });

  test("the smallest range that fits is taken", () => {
    const free = new FreeRanges(0, 64 * 100);
    const places = [10, 1, 4, 1, 84].map((blocks) => free.take(64 * blocks, 0) as number);
    free.give(places[0] as number, 64 * 10);
    free.give(places[2] as number, 64 * 4);
    expect(free.take(64 * 3, 0)).toBe(places[2]);
    expect(free.take(64 * 5, 0)).toBe(places[0]);
    expect(free.take(64 * 6, 0)).toBeUndefined();
  });
});

describe.each([false, true])("the library's own heap, shared: %s", (shared) => {
  const heap = ownHeap(shared);

  test("kernels' worth of blocks that come and go fit in few memories, of not much more than they need", () => {
    let state = SEED >>> 0;
    const random = (limit: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    };
    const held: { block: Block; bytes: number }[] = [];
    const memories = new Set<WebAssembly.Memory>();
    let [live, most] = [0, 0];
    for (let i = 0; i < 4000; i++) {
      const bytes = 64 + random(2 ** (8 + random(14)));
      const block = heap.allocate(bytes, random(4) === 0 ? random(2 ** 20) : 0, 64);
      memories.add(block.memory);
      held.push({ block, bytes });
      live += bytes;
      most = Math.max(most, live);
      while (held.length > 400 || (held.length > 0 && random(3) === 0)) {
        const [one] = held.splice(random(held.length), 1);
        one?.block.free();
        live -= one?.bytes ?? 0;
      }
    }
    const there = new Set(held.map(({ block }) => block.memory));
    const total = [...there].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
    for (const { block } of held) block.free();
    expect(memories.size, `seed ${SEED}`).toBeLessThan(12);
    expect(total, `seed ${SEED}`).toBeLessThan(3 * Math.max(most, 2 ** 24));
  });

  test("a memory with nothing in it is dropped, but one that is kept for the next kernel", () => {
    const large = heap.allocate(2 ** 27, 0, 64);
    const again = heap.allocate(2 ** 27, 0, 64);
    expect(again.memory).not.toBe(large.memory);
    large.free();
    again.free();
    const { Memory: Real } = WebAssembly;
    const Memory = vi.spyOn(WebAssembly, "Memory").mockImplementation(function made(given) {
      return new Real(given);
    });
    heap.allocate(2 ** 10, 0, 64).free();
    expect(Memory).not.toHaveBeenCalled();
    const blocks = [heap.allocate(2 ** 27, 0, 64), heap.allocate(2 ** 27, 0, 64)];
    expect(Memory).toHaveBeenCalled();
    for (const block of blocks) block.free();
  });

  test("a block lies as high as it must", () => {
    const block = heap.allocate(100, 2 ** 22 + 1, 64);
    expect(block.address).toBeGreaterThan(2 ** 22);
    expect(block.address % 64).toBe(0);
    block.free();
  });
});

describe("a heap in somebody else's memory", () => {
  /** Gives one range after the other, each a little off. */
  function bump(begin = 8): KernelMemory & { readonly taken: number[]; readonly freed: number[] } {
    const memory = new WebAssembly.Memory({ initial: 2 });
    let next = begin;
    const [taken, freed] = [[] as number[], [] as number[]];
    const allocate = (bytes: number) => {
      const address = next;
      next += bytes + 8;
      taken.push(address);
      return address;
    };
    return { memory, taken, freed, allocate, free: (address) => void freed.push(address) };
  }

  test("aligns what its owner gives, and gives back the same", () => {
    const owner = bump();
    const block = givenHeap(owner).allocate(100, 0, 64);
    expect(block.memory).toBe(owner.memory);
    expect(block.address).toBe(64);
    block.free();
    expect(owner.freed).toEqual([8]);
  });

  test("aligns to no more than what is asked for", () => {
    expect(givenHeap(bump(24)).allocate(100, 0, 16).address).toBe(32);
  });

  test("a block that would lie too low lies inside a longer one", () => {
    const owner = bump();
    const block = givenHeap(owner).allocate(1000, 5000, 64);
    expect(block.address).toBe(aligned(5000));
    expect(owner.freed).toEqual(owner.taken.slice(0, 1));
    block.free();
    expect(owner.freed).toEqual(owner.taken);
  });

  test("no room, and room that is not there", () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const giving = (address: unknown) =>
      givenHeap({ memory, allocate: () => address as number, free: () => undefined });
    for (const nothing of [0, undefined, Number.NaN, "8"]) {
      expect(errorOf(thrownBy(() => giving(nothing).allocate(100, 0, 64)))).toBe(
        "too-large: the kernel needs 164 bytes of the given memory, which has none left",
      );
    }
    expect(errorOf(thrownBy(() => giving(-8).allocate(100, 0, 64)))).toBe(
      "invalid-argument: memory.allocate(164) gave -8, beyond the end of the memory",
    );
  });
});
