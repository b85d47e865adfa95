/** The oracle on stages made by hand, each checked against a loop that says the same in JavaScript. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { affine, valueAt, variable, within } from "../../src/ir/affine.js";
import { erf } from "../../src/ir/erf.js";
import { type Comparison, type Expr, load, local, multiply, number, plus, select, unary } from "../../src/ir/expr.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import { type BufferDecl, type Program, type Stage, SUM } from "../../src/ir/program.js";
import { liveTerms } from "../../src/ir/work.js";
import { SEED } from "../support/effort.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { at, buffer, form } from "../support/kernels.js";

const stage = (change: Partial<Stage>): Stage => ({
  name: "s",
  space: [{ name: "i", extent: 4 }],
  reduce: [],
  domain: [],
  term: at("x", "i"),
  finish: local(SUM),
  output: { buffer: "out", at: [variable("i")] },
  ...change,
});

const program = (change: Partial<Program>): Program => ({
  name: "p",
  buffers: [buffer("x", [6], "input"), buffer("out", [4], "output")],
  prepare: [],
  run: [],
  ...change,
});

const run = (run: Stage, buffers?: readonly BufferDecl[]) => {
  const given = new Map([["x", [1, 10, 100, 1000, 1e4, 1e5]]]);
  return [
    ...(interpretProgram(program({ run: [run], ...(buffers ? { buffers } : {}) }), given).get("out") as Float64Array),
  ];
};

describe("stages", () => {
  test("a copy", () => {
    expect(run(stage({}))).toEqual([1, 10, 100, 1000]);
  });
  test("a sum over a window", () => {
    const window = stage({ reduce: [{ name: "t", extent: 3 }], term: at("x", "i + t") });
    expect(run(window)).toEqual([111, 1110, 11100, 111000]);
  });
  test("a term outside the domain is zero, and is not evaluated", () => {
    const domain = within(form("i + 2*t - 1"), 6);
    const window = stage({ reduce: [{ name: "t", extent: 4 }], domain, term: at("x", "i + 2*t - 1") });
    expect(run(window)).toEqual([10 + 1000 + 1e5, 1 + 100 + 1e4, 10 + 1000 + 1e5, 100 + 1e4]);
  });
  test("a domain over output axes alone zeroes whole outputs, and they are still finished", () => {
    const half = stage({ domain: [form("i - 2")], finish: plus(local(SUM), number(5)) });
    expect(run(half)).toEqual([5, 5, 105, 1005]);
  });
  test("a domain that never holds", () => {
    const never = stage({
      reduce: [{ name: "t", extent: 2 }],
      domain: [form("-1")],
      finish: plus(local(SUM), number(5)),
    });
    expect(run(never)).toEqual([5, 5, 5, 5]);
  });
  test("an empty sum is zero", () => {
    expect(run(stage({ reduce: [{ name: "t", extent: 0 }], term: at("x", "t") }))).toEqual([0, 0, 0, 0]);
  });
  test("any term and any finish", () => {
    const squares = stage({
      reduce: [{ name: "t", extent: 2 }],
      term: plus(multiply(at("x", "t"), at("x", "t")), unary("negate", at("x", "i"))),
      finish: multiply(local(SUM), at("x", "1")),
    });
    expect(run(squares)).toEqual([1, 10, 100, 1000].map((x) => (1 - x + 100 - x) * 10));
  });
  test("a select takes one branch, and nothing of the other shows", () => {
    const root = unary("sqrt", plus(local(SUM), number(-100))); // NaN at the first two
    const chosen = (op: Comparison) => run(stage({ finish: select(op, local(SUM), number(100), number(7), root) }));
    expect(chosen("less")).toEqual([7, 7, 0, 30]);
    expect(chosen("lessEqual")).toEqual([7, 7, 7, 30]);
    expect(chosen("equal")).toEqual([Number.NaN, Number.NaN, 7, 30]);
    const ofNaN = (["less", "lessEqual", "equal"] as const).map((op) => select(op, root, root, number(1), number(0)));
    expect(ofNaN.map((finish) => run(stage({ finish })).slice(0, 3))).toEqual([
      [0, 0, 0],
      [0, 0, 1],
      [0, 0, 1],
    ]);
  });
  test("functions", () => {
    const each = (["log", "erf", "sin", "cos"] as const).map((op) => run(stage({ finish: unary(op, local(SUM)) }))[0]);
    expect(each).toEqual([0, erf(1), Math.sin(1), Math.cos(1)]);
  });
  test("outputs may be scattered, as the phases of a stride are", () => {
    const phases = (offset: number): Stage =>
      stage({ space: [{ name: "i", extent: 2 }], output: { buffer: "out", at: [affine(offset, { i: 2 })] } });
    const both = program({ run: [phases(0), { ...phases(1), term: at("x", "i + 3") }] });
    const out = interpretProgram(both, new Map([["x", [1, 2, 3, 4, 5, 6]]])).get("out");
    expect([...(out as Float64Array)]).toEqual([1, 4, 2, 5]);
  });
});

describe("programs", () => {
  const twice = (source: string, target: string, extent: number): Stage =>
    stage({
      name: target,
      space: [{ name: "i", extent }],
      term: plus(at(source, "i"), at(source, "i")),
      output: { buffer: target, at: [variable("i")] },
    });

  test("prepare runs before run, in order, and constants are known", () => {
    const buffers: BufferDecl[] = [
      { ...buffer("k", [2], "constant"), values: [3, 5] },
      buffer("a", [2], "prepared"),
      buffer("b", [2], "scratch"),
      buffer("out", [2], "output"),
    ];
    const arrays = interpretProgram(
      program({ buffers, prepare: [twice("k", "a", 2)], run: [twice("a", "b", 2), twice("b", "out", 2)] }),
      new Map(),
    );
    expect([...(arrays.get("out") as Float64Array)]).toEqual([24, 40]);
  });
  test("what nobody wrote is NaN", () => {
    const buffers = [buffer("x", [6], "input"), buffer("out", [9], "output")];
    expect(run(stage({}), buffers).slice(4)).toEqual(new Array(5).fill(Number.NaN));
  });
  test("an input of the wrong length", () => {
    const short = () => interpretProgram(program({}), new Map([["x", [1, 2]]]));
    expect(errorOf(thrownBy(short))).toBe("internal: tilewright bug: x has 2 of 6 elements");
  });
  test("a read outside a buffer throws", () => {
    expect(errorOf(thrownBy(() => run(stage({ term: at("x", "i + 3") }))))).toContain("x is read outside its range");
  });
  test("an unknown buffer, an unknown local, and what only schedules make", () => {
    for (const term of [at("y", "0"), local("t"), { kind: "splat", value: number(1), lanes: 4 } satisfies Expr]) {
      expect(errorOf(thrownBy(() => run(stage({ term }))))).toMatch(/^internal: /);
    }
  });
});

describe("random sums of products", () => {
  const small = fc.integer({ min: -2, max: 2 });
  const forms = fc.record({ constant: fc.nat({ max: 3 }), i: small, j: small, k: small });
  const extent = fc.nat({ max: 4 });
  const axesOf = (i: number, j: number, k: number) => ({
    space: [
      { name: "i", extent: i },
      { name: "j", extent: j },
    ],
    reduce: [{ name: "k", extent: k }],
  });
  const box = fc.tuple(extent, extent, extent, fc.array(forms, { maxLength: 3 }), forms, forms);

  /** By hand: the points of the stage, and those where all forms hold. */
  function* pointsOf(i: number, j: number, k: number) {
    for (let a = 0; a < i; a++)
      for (let b = 0; b < j; b++)
        for (let c = 0; c < k; c++)
          yield {
            a,
            b,
            point: new Map([
              ["i", a],
              ["j", b],
              ["k", c],
            ]),
          };
  }

  test("agree with the loop that says the same", () => {
    fc.assert(
      fc.property(box, ([i, j, k, guards, left, right]) => {
        const affineOf = ({ constant, ...terms }: typeof left) => affine(constant, terms);
        const domain = guards.map(affineOf);
        // Reads are kept inside by an offset larger than any form.
        const [readX, readY] = [affineOf(left), affineOf(right)].map((one) => ({
          ...one,
          constant: one.constant + 30,
        }));
        if (!readX || !readY) throw new Error("two forms");
        const numbers = (step: number) => Array.from({ length: 70 }, (_, n) => ((n * step) % 11) - 5);
        const [x, y] = [numbers(3), numbers(7)];
        const expected = new Array<number>(i * j).fill(0);
        let live = 0;
        for (const { a, b, point } of pointsOf(i, j, k)) {
          if (!domain.every((one) => valueAt(one, point) >= 0)) continue;
          live++;
          expected[a * j + b] =
            (expected[a * j + b] ?? 0) + (x[valueAt(readX, point)] ?? 0) * (y[valueAt(readY, point)] ?? 0);
        }
        const sums = stage({
          ...axesOf(i, j, k),
          domain,
          term: multiply(load("x", [readX]), load("y", [readY])),
          output: { buffer: "out", at: [variable("i"), variable("j")] },
        });
        const buffers = [buffer("x", [70], "input"), buffer("y", [70], "input"), buffer("out", [i, j], "output")];
        const given = new Map([
          ["x", x],
          ["y", y],
        ]);
        const out = interpretProgram(program({ buffers, run: [sums] }), given).get("out") as Float64Array;
        expect([...out]).toEqual(expected);
        expect(liveTerms(sums)).toBe(live);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  test("live terms of a long image are counted without visiting its rows", { timeout: 2_000 }, () => {
    const long = stage({
      space: [{ name: "i", extent: 2 ** 40 }],
      reduce: [{ name: "k", extent: 3 }],
      domain: within(form("i + k - 1"), 2 ** 40),
    });
    expect(liveTerms(long)).toBe(3 * 2 ** 40 - 2);
    expect(liveTerms({ ...long, reduce: [{ name: "k", extent: 0 }] })).toBe(0);
  });
});
