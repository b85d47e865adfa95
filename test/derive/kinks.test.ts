/** Derivatives where there are several to choose from, and where numbers are too large: as TensorFlow has them. */
import { describe, expect, test } from "vitest";
import { variable } from "../../src/ir/affine.js";
import { withSum } from "../../src/ir/derive/algebra.js";
import { gradient } from "../../src/ir/derive/gradient.js";
import { binary, type Expr, number, plus, select, unary } from "../../src/ir/expr.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import { type Activation, epilogue } from "../../src/ir/ops/epilogue.js";
import type { Combine } from "../../src/ir/program.js";
import { at, buffer } from "../support/kernels.js";
import { programWith, stageOf } from "../support/programs.js";

const [x, y] = [at("x", "i"), at("y", "i")];

/** The derivatives of `output[i] = expr` with respect to a tensor, for an upstream of 1. */
function slopesOf(expr: Expr, tensor: "x" | "y", xs: readonly number[], ys: readonly number[] = xs): number[] {
  const count = xs.length;
  const program = programWith(
    [buffer("x", [count], "input"), buffer("y", [count], "input"), buffer("output", [count], "output")],
    [stageOf("map", { space: `i<${count}`, term: expr, to: ["output", "i"] })],
  );
  const given = Object.entries({ x: xs, y: ys, upstream: xs.map(() => 1) });
  const slopes = interpretProgram(gradient(program, tensor), new Map(given)).get("output") as Float64Array;
  return [...slopes].map((slope) => slope + 0); // no -0
}

const activated = (activation: Activation): Expr => withSum(epilogue(variable("i"), false, activation), x);
const sigmoid = activated("sigmoid");

describe("at a kink", () => {
  test("the derivative of abs is 0", () => {
    expect(slopesOf(unary("abs", x), "x", [-2, 0, 2])).toEqual([-1, 0, 1]);
  });

  test("of two equal numbers an extreme takes the first", () => {
    for (const op of ["maximum", "minimum"] as const) {
      const expr = binary(op, x, y);
      const [low, high] = op === "maximum" ? [0, 1] : [1, 0];
      expect(slopesOf(expr, "x", [1, 2, 3], [2, 2, 2])).toEqual([low, 1, high]);
      expect(slopesOf(expr, "y", [1, 2, 3], [2, 2, 2])).toEqual([high, 0, low]);
    }
  });

  // relu6 differs from TensorFlow at 6, where that has 0 for `relu6` and 1 for `clip_by_value`.
  test.each<[title: string, activation: Activation, slopes: readonly number[]]>([
    ["relu", "relu", [0, 0, 1, 1, 1]],
    ["relu6", "relu6", [0, 0, 1, 1, 0]],
    ["leaky relu", { kind: "leakyRelu", alpha: 0.25 }, [0.25, 0.25, 1, 1, 1]],
    ["clip", { kind: "clip", min: 0, max: 6 }, [0, 0, 1, 1, 0]],
  ])("%s has the derivative from below", (_, activation, slopes) => {
    expect(slopesOf(activated(activation), "x", [-1, 0, 3, 6, 7])).toEqual(slopes);
  });

  test("beside a constant it does not matter which of the two stands first", () => {
    expect(slopesOf(binary("maximum", number(0), x), "x", [-1, 0, 1])).toEqual([0, 0, 1]);
    expect(slopesOf(binary("minimum", number(0), x), "x", [-1, 0, 1])).toEqual([1, 1, 0]);
  });

  test.each<[Combine, readonly number[], readonly number[]]>([
    ["maximum", [3, 1, 3, 2, 3, 0], [2, 0, 2, 0, 2, 0]],
    ["minimum", [3, 1, 1, 2, 3, 4], [0, 3, 3, 0, 0, 0]],
  ])("all that equal a %s share its gradient", (combine, values, shares) => {
    const program = programWith(
      [buffer("x", [6], "input"), buffer("output", [1], "output")],
      [stageOf("extreme", { space: "i<1", reduce: "k<6", combine, term: at("x", "k"), to: ["output", "i"] })],
    );
    const given = new Map<string, readonly number[]>([
      ["x", values],
      ["upstream", [6]],
    ]);
    expect([...(interpretProgram(gradient(program, "x"), given).get("output") as Float64Array)]).toEqual(shares);
  });
});

describe("where a power is too large", () => {
  test.each([
    ["a sigmoid is flat", sigmoid, [0, 0.25, 0]],
    ["so is one with its constant last", binary("divide", number(1), plus(unary("exp", x), number(1))), [0, -0.25, 0]],
    ["a branch that is not taken is not felt", select("less", x, number(0), unary("exp", x), x), [0, 1, 1]],
    ["nor is the smaller of two", binary("minimum", unary("exp", x), number(2)), [0, 1, 0]],
    ["tanh is flat", unary("tanh", x), [0, 1, 0]],
  ])("%s", (_, expr, slopes) => {
    expect(slopesOf(expr, "x", [-1000, 0, 1000])).toEqual(slopes);
  });

  test("the logarithm of 1 + exp(x) goes down to 0", () => {
    const softplus = unary("log", plus(number(1), unary("exp", x)));
    expect(slopesOf(softplus, "x", [-1000, 0, 700])).toEqual([0, 0.5, 1]);
  });
});
