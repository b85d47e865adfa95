/** Random formulas: their text says the same, their programs compute what they mean, and so does the code of every target. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formulaOf, formulaProgram, parseFormula, printFormula } from "../../src/formula/index.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import type { Program } from "../../src/ir/program.js";
import { PAIRS, SEED } from "../support/effort.js";
import { evaluate } from "../support/evaluate.js";
import { FormulaBuilder, type RandomFormula, sizesOf } from "../support/formulas.js";
import { roadOf, TARGETS, wrongCode, wrongPass } from "../support/programs.js";
import { smallIntegers } from "../support/run.js";

/** A tree without places. */
const bare = (node: unknown): unknown =>
  JSON.parse(JSON.stringify(node, (key, value) => (key === "span" ? undefined : value)));

function programOf({ formula, shapes, inputs }: RandomFormula): Program {
  const tensors = Object.fromEntries(
    Object.entries(shapes).filter(([name]) => inputs.includes(name) || name === "output"),
  );
  return formulaProgram(formula, { tensors });
}

const isNear = (actual: number, expected: number): boolean =>
  actual === expected ||
  (Number.isNaN(actual) && Number.isNaN(expected)) ||
  Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected));

const givenFor = (random: RandomFormula) =>
  new Map(sizesOf(random).map(([name, size], i) => [name, smallIntegers(size, i)]));

const formulas = (draw: fc.GeneratorValue, isExact = false) => new FormulaBuilder(draw, isExact).build();

const property = (check: (random: RandomFormula) => void, numRuns: number, isExact = false) =>
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const random = formulas(draw, isExact);
      try {
        check(random);
      } catch (error) {
        throw new Error(`${printFormula(random.formula)}\n${JSON.stringify(random.shapes)}`, { cause: error });
      }
    }),
    { seed: SEED, numRuns },
  );

test("what is printed is parsed again", () => {
  property(({ formula }) => {
    expect(bare(parseFormula(printFormula(formula)))).toEqual(bare(formula));
  }, 10 * PAIRS);
});

test("programs compute what formulas mean", () => {
  property((random) => {
    const given = givenFor(random);
    const actual = interpretProgram(programOf(random), given);
    for (const [name, expected] of evaluate(random.formula, random, given)) {
      const found = actual.get(name) as Float64Array;
      expect(found.length).toBe(expected.length);
      const wrong = expected.findIndex((value, i) => !isNear(found[i] as number, value));
      if (wrong >= 0) throw new Error(`element ${wrong} of ${name} is ${found[wrong]} instead of ${expected[wrong]}`);
    }
  }, 10 * PAIRS);
});

test("programs print as formulas of the same program", () => {
  property((random) => {
    const { formula, ...options } = formulaOf(programOf(random));
    expect(formulaOf(formulaProgram(parseFormula(formula), options))).toEqual({ formula, ...options });
  }, PAIRS);
});

describe.each(TARGETS)("%s", (_, target, runsHere) => {
  test("code computes what programs mean", () => {
    property(
      (random) => {
        const program = programOf(random);
        const road = roadOf(program, {}, target);
        expect(wrongPass(program, road, givenFor(random))).toBeUndefined();
        if (runsHere) expect(wrongCode(program, road, target, givenFor(random))).toBeUndefined();
      },
      Math.ceil(PAIRS / 10),
      true,
    );
  });
});
