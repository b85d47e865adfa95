/** Halves in WebAssembly: every one of them is read as it is, and numbers become the nearest one. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lower } from "../../src/codegen/lower.js";
import { renderWasm } from "../../src/codegen/module/wasm.js";
import { type Expr, splat } from "../../src/ir/expr.js";
import { layOut } from "../../src/ir/layout.js";
import { PAGE_BYTES } from "../../src/ir/module.js";
import type { BufferDecl } from "../../src/ir/program.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { SEED } from "../support/effort.js";
import { at, buffer, kernel, loop, store } from "../support/kernels.js";
import { machine, textOf } from "../support/wasm.js";

const LEVELS = ["none", "simd128"] as const;

/** The bytes of `out`, after a kernel over the bytes of `x` has run. */
function outOf(
  x: Uint16Array | Float32Array,
  buffers: readonly BufferDecl[],
  body: readonly Stmt[],
  simd: "none" | "simd128" = "simd128",
): ArrayBuffer {
  const part = renderWasm("tiny", [lower(kernel(buffers, body, "f32"), machine({ simd }))], false);
  textOf(part.code); // throws where it is not valid
  const { offsets, bytes } = layOut(part.buffers);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) });
  const memoryOf = (name: string) => offsets.get(name) as number;
  new Uint8Array(memory.buffer).fill(0xff).set(new Uint8Array(x.buffer), memoryOf("x"));
  const env = Object.assign(Object.create(Math), { memory });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(part.code), { env });
  (exports.tiny as (...addresses: number[]) => void)(...(part.entries[0]?.buffers.map(memoryOf) ?? []));
  return memory.buffer.slice(memoryOf("out"));
}

/** The bits of the float32 that a half is. */
function bitsOf(half: number): number {
  const [sign, exponent, fraction] = [(half & 0x8000) << 16, (half >> 10) & 31, half & 1023];
  if (exponent === 31) return (sign | 0x7f800000 | (fraction << 13)) >>> 0;
  const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
  return (sign | (new Uint32Array(Float32Array.of(size).buffer)[0] as number)) >>> 0;
}

const ALL = Uint16Array.from({ length: 0x10000 }, (_, half) => half);
const READ = Uint32Array.from(ALL, bitsOf);

describe("a half is read as the number that it is, bit by bit, be it infinite or none", () => {
  const buffers = (length: number) => [buffer("x", [0x10000], "input", "f16"), buffer("out", [length], "output")];
  const expectAll = (bytes: ArrayBuffer, lanes = 1) => {
    const bits = new Uint32Array(bytes, 0, lanes * 0x10000);
    const wrong = bits.findIndex((one, i) => one !== READ[Math.floor(i / lanes)]);
    expect(wrong, `half ${Math.floor(wrong / lanes).toString(16)} is ${bits[wrong]?.toString(16)}`).toBe(-1);
  };
  test.each(LEVELS)("one by one, %s", (simd) => {
    expectAll(outOf(ALL, buffers(0x10000), [loop("i", 0x10000, [store("out", ["i"], at("x", "i"))])], simd));
  });
  test("four at a time", () => {
    const lanes = loop("l", 4, [store("out", ["4*i + l"], at("x", "4*i + l"))], "vectorized");
    expectAll(outOf(ALL, buffers(0x10000), [loop("i", 0x4000, [lanes])]));
  });
  test("one for all lanes", () => {
    const body = [loop("i", 0x10000, [store("out", ["4*i"], splat(at("x", "i"), 4))])];
    expectAll(outOf(ALL, buffers(0x40000), body), 4);
  });
});

/** Finite halves from zero on, in order; the bits of each are its place. */
const SIZES = Float64Array.from({ length: 0x7c00 }, (_, half) =>
  half < 1024 ? half * 2 ** -24 : (1024 + (half & 1023)) * 2 ** ((half >> 10) - 25),
);

/** The bits of the nearest half by looking for it. Beyond the largest one the next step would be 65536. */
function nearest(value: number): number {
  const sign = Object.is(Math.sign(value), -0) || value < 0 ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(size)) return 0x7e00;
  let [low, high] = [0, 0x7c00];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((SIZES[middle] as number) <= size) low = middle;
    else high = middle;
  }
  const [below, above] = [SIZES[low] as number, SIZES[high] ?? 65_536];
  const isNearer = size - below < above - size || (size - below === above - size && low % 2 === 0);
  return sign | (isNearer ? low : high);
}

describe("a number is written as the nearest half, and of two as near as the even one", () => {
  const INFINITY = Number.POSITIVE_INFINITY;
  const edges = [
    0,
    65_504,
    65_519.996,
    65_520,
    65_535,
    65_536,
    1e30,
    2 ** 127,
    INFINITY,
    2 ** -24,
    2 ** -25,
    2 ** -149,
  ];
  const between = Array.from(SIZES).flatMap((low, i) => {
    const step = ((SIZES[i + 1] ?? 65_536) - low) / 4;
    return [low, low + step, low + 2 * step, low + 3 * step];
  });
  const bits = fc.sample(fc.integer({ min: 0, max: 0xffffffff }), { seed: SEED, numRuns: 20_000 });
  const random = new Float32Array(Uint32Array.from(bits).buffer);
  const near = fc.sample(fc.float({ min: -70_000, max: 70_000, noNaN: true }), { seed: SEED, numRuns: 20_000 });
  const NUMBERS = Float32Array.from([...edges, ...between, ...random, ...near].flatMap((x) => [x, -x]));
  const WRITTEN = Uint16Array.from(NUMBERS, nearest);
  const length = NUMBERS.length;
  const buffers = [buffer("x", [length], "input"), buffer("out", [length], "output", "f16")];

  const expectNearest = (bytes: ArrayBuffer) => {
    const halves = new Uint16Array(bytes, 0, length);
    // What is no number may have either sign.
    const isSame = (half: number, i: number) =>
      Number.isNaN(NUMBERS[i]) ? (half & 0x7fff) === 0x7e00 : half === WRITTEN[i];
    const wrong = halves.findIndex((half, i) => !isSame(half, i));
    expect(wrong, `seed ${SEED}: ${NUMBERS[wrong]} is ${halves[wrong]?.toString(16)}`).toBe(-1);
  };
  const written = (value: Expr) => store("out", ["4*i + l"], value);

  test.each(LEVELS)("one by one, %s", (simd) => {
    expectNearest(outOf(NUMBERS, buffers, [loop("i", length, [store("out", ["i"], at("x", "i"))])], simd));
  });
  test("four at a time", () => {
    expect(length % 4).toBe(0);
    const lanes = loop("l", 4, [written(at("x", "4*i + l"))], "vectorized");
    expectNearest(outOf(NUMBERS, buffers, [loop("i", length / 4, [lanes])]));
  });
  test("and every half comes back from what it was read as", () => {
    const both = [buffer("x", [0x10000], "input", "f16"), buffer("out", [0x10000], "output", "f16")];
    const lanes = loop("l", 4, [written(at("x", "4*i + l"))], "vectorized");
    const halves = new Uint16Array(outOf(ALL, both, [loop("i", 0x4000, [lanes])]), 0, 0x10000);
    const isNumber = (half: number) => (half & 0x7fff) <= 0x7c00;
    expect(ALL.filter((half, i) => isNumber(half) && halves[i] !== half)).toEqual(new Uint16Array(0));
  });
});
