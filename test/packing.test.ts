/**
 * Packing of what is known only at the call: a stage of its own, in `run`, right before its reader; weights as ever in
 * `prepare`.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Directive, Schedule } from "../src/codegen/schedule.js";
import { DEFAULT_LIMITS, JS, type Target, wgslTarget } from "../src/codegen/target.js";
import { type Expr, local, multiply, number } from "../src/ir/expr.js";
import type { BufferRole, Program, Stage } from "../src/ir/program.js";
import { SUM } from "../src/ir/program.js";
import { PAIRS, SEED } from "./support/effort.js";
import { errorOf, thrownBy } from "./support/errors.js";
import { at, buffer } from "./support/kernels.js";
import { IN_THREADS, programWith, roadOf, stageOf, TARGETS, wrongCode, wrongPass } from "./support/programs.js";
import { accumulate, computeAt, pack, parallel, reorder, split, unroll, vectorize } from "./support/schedules.js";

const GPU = wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" });
const ALL: readonly (readonly [title: string, target: Target, runsHere: boolean])[] = [
  ...TARGETS,
  ["wgsl", GPU, false],
];

interface Product {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** The second factor: its role, and whether it is stored column by column. */
  readonly role: BufferRole;
  readonly transposed?: boolean;
}

const values = (count: number): number[] => Array.from({ length: count }, (_, i) => ((i * 5) % 9) - 4);

/** output[i, j] = sum over k of a[i, k] * b[k, j]; a second factor that is scratch is made by a stage before it. */
function product({ rows, columns, depth, role, transposed = false }: Product): Program {
  const shape = transposed ? [columns, depth] : [depth, columns];
  const b = { ...buffer("b", shape, role), ...(role === "constant" ? { values: values(columns * depth) } : {}) };
  const second = transposed ? at("b", "j", "k") : at("b", "k", "j");
  const [p, q] = shape;
  const make = (to: string): Stage =>
    stageOf("make", { space: `p<${p} q<${q}`, term: multiply(at("raw", "p", "q"), number(2)), to: [to, "p", "q"] });
  const dense = stageOf("dense", {
    space: `i<${rows} j<${columns}`,
    reduce: `k<${depth}`,
    term: multiply(at("a", "i", "k"), second),
    to: ["output", "i", "j"],
  });
  const buffers = [buffer("a", [rows, depth], "input"), b, buffer("output", [rows, columns], "output")];
  if (role === "scratch") return programWith([...buffers, buffer("raw", shape, "input")], [make("b"), dense]);
  if (role === "prepared") return programWith([...buffers, buffer("raw", shape, "weights")], [dense], [make("b")]);
  return programWith(buffers, [dense]);
}

/** Lanes of columns, packed so that those of one step are neighbours. */
const LANES: readonly Directive[] = [
  split("j", 4, ["jo", "ji"], "roundUp"),
  reorder("i jo k ji"),
  vectorize("ji"),
  pack("jo k ji", "b"),
];
const SCHEDULES: Readonly<Record<string, readonly Directive[]>> = {
  "lanes of columns": LANES,
  "a tile of rows": [
    split("i", 2, ["io", "ii"]),
    ...LANES.slice(0, 1),
    reorder("jo io k ii ji"),
    unroll("ii"),
    ...LANES.slice(2),
  ],
  "blocks of the sum, at rest in between": [
    split("k", 3, ["ko", "ki"]),
    reorder("ko i j ki"),
    accumulate("ko"),
    pack("ko j ki", "b"),
  ],
  "both factors": [...LANES, pack("i k", "a")],
  "rows shared out": [...LANES, parallel("i")],
};

const kernelsOf = (program: Program, schedule: Schedule, target: Target) => {
  const { lowered } = roadOf(program, schedule, target);
  return { prepare: lowered.prepare.map(({ name }) => name), run: lowered.run.map(({ name }) => name) };
};
const roleOf = (program: Program, schedule: Schedule, name: string) =>
  roadOf(program, schedule, JS).lowered.buffers.find((one) => one.name === name)?.role;

const check = (program: Program, schedule: Schedule, [, target, runsHere]: (typeof ALL)[number]) => {
  const road = roadOf(program, schedule, target);
  expect(wrongPass(program, road)).toBeUndefined();
  if (runsHere) expect(wrongCode(program, road, target)).toBeUndefined();
};

describe.each(["input", "scratch", "weights", "prepared", "constant"] as const)(
  "a second factor that is %s",
  (role) => {
    for (const way of ALL) {
      test.each(Object.entries(SCHEDULES))(`${way[0]}: %s`, (_, dense) => {
        for (const transposed of [false, true])
          check(product({ rows: 3, columns: 6, depth: 5, role, transposed }), { dense }, way);
      });
    }
  },
);

describe("where it goes", () => {
  const sizes = { rows: 3, columns: 6, depth: 5 };
  const places = (role: BufferRole) => kernelsOf(product({ ...sizes, role }), { dense: LANES }, JS);

  test("what is known before the call is packed once, what is not right before it is read", () => {
    expect(places("weights")).toEqual({ prepare: ["packDenseB"], run: ["dense"] });
    expect(places("constant")).toEqual({ prepare: ["packDenseB"], run: ["dense"] });
    expect(places("prepared")).toEqual({ prepare: ["make", "packDenseB"], run: ["dense"] });
    expect(places("input")).toEqual({ prepare: [], run: ["packDenseB", "dense"] });
    expect(places("scratch")).toEqual({ prepare: [], run: ["make", "packDenseB", "dense"] });
  });
  test("and is kept until then", () => {
    expect(roleOf(product({ ...sizes, role: "weights" }), { dense: LANES }, "denseB")).toBe("prepared");
    expect(roleOf(product({ ...sizes, role: "input" }), { dense: LANES }, "denseB")).toBe("scratch");
  });
  test("in `prepare`, what an earlier stage there has made waits for it", () => {
    const buffers = [
      buffer("w", [4, 3], "weights"),
      buffer("once", [4, 3], "prepared"),
      buffer("twice", [3], "prepared"),
      buffer("output", [3], "output"),
    ];
    const [once, twice] = [at("once", "k", "i"), at("twice", "i")];
    const program = programWith(
      buffers,
      [stageOf("last", { space: "i<3", term: twice, to: ["output", "i"] })],
      [
        stageOf("first", { space: "k<4 i<3", term: multiply(at("w", "k", "i"), number(3)), to: ["once", "k", "i"] }),
        stageOf("second", { space: "i<3", reduce: "k<4", term: once, to: ["twice", "i"] }),
      ],
    );
    const schedule = { second: [pack("i k", "once")] };
    expect(kernelsOf(program, schedule, JS)).toEqual({ prepare: ["first", "packSecondOnce", "second"], run: ["last"] });
    for (const way of ALL) check(program, schedule, way);
  });
  test("the packing stage has a schedule of its own, by its name", () => {
    const program = product({ rows: 3, columns: 6, depth: 5, role: "input" });
    const schedule = { dense: [...LANES, parallel("i")], packDenseB: [parallel("jo")] };
    const { lowered } = roadOf(program, schedule, IN_THREADS);
    const isShared = (body: readonly { readonly kind: string }[]) => body.length === 1 && body[0]?.kind === "for";
    expect(lowered.run.map(({ name, body }) => [name, isShared(body)])).toEqual([
      ["packDenseB", true],
      ["dense", true],
    ]);
    for (const way of ALL) check(program, schedule, way);
  });
  test("not where a part of it is made in the reader's own loops", () => {
    const program = product({ rows: 3, columns: 6, depth: 5, role: "scratch" });
    const dense = [reorder("k i j"), accumulate("k"), pack("k j", "b")];
    const attempt = () => roadOf(program, { make: [computeAt("dense", "k")], dense }, JS);
    expect(errorOf(thrownBy(attempt))).toMatchInlineSnapshot(
      `"invalid-schedule: make: at(dense k): packDenseB reads b as well, and runs elsewhere"`,
    );
  });
});

describe("scores of attention", () => {
  /** output[h, i, j] = 0.5 * sum over d of q[i, h, d] * k[j, h, d]: heads lie between rows and what is summed. */
  const attention = (heads: number, rows: number, depth: number): Program =>
    programWith(
      [
        buffer("q", [rows, heads, depth], "input"),
        buffer("k", [rows, heads, depth], "input"),
        buffer("output", [heads, rows, rows], "output"),
      ],
      [
        stageOf("scores", {
          space: `h<${heads} i<${rows} j<${rows}`,
          reduce: `d<${depth}`,
          term: multiply(at("q", "i", "h", "d"), at("k", "j", "h", "d")) as Expr,
          finish: multiply(local(SUM), number(0.5)),
          to: ["output", "h", "i", "j"],
        }),
      ],
    );
  test.each(ALL)("%s", (...way) => {
    const directives = [
      split("j", 4, ["jo", "ji"], "roundUp"),
      reorder("h jo i d ji"),
      vectorize("ji"),
      pack("h jo d ji", "k"),
    ];
    check(attention(2, 5, 3), { scores: directives }, way);
  });
});

test("products of any size, packed in any order", () => {
  const sizes = fc.record({
    rows: fc.integer({ min: 0, max: 5 }),
    columns: fc.integer({ min: 0, max: 9 }),
    depth: fc.integer({ min: 0, max: 6 }),
    role: fc.constantFrom<BufferRole>("input", "scratch"),
    transposed: fc.boolean(),
  });
  const tiles = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }));
  const orders = fc.shuffledSubarray(["jo", "ji", "ko", "ki"], { minLength: 4 });
  fc.assert(
    fc.property(sizes, tiles, orders, fc.constantFrom(...ALL), (size, [columns, depth], order, way) => {
      const dense = [
        split("j", columns, ["jo", "ji"], "roundUp"),
        split("k", depth, ["ko", "ki"]),
        pack(order.join(" "), "b"),
      ];
      check(product(size), { dense }, way);
    }),
    { seed: SEED, numRuns: PAIRS },
  );
});
