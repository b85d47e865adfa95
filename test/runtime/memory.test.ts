/** Kernels in memory that was given, and calls over tensors anywhere in it. */
import { type CompileOptions, compile, interpret, type KernelMemory, type LoadOptions, register } from "tilewright";
import type { Variant } from "tilewright/runtime";
import { describe, expect, test } from "vitest";
import type { OpSpec } from "../../src/ir/ops/spec.js";
import { elementCount } from "../../src/ir/shape.js";
import { builtFor } from "../support/built.js";
import { callOf, specWith } from "../support/calls.js";
import { errorOf, rejectionOf, thrownBy } from "../support/errors.js";
import { smallIntegers } from "../support/run.js";

/** An allocator that never frees, over memory that grows as it needs. */
function growing(shared = false): KernelMemory {
  const memory = new WebAssembly.Memory(shared ? { initial: 1, maximum: 100, shared } : { initial: 1 });
  let next = 1024;
  return {
    memory,
    allocate(bytes) {
      const address = next;
      next += Math.ceil(bytes / 8) * 8;
      const lacking = next - memory.buffer.byteLength;
      if (lacking > 0) memory.grow(Math.ceil(lacking / 65_536));
      return address;
    },
    free: () => undefined,
  };
}

const SPECS: Readonly<Record<string, Partial<OpSpec>>> = {
  small: {},
  "with a bias and padding": { bias: true, rate: 3, value: [1, 12, 9, 4], filters: [3, 3, 5, 4] },
  "of many channels": { value: [1, 17, 16, 32], filters: [3, 3, 24, 32], rate: 2 },
  valid: { padding: "VALID", filters: [2, 4, 3, 2] },
};

describe.each([false, true])("memory that was given, shared: %s", (shared) => {
  test.each(Object.entries(SPECS))("%s: right, inside it", async (_, change) => {
    const memory = growing(shared);
    const options: CompileOptions = { target: "wasm", memory };
    const { kernel, weights, value, expected } = await callOf(specWith(change), options);
    expect(kernel.memory).toBe(memory.memory);
    if (!shared) expect(kernel.value.buffer).toBe(memory.memory.buffer);
    expect(kernel.runSync(value, weights)).toEqual(expected);
    expect(await kernel.run(value, weights)).toEqual(expected);
  });

  test("many kernels in one, and arrays that are taken again after it has grown", async () => {
    const memory = growing(shared);
    const calls = await Promise.all(
      Object.values(SPECS).map((change) => callOf(specWith(change), { target: "wasm", memory })),
    );
    const [first] = calls;
    const before = first?.kernel.value;
    memory.memory.grow(1);
    if (!shared) expect(before?.length).toBe(0);
    expect(first?.kernel.value.length).toBe(40);
    for (const { kernel, weights, value, expected } of calls) {
      kernel.value.set(value);
      expect(kernel.runSync(kernel.value, weights, kernel.output)).toEqual(expected);
    }
  });
});

test("an array without elements may lie in memory that has grown since, or be transferred", async () => {
  const memory = growing();
  const { kernel, weights } = await callOf(specWith({ value: [1, 0, 5, 2], padding: "VALID" }), {
    target: "wasm",
    memory,
  });
  const before = kernel.value;
  memory.memory.grow(1);
  const zeros = new Float32Array(42);
  expect(kernel.runSync(before, weights)).toEqual(zeros);
  kernel.value.set([]);
  expect(kernel.runSync(kernel.value, weights, kernel.output)).toEqual(zeros);
  const transferred = new Float32Array(0);
  structuredClone(transferred, { transfer: [transferred.buffer] });
  expect(kernel.runSync(transferred, weights)).toEqual(zeros);
});

test("threads in shared memory that was given", async () => {
  const spec = specWith({ value: [1, 33, 33, 64], filters: [3, 3, 64, 64], rate: 2 });
  const memory = growing(true);
  const { kernel, weights, value, expected } = await callOf(spec, { target: "wasm", threads: 2, memory });
  expect(kernel.explain()).toContain("2 threads");
  expect(await kernel.run(value, weights)).toEqual(expected);
});

describe("kernels that were made ahead of time, in memory that was given", () => {
  const LARGE = specWith({ value: [1, 33, 33, 64], filters: [3, 3, 64, 64], rate: 2 });
  const ALL = ["js", "wasm-relaxed", "wasm-simd128", "wasm-relaxed-threads", "wasm-simd128-threads"] as const;
  const load = (options: LoadOptions, variants: readonly Variant[] = ALL) =>
    builtFor(LARGE, variants).kernel.load(options);

  test.each([
    ["its own", {}, false],
    ["shared", {}, true],
    ["shared, with threads", { threads: 2 }, true],
  ] as const)("%s: right, inside it", async (_, options, shared) => {
    const memory = growing(shared);
    const kernel = await load({ ...options, memory });
    expect(kernel.memory).toBe(memory.memory);
    expect(kernel.explain()).toContain("threads" in options ? "2 threads" : "one thread");
    const [value, filters] = [LARGE.value, LARGE.filters].map((shape, i) => smallIntegers(elementCount(shape), i + 1));
    const weights = kernel.prepare(filters as Float32Array);
    const expected = Float32Array.from(interpret(LARGE, value as Float32Array, filters as Float32Array));
    expect(await kernel.run(value as Float32Array, weights)).toEqual(expected);
  });

  test("are refused where they cannot lie in it", async () => {
    const refusal = async (...given: Parameters<typeof load>) => errorOf(await rejectionOf(load(...given)));
    expect(await refusal({ memory: null as never })).toMatch(/^invalid-argument: memory must be \{ memory, allocate/);
    expect(await refusal({ memory: growing(), threads: 2 })).toBe(
      "invalid-argument: threads need shared memory, and the given memory is not; leave threads out",
    );
    for (const [options, tier] of [
      [{ target: "js" }, "js"],
      [{ target: "plain" }, "plain"],
    ] as const)
      expect(await refusal({ ...options, memory: growing() })).toBe(
        `target-unavailable: a kernel for "${tier}" lies in no memory; leave memory out`,
      );
    expect(await refusal({ memory: growing() }, ["js"])).toMatch(/^target-unavailable: a kernel for "js" lies in no/);
    expect(await refusal({ memory: growing(true) }, ["js", "wasm-simd128"])).toMatch(
      /^target-unavailable: this kernel has no code for shared memory: its targets lack "wasm-threads"/,
    );
  });

  test("that were registered are taken by compile", async () => {
    const memory = growing();
    const { kernel: built, loaded } = builtFor(specWith(), ALL);
    register([built]);
    const { kernel, weights, value, expected } = await callOf(specWith(), { target: "wasm", memory });
    expect(loaded.length).toBe(1);
    expect(kernel.memory).toBe(memory.memory);
    expect(kernel.runSync(value, weights)).toEqual(expected);
  });
});

describe("what cannot be", () => {
  const refusal = async (options: object) =>
    errorOf(await rejectionOf(compile(specWith(), { target: "wasm", ...options })));

  test("memory without an allocator", async () => {
    const { memory } = growing();
    for (const given of [memory, null, 7, { memory }, { memory: {}, allocate() {}, free() {} }]) {
      expect(await refusal({ memory: given })).toMatch(
        /^invalid-argument: memory must be \{ memory, allocate, free \}/,
      );
    }
  });

  test("threads in memory that is not shared", async () => {
    expect(await refusal({ memory: growing(), threads: 2 })).toBe(
      "invalid-argument: threads need shared memory, and the given memory is not; leave threads out",
    );
  });

  test("JavaScript in memory", async () => {
    expect(await refusal({ memory: growing(), target: "js" })).toBe(
      'target-unavailable: a kernel for "js" lies in no memory; leave memory out',
    );
    const { kernel, weights } = await callOf(specWith(), { target: "js" });
    expect(kernel.memory).toBeUndefined();
    expect(errorOf(thrownBy(() => kernel.runAt({ value: 0, output: 0 }, weights)))).toBe(
      'target-unavailable: a kernel for "js" runs on arrays; call runSync',
    );
  });
});

describe("runAt", () => {
  test.each(Object.entries(SPECS))("%s: right wherever the tensors lie", async (_, change) => {
    const memory = growing();
    const { kernel, weights, value, expected } = await callOf(specWith(change), { target: "wasm", memory });
    for (let i = 0; i < 6; i++) {
      const places = { value: memory.allocate(4 * value.length + 64), output: memory.allocate(4 * expected.length) };
      // Any multiple of 4 will do.
      places.value += 4 * i;
      new Float32Array(memory.memory.buffer, places.value, value.length).set(value);
      const output = new Float32Array(memory.memory.buffer, places.output, expected.length).fill(Number.NaN);
      for (let again = 0; again < 2; again++) kernel.runAt(places, weights);
      expect(output).toEqual(expected);
    }
    expect(kernel.runSync(value, weights)).toEqual(expected);
  });

  test("one kernel reads where another has written", async () => {
    const square = specWith({ filters: [3, 3, 2, 2] });
    const [one, other] = [await callOf(square, { target: "wasm" }), await callOf(square, { target: "wasm" })];
    expect(one.kernel.memory).toBe(other.kernel.memory);
    one.kernel.value.set(one.value);
    const { value, output } = one.kernel;
    one.kernel.runAt({ value: value.byteOffset, output: other.kernel.value.byteOffset }, one.weights);
    one.kernel.runSync(value, one.weights, output);
    expect(other.kernel.value).toEqual(output);
  });

  test("places that cannot be", async () => {
    const { kernel, weights } = await callOf(specWith({ rate: 2 }), { target: "wasm", memory: growing() });
    const refused = (value: unknown, output: unknown) =>
      errorOf(thrownBy(() => kernel.runAt({ value, output } as never, weights)));
    expect(refused(2, 4096)).toBe("invalid-argument: the address of value must be a multiple of 4 below 2^32; got 2");
    for (const strange of ["8", null, Number.NaN, 2 ** 32, -(2 ** 31) - 4, 0.5, 8n]) {
      expect(refused(4096, strange)).toMatch(/^invalid-argument: the address of output must be a multiple of 4/);
    }
    expect(refused(0, 4096)).toMatch(/^invalid-argument: value must lie at \d+ or above, as its kernel counts from/);
    expect(refused(4096, 65_532)).toBe(
      "invalid-argument: output at 65532 ends at 65772, beyond its memory of 65536 bytes",
    );
    expect(refused(4096, -4)).toMatch(/beyond its memory/);
    expect(refused(4096, 4200)).toBe("invalid-argument: value and output share memory; give each a place of its own");
    expect(errorOf(thrownBy(() => kernel.runAt({ value: 4096 } as never, weights)))).toMatch(/address of output/);
    expect(errorOf(thrownBy(() => kernel.runAt({ value: 4096, output: 0, x: 1 }, weights)))).toBe(
      'invalid-argument: there is no tensor "x"; its tensors are value, output',
    );
  });
});
