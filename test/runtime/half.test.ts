/** Numbers in 16 bits. */
import { expect, test } from "vitest";
import { round } from "../../src/ir/dtype.js";
import { fromHalves, toHalves } from "../../src/runtime/webgpu/half.js";

const numbersOf = (halves: Uint16Array): Float32Array => {
  const numbers = new Float32Array(halves.length);
  fromHalves(halves, numbers);
  return numbers;
};

test("the ones everybody knows", () => {
  const numbers = [0, -0, 1, -2, 0.5, 65504, 2 ** -14, 2 ** -24, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const halves = [0, 0x8000, 0x3c00, 0xc000, 0x3800, 0x7bff, 0x0400, 0x0001, 0x7c00, 0xfc00];
  expect([...toHalves(numbers)]).toEqual(halves);
  expect([...numbersOf(Uint16Array.from(halves))]).toEqual(numbers);
});

test("all of them there and back", () => {
  const all = Uint16Array.from({ length: 0x10000 }, (_, half) => half);
  const numbers = numbersOf(all);
  const back = toHalves(numbers);
  expect(all.filter((half, i) => back[i] !== half && !Number.isNaN(numbers[i]))).toEqual(new Uint16Array(0));
  expect(numbers.filter(Number.isNaN).length).toBe(2 * 1023);
});

test("between two of them the nearer one, and of two as near the even one", () => {
  const all = Uint16Array.from({ length: 0x7c00 }, (_, half) => half);
  const numbers = numbersOf(all);
  const between = Float32Array.from({ length: 3 * 0x7c00 }, (_, i) => {
    const [low, high] = [numbers[Math.floor(i / 3)] as number, numbers[Math.floor(i / 3) + 1] ?? 65536];
    return low + ((high - low) * ((i % 3) + 1)) / 4;
  });
  const wanted = between.map((x) => round.f16(x));
  expect(numbersOf(toHalves(between)).subarray(0, between.length)).toEqual(wanted);
  expect(numbersOf(toHalves(between.map((x) => -x))).subarray(0, between.length)).toEqual(wanted.map((x) => -x));
});

test("what is no number", () => {
  expect([...numbersOf(toHalves([Number.NaN, -Number.NaN]))]).toEqual([Number.NaN, Number.NaN]);
});

test("in whole words", () => {
  expect([...toHalves([1, 1, 1])]).toEqual([0x3c00, 0x3c00, 0x3c00, 0]);
  expect([...toHalves([])]).toEqual([]);
});
