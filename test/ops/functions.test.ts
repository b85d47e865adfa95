/**
 * Functions and `select` on every target, elementwise and after a sum, on ordinary numbers and on the ends of the number
 * line.
 */
import { compileProgram } from "tilewright/compiler";
import { loadKernel } from "tilewright/runtime";
import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS, wgslTarget } from "../../src/codegen/target.js";
import { erf } from "../../src/ir/erf.js";
import { COMPARISONS, type Comparison, type Expr, local, multiply, number, select, unary } from "../../src/ir/expr.js";
import { type Program, SUM } from "../../src/ir/program.js";
import { at, buffer } from "../support/kernels.js";
import { FEATURES, needs } from "../support/needs.js";
import { programWith, stageOf } from "../support/programs.js";
import { PROGRAM_WAYS } from "../support/programWays.js";
import { gpuDevice, validate } from "../support/webgpu.js";

const device = await gpuDevice();

interface Case {
  readonly name: string;
  readonly of: (x: Expr) => Expr;
  readonly meaning: (x: number) => number;
  /** How far a result may be from the meaning rounded to float32. */
  readonly bound: number;
  /** The same on a GPU, for numbers of `ORDINARY`. */
  readonly onGpu: number;
}

/** What JavaScript says of two numbers, without the interpreter. */
const HOLDS: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  less: (a, b) => a < b,
  lessEqual: (a, b) => a <= b,
  equal: (a, b) => a === b,
};

const CASES: readonly Case[] = [
  { name: "log", of: (x) => unary("log", x), meaning: Math.log, bound: 0, onGpu: 2 ** -20 },
  { name: "sin", of: (x) => unary("sin", x), meaning: Math.sin, bound: 0, onGpu: 2 ** -11 },
  { name: "cos", of: (x) => unary("cos", x), meaning: Math.cos, bound: 0, onGpu: 2 ** -11 },
  { name: "erf", of: (x) => unary("erf", x), meaning: erf, bound: 1e-7, onGpu: 3e-7 },
  // Not 0 where x is infinite or NaN.
  { name: "x * 0", of: (x) => multiply(x, number(0)), meaning: (x) => x * 0, bound: 0, onGpu: 0 },
  { name: "0 * x", of: (x) => multiply(number(0), x), meaning: (x) => x * 0, bound: 0, onGpu: 0 },
  ...(Object.keys(COMPARISONS) as Comparison[]).flatMap((op): Case[] => [
    {
      // The square root of a negative number is NaN, which no branch may let through that is not taken.
      name: `where x ${COMPARISONS[op]} 0.5, else a root`,
      of: (x) => select(op, x, number(0.5), number(2), unary("sqrt", x)),
      meaning: (x) => (HOLDS[op](x, 0.5) ? 2 : Math.sqrt(x)),
      ...{ bound: 0, onGpu: 2 ** -20 },
    },
    {
      name: `where 0.5 ${COMPARISONS[op]} x, a root`,
      of: (x) => select(op, number(0.5), x, unary("sqrt", x), number(-2)),
      meaning: (x) => (HOLDS[op](0.5, x) ? Math.sqrt(x) : -2),
      ...{ bound: 0, onGpu: 2 ** -20 },
    },
  ]),
];

const ENDS = [-3.4e38, -1e30, -1e-40, -0, 0, 1e-45, 1e-20, 0.99999994, 1, 1.0000001, 4, 4.5, 1e30, 3.4e38];
const SPECIAL = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN];
/** Numbers for which WGSL says how exact its functions are. */
const ORDINARY = Array.from({ length: 24 }, (_, i) => (i + 1) / 8);

/** Lanes of columns, a rest, and less than a vector. */
const COLUMNS = [8, 5, 1];

const elementwise = ({ of }: Case, rows: number, columns: number): Program =>
  programWith(
    [buffer("x", [rows, columns], "input"), buffer("output", [rows, columns], "output")],
    [stageOf("s", { space: `i<${rows} j<${columns}`, term: of(at("x", "i", "j")), to: ["output", "i", "j"] })],
  );

/** A sum of x and nothing else, so that the function gets the same numbers as by itself. */
const afterSum = ({ of }: Case, rows: number, columns: number): Program =>
  programWith(
    [
      ...[buffer("x", [rows, columns], "input"), buffer("ones", [1], "weights")],
      buffer("output", [rows, columns], "output"),
    ],
    [
      stageOf("s", {
        space: `i<${rows} j<${columns}`,
        reduce: "k<1",
        term: multiply(at("x", "i", "j"), at("ones", "k")),
        finish: of(local(SUM)),
        to: ["output", "i", "j"],
      }),
    ],
  );

function expectClose(actual: Float32Array, given: Float32Array, { meaning }: Case, bound: number): void {
  expect(actual.length).toBe(given.length);
  given.forEach((x, i) => {
    const expected = Math.fround(meaning(x));
    const result = actual[i] as number;
    const isClose = Object.is(result, expected) || Math.abs(result - expected) <= bound;
    expect(isClose, `of ${x} is ${result}, not ${expected}`).toBe(true);
  });
}

/** Each row has one number in all of its columns. */
const rowsOf = (numbers: readonly number[], columns: number): Float32Array =>
  Float32Array.from(numbers.flatMap((x) => new Array<number>(columns).fill(x)));

for (const [title, load, runsHere] of PROGRAM_WAYS) {
  describe(title, needs({ [FEATURES]: runsHere }), () => {
    test.each(CASES)("$name", async (one) => {
      const numbers = [...ENDS, ...SPECIAL, ...ORDINARY, ...ORDINARY.map((x) => -x)];
      for (const columns of COLUMNS) {
        const x = rowsOf(numbers, columns);
        const own = await load(elementwise(one, numbers.length, columns));
        expectClose(own.runSync({ x }).output as Float32Array, x, one, one.bound);
        own.dispose();
        const after = await load(afterSum(one, numbers.length, columns));
        const weights = after.prepare({ ones: Float32Array.of(1) });
        expectClose(after.runSync({ x }, weights).output as Float32Array, x, one, one.bound);
        after.dispose();
      }
    });
  });
}

describe(device ? "on a GPU" : "on a GPU (validated, not run)", () => {
  test.each(CASES)("$name", async (one) => {
    for (const columns of [8, 5]) {
      const program = elementwise(one, ORDINARY.length, columns);
      const module = compileProgram(program, { target: wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" }) });
      expect(await validate(module)).toEqual([]);
      if (!device) continue;
      const kernel = await loadKernel(module, { device });
      const x = rowsOf(ORDINARY, columns);
      expectClose((await kernel.run({ x })).output as Float32Array, x, one, one.onGpu);
      kernel.dispose();
    }
  });
});
