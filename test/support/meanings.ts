/** Programs beside loops that say the same: interpreted, on every target of this machine, and validated for a GPU. */
import { compileProgram } from "tilewright/compiler";
import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS, wgslTarget } from "../../src/codegen/target.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import { elementCount, type Program } from "../../src/ir/program.js";
import { PROGRAM_WAYS } from "./programWays.js";
import { givenFor } from "./run.js";
import { validate } from "./webgpu.js";

/** Reads an element, or what lies beyond a tensor. */
export type Read = (tensor: string, at: readonly number[], beyond?: number) => number;

/** What the output of a program is. */
export interface Meaning {
  readonly name: string;
  readonly shape: readonly number[];
  readonly element: (at: readonly number[], read: Read) => number;
  /** How far float32 may be off; 0 where small integers leave no choice. */
  readonly bound?: number;
}

const times = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** All values of some counters. */
export const over = (...counts: readonly number[]): number[][] =>
  counts.reduce<number[][]>((all, count) => all.flatMap((one) => times(count).map((i) => [...one, i])), [[]]);

function expectedOf({ shape, element }: Meaning, program: Program): number[] {
  const given = givenFor(program, 1);
  const read: Read = (tensor, at, beyond) => {
    const sizes = program.buffers.find(({ name }) => name === tensor)?.shape ?? [];
    if (at.some((i, place) => i < 0 || i >= (sizes[place] as number))) {
      if (beyond === undefined) throw new Error(`${tensor}[${at}] lies outside`);
      return beyond;
    }
    return given.get(tensor)?.[at.reduce((sum, i, place) => sum * (sizes[place] as number) + i, 0)] as number;
  };
  return over(...shape).map((at) => element(at, read));
}

function expectNear(actual: ArrayLike<number>, expected: readonly number[], bound: number): void {
  expect(actual.length).toBe(expected.length);
  const wrong = expected.findIndex((value, i) => {
    const found = actual[i] as number;
    return !Object.is(found + 0, value + 0) && !(Math.abs(found - value) <= bound);
  });
  if (wrong >= 0) throw new Error(`element ${wrong} is ${actual[wrong]} instead of ${expected[wrong]}`);
}

/** Throws if elements that were computed from small integers are not what they should be. */
export function expectMeaning(actual: Float32Array | Float64Array, meaning: Meaning, program: Program): void {
  try {
    expectNear(actual, expectedOf(meaning, program), meaning.bound ?? 0);
  } catch (error) {
    throw new Error(`${meaning.name}: ${(error as Error).message}`);
  }
}

/** Tests that each program has its meaning. */
export function describeMeanings<M extends Meaning>(cases: readonly M[], programOf: (one: M) => Program): void {
  describe("the meaning", () => {
    test.each(cases)("$name", (one) => {
      const program = programOf(one);
      const output = program.buffers.find(({ name }) => name === "output");
      expect(output?.shape).toEqual(one.shape);
      const actual = interpretProgram(program, givenFor(program, 1)).get("output") as Float64Array;
      expect(actual.length).toBe(elementCount(one.shape));
      expectNear(actual, expectedOf(one, program), one.bound ? 1e-12 : 0);
    });
  });

  describe.each(PROGRAM_WAYS.filter(([, , runsHere]) => runsHere))("%s", (_, load) => {
    test.each(cases)("$name", async (one) => {
      const program = programOf(one);
      const given = givenFor(program, 1);
      const pick = (names: readonly string[]) =>
        Object.fromEntries(names.map((name) => [name, given.get(name) as Float32Array]));
      const kernel = await load(program);
      const weights = kernel.prepare(pick(kernel.weightNames));
      const result = await kernel.run(pick(kernel.inputNames), weights);
      expectNear(result.output as Float32Array, expectedOf(one, program), one.bound ?? 0);
      kernel.dispose();
    });
  });

  describe("on a GPU: validated", () => {
    test.each(cases)("$name", async (one) => {
      const target = wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" });
      expect(await validate(compileProgram(programOf(one), { target }))).toEqual([]);
    });
  });
}
