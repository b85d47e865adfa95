/** Stages whose terms become a maximum or a minimum: from the definition to code, beside sums that look the same. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Directive, printSchedule } from "../src/codegen/schedule.js";
import { DEFAULT_LIMITS, type Target, wgslTarget } from "../src/codegen/target.js";
import { key, within } from "../src/ir/affine.js";
import { binary, type Expr, local, multiply, number, plus, unary } from "../src/ir/expr.js";
import { interpretProgram } from "../src/ir/interpret.js";
import { printKernel, printStage } from "../src/ir/print.js";
import { COMBINATIONS, type Combine, type Program, type Stage, SUM } from "../src/ir/program.js";
import { statements } from "../src/ir/visit.js";
import { ScheduleBuilder } from "./support/arbitraries.js";
import { PAIRS, SEED } from "./support/effort.js";
import { at, buffer, form } from "./support/kernels.js";
import { programWith, type Road, roadOf, stageOf, TARGETS, wrongCode, wrongPass } from "./support/programs.js";
import { unlessRefused } from "./support/run.js";
import {
  accumulate,
  bind,
  cache,
  computeAt,
  pack,
  parallel,
  reorder,
  split,
  unroll,
  vectorize,
} from "./support/schedules.js";

const GPU = wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" });
const ALL: readonly (readonly [title: string, target: Target, runsHere: boolean])[] = [
  ...TARGETS,
  ["wgsl", GPU, false],
];
const printed = ({ byPass }: Road, pass: string): string => (byPass.get(pass) ?? []).map(printKernel).join("\n");

/** Guards around the sum. */
const guardsOfSum = ({ byPass }: Road): string[] =>
  (byPass.get("nest") ?? [])
    .flatMap((kernel) => statements(kernel.body))
    .filter((stmt) => stmt.kind === "if")
    .filter(({ body }) => statements(body).some((stmt) => stmt.kind === "store" && stmt.buffer === "acc"))
    .flatMap(({ guard }) => guard.map(key));

const COMBINES = Object.keys(COMBINATIONS) as Combine[];

/** Windows of 3x3 pixels, padded by one, over 4x5 pixels of six channels: as a max pool has them. */
const POOLED = [buffer("value", [4, 5, 6], "input"), buffer("output", [2, 3, 6], "output")];
const pool = (change: Partial<Parameters<typeof stageOf>[1]> = {}): Stage =>
  stageOf("pool", {
    space: "y<2 x<3 c<6",
    reduce: "ky<3 kx<3",
    combine: "maximum",
    domain: ["2*y + ky - 1", "4 - 2*y - ky", "2*x + kx - 1", "5 - 2*x - kx"],
    term: at("value", "2*y + ky - 1", "2*x + kx - 1", "c"),
    to: ["output", "y", "x", "c"],
    ...change,
  });
const alone = (stage: Stage, buffers = POOLED): Program => programWith(buffers, [stage]);
const resultOf = (program: Program, given: Readonly<Record<string, readonly number[]>>): number[] => [
  ...(interpretProgram(program, new Map(Object.entries(given))).get("output") as Float64Array),
];

describe("the definition", () => {
  const LINE = [buffer("value", [4], "input"), buffer("output", [4], "output")];
  const window = (combine: Combine, change: Partial<Parameters<typeof stageOf>[1]> = {}): Stage =>
    stageOf("s", {
      space: "i<4",
      reduce: "k<3",
      combine,
      domain: ["i + k - 1", "4 - i - k"],
      term: at("value", "i + k - 1"),
      to: ["output", "i"],
      ...change,
    });
  const over = (stage: Stage, value: readonly number[]) => resultOf(alone(stage, LINE), { value });

  test("is over the terms that count, and padding is none of them", () => {
    expect(over(window("maximum"), [-5, -2, -3, -9])).toEqual([-2, -2, -2, -3]);
    expect(over(window("minimum"), [5, 2, 3, 9])).toEqual([2, 2, 2, 3]);
    expect(over(window("sum"), [5, 2, 3, 9])).toEqual([7, 10, 14, 12]);
  });
  test("over nothing is what it begins with, finished all the same", () => {
    const [least, most] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    expect(over(window("maximum", { reduce: "k<0" }), [1, 2, 3, 4])).toEqual([least, least, least, least]);
    expect(over(window("minimum", { domain: ["-1"] }), [1, 2, 3, 4])).toEqual([most, most, most, most]);
    const finish = binary("maximum", local(SUM), number(0));
    expect(over(window("maximum", { reduce: "k<0", finish }), [1, 2, 3, 4])).toEqual([0, 0, 0, 0]);
  });
  test("of a NaN is NaN", () => {
    expect(over(window("maximum"), [1, Number.NaN, 3, 4])).toEqual([Number.NaN, Number.NaN, Number.NaN, 4]);
    expect(over(window("minimum"), [1, 2, 3, Number.NaN])).toEqual([1, 1, Number.NaN, Number.NaN]);
  });
  test("text says which, also where nothing is left to reduce", () => {
    expect(printStage(pool())).toMatchInlineSnapshot(`
      "stage pool
        for    y < 2, x < 3, c < 6
        max    ky < 3, kx < 3
        domain ky + 2*y - 1 >= 0 and -ky - 2*y + 4 >= 0 and kx + 2*x - 1 >= 0 and -kx - 2*x + 5 >= 0
        term   value[ky + 2*y - 1, kx + 2*x - 1, c]
        output[y, x, c] = sum"
    `);
    expect(printStage(window("minimum", { reduce: "" }))).toContain("\n  min    \n");
    const { combine: _, ...plain } = window("sum");
    expect(printStage(plain)).toContain("\n  sum    k < 3\n");
  });
});

const FOURS = [split("c", 4, ["co", "ci"]), reorder("y x co ky kx ci"), vectorize("ci")];
const SCHEDULES = {
  "in order": [],
  "lanes of channels": FOURS,
  "a tile, written out": [
    split("x", 2, ["xo", "xi"]),
    split("c", 2, ["co", "ci"]),
    reorder("y xo co ky kx xi ci"),
    unroll("xi"),
    unroll("ci"),
    unroll("kx"),
  ],
  "a window, written out": [unroll("ky"), unroll("kx")],
  "resting in memory between rows of the window": [reorder("ky y x c kx"), accumulate("ky")],
  "resting in memory, in lanes": [
    split("c", 4, ["co", "ci"]),
    reorder("ky y x co kx ci"),
    accumulate("ky"),
    vectorize("ci"),
  ],
  "a box in local memory": [cache("value", "x")],
  "in threads": [parallel("y"), ...FOURS],
};

describe("a max pool", () => {
  for (const [title, target, runsHere] of ALL) {
    test.each(Object.entries(SCHEDULES))(`${title}: %s`, (_, directives) => {
      for (const combine of COMBINES) {
        const program = alone(pool({ combine }));
        const road = roadOf(program, { pool: directives }, target);
        expect(wrongPass(program, road)).toBeUndefined();
        if (runsHere) expect(wrongCode(program, road, target)).toBeUndefined();
      }
    });
  }

  test("written out, each begins with its first term where that is certain", () => {
    const inside = pool({ domain: [], term: at("value", "y + ky", "x + kx", "c") });
    const text = printed(roadOf(alone(inside), { pool: [unroll("ky"), unroll("kx")] }, GPU), "bindLaunch");
    expect(text).not.toContain("Infinity");
    expect(printed(roadOf(alone(pool()), {}, GPU), "bindLaunch")).toContain("local acc = -Infinity");
  });

  test("of NaN is NaN in code too, wherever it runs here", () => {
    const value = Float32Array.from({ length: 120 }, (_, i) => (i % 7 === 0 ? Number.NaN : (i * 5) % 11));
    for (const combine of COMBINES) {
      const program = alone(pool({ combine }));
      const expected = resultOf(program, { value: [...value] });
      expect(new Set(expected.map(Number.isNaN)).size).toBe(2);
      for (const [, target, runsHere] of TARGETS) {
        for (const directives of runsHere ? [[], FOURS] : []) {
          const road = roadOf(program, { pool: directives }, target);
          expect(wrongCode(program, road, target, new Map([["value", value]]))).toBeUndefined();
        }
      }
    }
  });
});

describe("copies", () => {
  const BUFFERS = [buffer("x", [8], "input"), buffer("w", [5], "weights"), buffer("output", [6], "output")];
  const [x, w] = [at("x", "i + k - 2"), at("w", "k")];
  const lineOf = (term: Expr, combine: Combine): Program =>
    alone(
      stageOf("s", {
        space: "i<6",
        reduce: "k<5",
        combine,
        domain: ["i + k - 2", "9 - i - k"],
        term,
        to: ["output", "i"],
      }),
      BUFFERS,
    );
  const LAUNCHED = [split("i", 4, ["io", "ii"]), bind("io", "workgroup.x"), bind("ii", "invocation.x")];
  const gathered = (space: "local" | "workgroup"): readonly Directive[] => {
    const layout = space === "local" ? ["k"] : ["ii", "k"];
    return [...LAUNCHED, { do: "cache", buffer: "x", at: "ii", space, layout }];
  };

  test.each([
    ["the terms themselves need no guard: what fills the gaps is no term", x, []],
    ["terms made of them do", plus(x, w), ["i + k - 2", "-i - k + 9"]],
    ["and so do products, as zero may be the largest", multiply(x, w), ["i + k - 2", "-i - k + 9"]],
    ["and functions", unary("abs", x), ["i + k - 2", "-i - k + 9"]],
  ] as const)("%s", (_, term, guards) => {
    for (const combine of ["maximum", "minimum"] as const) {
      for (const space of ["local", "workgroup"] as const) {
        const program = lineOf(term, combine);
        const road = roadOf(program, { s: gathered(space) }, GPU);
        expect(wrongPass(program, road)).toBeUndefined();
        const inSum = guardsOfSum(road).filter((text) => text.includes("k"));
        expect(inSum.length).toBe(guards.length);
        const begins = printed(road, "nest").match(/xCache(Stage)?\[.*\] = (-?Infinity)\n/);
        expect(begins?.[2]).toBe(term === x ? String(COMBINATIONS[combine].identity) : undefined);
      }
    }
  });

  test("packed weights past the end of rounded-up columns are never stored", () => {
    const dense = stageOf("dense", {
      space: "i<3 j<5",
      reduce: "k<4",
      combine: "maximum",
      term: multiply(at("a", "i", "k"), at("b", "k", "j")),
      to: ["output", "i", "j"],
    });
    const buffers = [buffer("a", [3, 4], "input"), buffer("b", [4, 5], "weights"), buffer("output", [3, 5], "output")];
    const directives = [
      split("j", 4, ["jo", "ji"], "roundUp"),
      reorder("i jo k ji"),
      vectorize("ji"),
      pack("jo k ji", "b"),
    ];
    for (const [, target, runsHere] of ALL) {
      const program = alone(dense, buffers);
      const road = roadOf(program, { dense: directives }, target);
      expect(wrongPass(program, road)).toBeUndefined();
      if (runsHere) expect(wrongCode(program, road, target)).toBeUndefined();
    }
  });
});

test("lanes of a reduced axis are folded by the same operation", () => {
  const longest = stageOf("s", { space: "i<3", reduce: "k<8", term: at("x", "i", "k"), to: ["output", "i"] });
  const buffers = [buffer("x", [3, 8], "input"), buffer("output", [3], "output")];
  for (const combine of COMBINES) {
    for (const [, target, runsHere] of ALL) {
      const program = alone({ ...longest, combine }, buffers);
      const road = roadOf(program, { s: [split("k", 4, ["ko", "ki"]), vectorize("ki")] }, target);
      expect(wrongPass(program, road)).toBeUndefined();
      if (runsHere) expect(wrongCode(program, road, target)).toBeUndefined();
    }
  }
});

test("stages of several combinations, one after the other: how far each row lies from its largest number", () => {
  const [row, far] = [at("largest", "i"), at("far", "i", "j")];
  const program = programWith(
    [
      buffer("value", [4, 4], "input"),
      buffer("largest", [4], "scratch"),
      buffer("far", [4, 4], "scratch"),
      buffer("output", [4], "output"),
    ],
    [
      stageOf("s0", {
        space: "i<4",
        reduce: "j<4",
        combine: "maximum",
        term: at("value", "i", "j"),
        to: ["largest", "i"],
      }),
      stageOf("s1", {
        space: "i<4 j<4",
        term: unary("abs", binary("subtract", at("value", "i", "j"), row)),
        to: ["far", "i", "j"],
      }),
      stageOf("s2", {
        space: "i<4",
        reduce: "j<4",
        term: multiply(far, far),
        finish: unary("sqrt", local(SUM)),
        to: ["output", "i"],
      }),
    ],
  );
  const value = Float32Array.from([0, -1, -2, -2, 5, 3, 2, -1, -7, -8, -11, -15, 4, 0, 0, -3]);
  expect(resultOf(program, { value: [...value] })).toEqual([3, 7, 9, 9]);
  for (const [, target, runsHere] of ALL) {
    const given = new Map([["value", value]]);
    const schedule = target === GPU ? {} : { s0: [computeAt("s2", "i")], s1: [computeAt("s2", "i"), vectorize("j")] };
    const road = roadOf(program, schedule, target);
    expect(wrongPass(program, road, given)).toBeUndefined();
    if (runsHere) expect(wrongCode(program, road, target, given)).toBeUndefined();
  }
});

const between = (min: number, max: number) => fc.integer({ min, max });

/** A stage over the axes of a convolution: all kinds of terms, of which the maximum, minimum or sum is taken. */
const programs: fc.Arbitrary<Program> = fc
  .record({
    combine: fc.constantFrom(...COMBINES),
    kind: fc.constantFrom("bare", "product", "sum", "function"),
    n: between(0, 2),
    oy: between(1, 4),
    ox: between(1, 4),
    oc: fc.oneof(between(1, 9), fc.constantFrom(4, 8)),
    ky: between(1, 3),
    kx: between(1, 3),
    ic: fc.oneof(between(0, 5), fc.constantFrom(4, 8)),
    stride: between(1, 3),
    dilation: between(1, 3),
    pad: between(0, 3),
  })
  .map(({ combine, kind, n, oy, ox, oc, ky, kx, ic, stride, dilation, pad }) => {
    const [y, x] = ["y", "x"].map((axis) => `${stride}*o${axis} + ${dilation}*k${axis} - ${pad}`) as [string, string];
    const [height, width] = [oy * stride, ox * stride + 1];
    const value = at("value", "n", y, x, "ic");
    const filter = at("filters", "ky", "kx", "ic", "oc");
    const terms: Readonly<Record<string, Expr>> = {
      bare: value,
      product: multiply(value, filter),
      sum: plus(value, filter),
      function: unary("abs", binary("subtract", value, filter)),
    };
    const conv = stageOf("conv", {
      space: `n<${n} oy<${oy} ox<${ox} oc<${oc}`,
      reduce: `ky<${ky} kx<${kx} ic<${ic}`,
      combine,
      term: terms[kind] as Expr,
      to: ["output", "n", "oy", "ox", "oc"],
    });
    return programWith(
      [
        buffer("value", [n, height, width, ic], "input"),
        buffer("filters", [ky, kx, ic, oc], "weights"),
        buffer("output", [n, oy, ox, oc], "output"),
      ],
      [{ ...conv, domain: [...within(form(y), height), ...within(form(x), width)] }],
    );
  });

// The others differ in what is done with sums alone.
for (const [title, target, runsHere] of ALL.filter(([name]) => name !== "wasm none" && name !== "wasm relaxed")) {
  test(`every pass keeps the meaning of any combination: ${title}`, () => {
    let fitting = 0;
    fc.assert(
      fc.property(programs, fc.gen(), (program, draw) => {
        const schedule = { conv: new ScheduleBuilder(draw, program.run[0] as Stage, target === GPU).build() };
        const road = unlessRefused(() => roadOf(program, schedule, target));
        if (!road) return;
        fitting++;
        const wrong = wrongPass(program, road) ?? (runsHere ? wrongCode(program, road, target) : undefined);
        if (wrong) throw new Error(`${wrong}\n${printStage(program.run[0] as Stage)}\n${printSchedule(schedule)}`);
      }),
      { seed: SEED, numRuns: PAIRS },
    );
    console.log(`${title}: ${fitting} of ${PAIRS} random schedules fitted, seed ${SEED}`);
    expect(fitting).toBeGreaterThan(PAIRS / 3);
  });
}
