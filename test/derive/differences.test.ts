/** Derivatives beside differences in float64: of expressions drawn by lot, of activations after a convolution, of norms. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type BinaryOp,
  binary,
  type Comparison,
  type Expr,
  multiply,
  number,
  plus,
  select,
  type UnaryOp,
  unary,
} from "../../src/ir/expr.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import type { Activation } from "../../src/ir/ops/epilogue.js";
import { programOf } from "../../src/ir/ops/index.js";
import { elementCount, type Program } from "../../src/ir/program.js";
import { gradientGiven, gradientUnlessZero, outputOf, tensorsOf } from "../support/derived.js";
import { PAIRS, SEED } from "../support/effort.js";
import { at, buffer } from "../support/kernels.js";
import { OPS } from "../support/ops.js";
import { programWith, stageOf } from "../support/programs.js";

/** Numbers from -2 to 2 that are the same each time. */
function noise(count: number, seed: number): Float64Array {
  let state = (seed + 1) * 0x9e3779b9;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (4 * state) / 2 ** 32 - 2;
  });
}

interface Compared {
  readonly compared: number;
  /** Elements where the difference depends on its step. */
  readonly kinks: number;
}

/** Holds some elements of each gradient to the change of `<upstream, output>` as the element changes. */
function compare(program: Program, seed: number): Compared {
  const given = new Map(tensorsOf(program).map(({ name, shape }, i) => [name, noise(elementCount(shape), seed + i)]));
  const output = outputOf(program);
  const upstream = noise(elementCount(output.shape), seed + 99);
  const valueWith = (name: string, element: number, change: number): number => {
    const changed = Float64Array.from(given.get(name) as Float64Array);
    (changed[element] as number) += change;
    const result = interpretProgram(program, new Map(given).set(name, changed)).get(output.name) as Float64Array;
    return result.reduce((sum, value, i) => sum + value * (upstream[i] as number), 0);
  };
  const counts = { compared: 0, kinks: 0 };
  for (const { name, shape } of tensorsOf(program)) {
    const derived = gradientUnlessZero(program, name, {});
    const gradients = derived && interpretProgram(derived, gradientGiven(given, upstream)).get("output");
    const count = elementCount(shape);
    for (let element = 0; element < count; element += Math.ceil(count / 7)) {
      const [coarse, fine] = [1e-4, 1e-5].map(
        (step) => (valueWith(name, element, step) - valueWith(name, element, -step)) / (2 * step),
      ) as [number, number];
      if (!(Math.abs(coarse - fine) < 1e-5 * (1 + Math.abs(fine)))) {
        counts.kinks++;
        continue;
      }
      counts.compared++;
      const slope = gradients ? (gradients[element] as number) : 0;
      expect(Math.abs(slope - fine), `${name}[${element}]: ${slope}, not ${fine}`).toBeLessThan(
        1e-4 * (1 + Math.abs(fine)),
      );
    }
  }
  return counts;
}

const half = number(0.5);
/** Any number as one for which roots and logarithms are defined. */
const positive = (expr: Expr): Expr => plus(unary("abs", expr), half);

const UNARY: Readonly<Record<UnaryOp, (expr: Expr) => Expr>> = {
  negate: (a) => unary("negate", a),
  abs: (a) => unary("abs", a),
  sqrt: (a) => unary("sqrt", positive(a)),
  exp: (a) => unary("exp", unary("tanh", a)),
  tanh: (a) => unary("tanh", a),
  log: (a) => unary("log", positive(a)),
  erf: (a) => unary("erf", a),
  sin: (a) => unary("sin", a),
  cos: (a) => unary("cos", a),
};
const BINARY: Readonly<Record<BinaryOp, (a: Expr, b: Expr) => Expr>> = {
  add: plus,
  subtract: (a, b) => binary("subtract", a, b),
  multiply,
  divide: (a, b) => binary("divide", a, positive(b)),
  minimum: (a, b) => binary("minimum", a, b),
  maximum: (a, b) => binary("maximum", a, b),
};
const COMPARED: readonly Comparison[] = ["less", "lessEqual"];
const sigmoid = (a: Expr): Expr => binary("divide", number(1), plus(number(1), unary("exp", unary("negate", a))));

const { expr: EXPRESSIONS } = fc.letrec<{ expr: Expr }>((tie) => {
  const operand = tie("expr");
  return {
    expr: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(at("x", "i"), at("y", "i"), number(0.75), number(-1.5)),
      fc.tuple(fc.constantFrom(...Object.values(UNARY), sigmoid), operand).map(([op, a]) => op(a)),
      fc.tuple(fc.constantFrom(...Object.values(BINARY)), operand, operand).map(([op, a, b]) => op(a, b)),
      fc.tuple(fc.constantFrom(...COMPARED), operand, operand, operand, operand).map((parts) => select(...parts)),
    ),
  };
});

test("expressions", () => {
  const total = { compared: 0, kinks: 0 };
  const property = fc.property(EXPRESSIONS, fc.nat(), (expr, seed) => {
    const program = programWith(
      [buffer("x", [7], "input"), buffer("y", [7], "input"), buffer("output", [7], "output")],
      [stageOf("map", { space: "i<7", term: expr, to: ["output", "i"] })],
    );
    const { compared, kinks } = compare(program, seed);
    total.compared += compared;
    total.kinks += kinks;
  });
  fc.assert(property, { seed: SEED, numRuns: PAIRS });
  console.log(`${total.compared} derivatives, ${total.kinks} kinks, seed ${SEED}`);
  expect(total.kinks).toBeLessThan(total.compared / 10);
});

const ACTIVATIONS: readonly Activation[] = [
  ...(["relu", "relu6", "sigmoid", "tanh"] as const),
  { kind: "leakyRelu", alpha: 0.125 },
  { kind: "clip", min: -0.5, max: 1.5 },
];

describe("activations", () => {
  test.each(ACTIVATIONS.map((activation) => [JSON.stringify(activation), activation] as const))(
    "%s",
    (_, activation) => {
      for (const op of ["conv2d", "atrousConv2dTranspose"] as const) {
        const filters = op === "conv2d" ? ([2, 3, 2, 3] as const) : ([2, 3, 3, 2] as const);
        const program = programOf({
          op,
          value: [1, 4, 3, 2],
          filters,
          rate: 2,
          padding: "SAME",
          bias: true,
          activation,
        });
        const { compared, kinks } = compare(program, 5);
        expect(compared).toBeGreaterThan(10);
        expect(kinks).toBeLessThan(4);
      }
    },
  );
});

describe("ops of all kinds", () => {
  test.each(OPS)("$name", ({ program }) => {
    // Of large programs a few differences take long enough.
    const { compared, kinks } = compare(program, 3);
    expect(compared).toBeGreaterThan(4);
    expect(kinks).toBeLessThan(compared);
  });
});
