/** Stages of which not every point exists: `where`, from its definition to the loops and guards that are left of it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Directive, printSchedule } from "../src/codegen/schedule.js";
import { JS } from "../src/codegen/target.js";
import { affine, valueAt } from "../src/ir/affine.js";
import { local, multiply, number, plus } from "../src/ir/expr.js";
import { interpretProgram } from "../src/ir/interpret.js";
import { programOf } from "../src/ir/ops/index.js";
import { printKernel, printStage } from "../src/ir/print.js";
import { type Program, type Stage, SUM } from "../src/ir/program.js";
import { liveTerms } from "../src/ir/work.js";
import { ScheduleBuilder, specs } from "./support/arbitraries.js";
import { PAIRS, SEED } from "./support/effort.js";
import { at, buffer, form } from "./support/kernels.js";
import { programWith, roadOf, stageOf, TARGETS, wrongCode, wrongPass } from "./support/programs.js";
import { unlessRefused } from "./support/run.js";
import { fuse, parallel, partition, peel, reorder, split, unroll, vectorize } from "./support/schedules.js";

/** Twelve points in three rows of four, of which the first ten exist; each sums two neighbours. */
const BUFFERS = [buffer("value", [11], "input"), buffer("output", [3, 4], "output")];
const ten = stageOf("ten", {
  space: "y<3 x<4",
  where: ["9 - 4*y - x"],
  reduce: "k<2",
  term: at("value", "4*y + x + k"),
  to: ["output", "y", "x"],
});

const alone = (stage: Stage, buffers = BUFFERS): Program => programWith(buffers, [stage]);

describe("the definition", () => {
  const value = Array.from({ length: 11 }, (_, i) => 10 ** i);
  const outputOf = (stage: Stage, given = new Map([["value", value]])): number[] => [
    ...(interpretProgram(alone(stage), given).get("output") as Float64Array),
  ];

  test("points that do not exist are left as they were, and not evaluated", () => {
    const pairs = Array.from({ length: 10 }, (_, i) => 11 * 10 ** i);
    // The twelfth point would read value[12], of 11.
    expect(outputOf(ten)).toEqual([...pairs, Number.NaN, Number.NaN]);
  });
  test("nor are they finished, unlike those that sum nothing", () => {
    const finish = plus(local(SUM), number(5));
    const nowhere = [...new Array(10).fill(5), Number.NaN, Number.NaN];
    expect(outputOf({ ...ten, domain: [form("-1")], finish })).toEqual(nowhere);
    expect(outputOf({ ...ten, reduce: [{ name: "k", extent: 0 }], finish })).toEqual(nowhere);
  });
  test("a form that names no axis holds for all points or for none", () => {
    expect(outputOf({ ...ten, where: [form("0 - 1")] })).toEqual(new Array(12).fill(Number.NaN));
    const square: Stage = { ...ten, where: [form("0")], term: at("value", "y + x + k") };
    expect(outputOf(square).every(Number.isFinite)).toBe(true);
  });
  test("all forms must hold", () => {
    const corner = { ...ten, where: ["9 - 4*y - x", "x - 1", "1 - y"].map(form) };
    expect(outputOf(corner).map((result) => Number.isFinite(result))).toEqual(
      [0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0].map(Boolean),
    );
  });
  test("text says so", () => {
    expect(printStage(ten)).toMatchInlineSnapshot(`
      "stage ten
        for    y < 3, x < 4
        where  -x - 4*y + 9 >= 0
        sum    k < 2
        term   value[k + x + 4*y]
        output[y, x] = sum"
    `);
  });
});

describe("live terms", () => {
  test("are those of points that exist", () => {
    expect(liveTerms(ten)).toBe(20);
    expect(liveTerms({ ...ten, where: [] })).toBe(24);
    expect(liveTerms({ ...ten, where: [form("-1")] })).toBe(0);
    expect(liveTerms({ ...ten, where: [form("9 - 4*y - x")], domain: [form("x - k")] })).toBe(17);
  });

  const small = fc.integer({ min: -3, max: 3 });
  const forms = fc.record({ constant: fc.integer({ min: -2, max: 6 }), y: small, x: small });
  const extent = fc.nat({ max: 4 });

  test("agree with the loop that counts them", () => {
    fc.assert(
      fc.property(extent, extent, extent, fc.array(forms, { maxLength: 3 }), forms, small, (y, x, k, where, one, t) => {
        const guard = where.map(({ constant, ...terms }) => affine(constant, terms));
        const domain = [affine(one.constant, { y: one.y, k: t })];
        let count = 0;
        for (let i = 0; i < y; i++)
          for (let j = 0; j < x; j++)
            for (let s = 0; s < k; s++) {
              const here = new Map(Object.entries({ y: i, x: j, k: s }));
              if ([...guard, ...domain].every((each) => valueAt(each, here) >= 0)) count++;
            }
        const space = [
          { name: "y", extent: y },
          { name: "x", extent: x },
        ];
        const stage: Stage = { ...ten, space, reduce: [{ name: "k", extent: k }], where: guard, domain };
        expect(liveTerms(stage)).toBe(count);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

const nestOf = (stage: Stage, directives: readonly Directive[], buffers = BUFFERS): string =>
  (roadOf(alone(stage, buffers), { [stage.name]: directives }, JS).byPass.get("nest") ?? [])
    .map(printKernel)
    .join("\n");

describe("in the kernel", () => {
  test("a guard stands where all its axes are known", () => {
    expect(nestOf(ten, [])).toMatchInlineSnapshot(`
      "kernel ten(value, output) in f64
        for y < 3
          for x < 4
            if -x - 4*y + 9 >= 0
              alloc acc[] register
                acc[] = 0
                for k < 2
                  acc[] = (acc[] + value[k + x + 4*y])
                output[y, x] = acc[]
      "
    `);
  });
  test("on one axis alone it stands outside the others", () => {
    expect(nestOf({ ...ten, where: [form("1 - y")] }, [])).toMatchInlineSnapshot(`
      "kernel ten(value, output) in f64
        for y < 3
          if -y + 1 >= 0
            for x < 4
              alloc acc[] register
                acc[] = 0
                for k < 2
                  acc[] = (acc[] + value[k + x + 4*y])
                output[y, x] = acc[]
      "
    `);
  });

  describe("fused", () => {
    test("the loop ends with the last point that exists: 9 - 4*y - x is 9 - p, so p < 10", () => {
      expect(nestOf(ten, [fuse("y", "x", "p")])).toMatchInlineSnapshot(`
        "kernel ten(value, output) in f64
          for p < 10
            index y = floor((p) / 4)
            index x = p - 4*y
            alloc acc[] register
              acc[] = 0
              for k < 2
                acc[] = (acc[] + value[k + p])
              output[y, x] = acc[]
        "
      `);
    });
    test("with a slope, after the last whole iteration: 9 - 2*p >= 0 up to p = 4", () => {
      expect(nestOf({ ...ten, where: [form("9 - 8*y - 2*x")] }, [fuse("y", "x", "p")])).toContain("for p < 5\n");
    });
    test("of several ends, at the first; never beyond the loop itself", () => {
      const buffers = [buffer("value", [13], "input"), buffer("output", [3, 4], "output")];
      const ends = (...where: string[]) => nestOf({ ...ten, where: where.map(form) }, [fuse("y", "x", "p")], buffers);
      expect(ends("9 - 4*y - x", "6 - 4*y - x", "20 - 4*y - x")).toContain("for p < 7\n");
      expect(ends("40 - 4*y - x")).toContain("for p < 12\n");
    });
    test("without any point nothing is left", () => {
      expect(nestOf({ ...ten, where: [form("-1 - 4*y - x")] }, [fuse("y", "x", "p")])).toBe(
        "kernel ten(value, output) in f64\n",
      );
    });
    test("a beginning is none of the loop's business, and stays a guard", () => {
      const late = { ...ten, where: ["9 - 4*y - x", "4*y + x - 2"].map(form) };
      const text = nestOf(late, [fuse("y", "x", "p")]);
      expect(text).toContain("for p < 10\n");
      expect(text).toContain("if p - 2 >= 0\n");
    });
    test("so does what is no function of the fused loop", () => {
      const buffers = [buffer("value", [13], "input"), buffer("output", [3, 4], "output")];
      const text = nestOf({ ...ten, where: [form("1 - y"), form("2 - x")] }, [fuse("y", "x", "p")], buffers);
      expect(text).toContain("for p < 12\n");
      expect(text).toContain("if -y + 1 >= 0\n");
      expect(text).toContain("if -x + 2 >= 0\n");
    });
    test("a loop that is fused again keeps its end, and a row-major subscript is its index", () => {
      const flat = stageOf("flat", {
        space: "y<3 x<4 c<2",
        where: ["9 - 4*y - x"],
        term: at("value", "y", "x", "c"),
        to: ["output", "4*y + x", "c"],
      });
      const buffers = [buffer("value", [3, 4, 2], "input"), buffer("output", [10, 2], "output")];
      const text = nestOf(flat, [fuse("y", "x", "p"), fuse("p", "c", "all")], buffers);
      expect(text).toContain("for all < 20\n");
      expect(text).toContain("output[p, c] = acc[]\n");
    });
    test("a loop that is split afterwards ends with a tail as any other", () => {
      expect(nestOf(ten, [fuse("y", "x", "p"), split("p", 4, ["po", "pi"])])).toMatchInlineSnapshot(`
        "kernel ten(value, output) in f64
          for po < 3
            for pi < 4
              if -pi - 4*po + 9 >= 0
                index y = floor((pi + 4*po) / 4)
                index x = pi + 4*po - 4*y
                alloc acc[] register
                  acc[] = 0
                  for k < 2
                    acc[] = (acc[] + value[k + pi + 4*po])
                  output[y, x] = acc[]
        "
      `);
    });
    test("step by step, each time by what concerns the loop", () => {
      // Places and phases of five rows at rate 2, by three columns: tiles 0 .. 4 of 6, then all 15.
      const phases = stageOf("phases", {
        space: "q<3 p<2 x<3",
        where: ["4 - 2*q - p"],
        term: at("value", "6*q + 3*p + x"),
        to: ["output", "6*q + 3*p + x"],
      });
      const buffers = [buffer("value", [15], "input"), buffer("output", [15], "output")];
      const directives = [fuse("q", "p", "u"), fuse("u", "x", "t")];
      expect(nestOf(phases, directives, buffers)).toMatchInlineSnapshot(`
        "kernel phases(value, output) in f64
          for t < 15
            alloc acc[] register
              acc[] = 0
              acc[] = (acc[] + value[t])
              output[t] = acc[]
        "
      `);
    });
  });

  test("guards and subscripts speak of the same loops where an axis of one row or column is fused", () => {
    // Of a fused axis of extent 1 nothing is left; a domain that still named it would not vouch for the read.
    const column = stageOf("column", {
      space: "y<5 x<1",
      domain: ["y - 1"],
      term: at("value", "y - 1", "x"),
      to: ["output", "y", "x"],
    });
    const buffers = [buffer("value", [4, 1], "input"), buffer("output", [5, 1], "output")];
    expect(nestOf(column, [fuse("y", "x", "p"), split("p", 2, ["po", "pi"])], buffers)).toMatchInlineSnapshot(`
      "kernel column(value, output) in f64
        for po < 3
          for pi < 2
            if -pi - 2*po + 4 >= 0
              alloc acc[] register
                acc[] = 0
                if pi + 2*po - 1 >= 0
                  acc[] = (acc[] + value[pi + 2*po - 1, 0])
                output[pi + 2*po, 0] = acc[]
      "
    `);
  });

  test("subscripts over the fused loop name it, and indices that nobody names are gone", () => {
    const flat: Stage = { ...ten, output: { buffer: "output", at: [form("4*y + x")] } };
    const buffers = [buffer("value", [11], "input"), buffer("output", [12], "output")];
    expect(nestOf(flat, [fuse("y", "x", "p")], buffers)).toMatchInlineSnapshot(`
      "kernel ten(value, output) in f64
        for p < 10
          alloc acc[] register
            acc[] = 0
            for k < 2
              acc[] = (acc[] + value[k + p])
            output[p] = acc[]
      "
    `);
  });

  describe("of sums", () => {
    const tiled = [split("x", 2, ["xo", "xi"]), reorder("y xo k xi")];
    test("they need no guard where every read stays inside its buffer, as what they are is not stored", () => {
      const buffers = [buffer("value", [13], "input"), buffer("output", [3, 4], "output")];
      expect(nestOf(ten, tiled, buffers)).toMatchInlineSnapshot(`
        "kernel ten(value, output) in f64
          for y < 3
            for xo < 2
              alloc acc[2] register
                for xi < 2
                  acc[xi] = 0
                for k < 2
                  for xi < 2
                    acc[xi] = (acc[xi] + value[k + xi + 2*xo + 4*y])
                for xi < 2
                  if -xi - 2*xo - 4*y + 9 >= 0
                    output[y, xi + 2*xo] = acc[xi]
        "
      `);
    });
    test("they need one where a read could leave it", () => {
      const text = nestOf(ten, tiled);
      expect(text).toMatchInlineSnapshot(`
        "kernel ten(value, output) in f64
          for y < 3
            for xo < 2
              alloc acc[2] register
                for xi < 2
                  acc[xi] = 0
                for k < 2
                  for xi < 2
                    if -xi - 2*xo - 4*y + 9 >= 0
                      acc[xi] = (acc[xi] + value[k + xi + 2*xo + 4*y])
                for xi < 2
                  if -xi - 2*xo - 4*y + 9 >= 0
                    output[y, xi + 2*xo] = acc[xi]
        "
      `);
      expect(text.match(/if /g)).toHaveLength(2);
    });
  });

  describe("of rounded-up tiles", () => {
    /** Thirteen columns in blocks of eight, those in tiles of two: the second block has three tiles, not four. */
    const wide = stageOf("wide", { space: "x<13", reduce: "k<3", term: at("value", "x"), to: ["output", "x"] });
    const buffers = [buffer("value", [16], "input"), buffer("output", [13], "output")];
    const blocks = [
      split("x", 8, ["xb", "xi"], "roundUp"),
      split("xi", 2, ["xo", "xu"], "roundUp"),
      reorder("xb xo k xu"),
    ];

    test("one of which no point exists is passed over", () => {
      expect(nestOf(wide, blocks, buffers)).toMatchInlineSnapshot(`
        "kernel wide(value, output) in f64
          for xb < 2
            for xo < 4
              if -8*xb - 2*xo + 12 >= 0
                alloc acc[2] register
                  for xu < 2
                    acc[xu] = 0
                  for k < 3
                    for xu < 2
                      acc[xu] = (acc[xu] + value[8*xb + 2*xo + xu])
                  for xu < 2
                    if -8*xb - 2*xo - xu + 12 >= 0
                      output[8*xb + 2*xo + xu] = acc[xu]
        "
      `);
    });
    test("it sums nothing, in each pass, and elements past the end are never stored", () => {
      // value[14] and value[15] are read by nobody: here they do not exist.
      const short = [buffer("value", [14], "input"), buffer("output", [13], "output")];
      const program = alone(wide, short);
      expect(wrongPass(program, roadOf(program, { wide: blocks }, JS))).toBeUndefined();
    });
    test("where each tile has a point, nobody asks", () => {
      const even = { ...wide, space: [{ name: "x", extent: 15 }] };
      const text = nestOf(even, blocks, [buffer("value", [16], "input"), buffer("output", [15], "output")]);
      expect(text.match(/if /g)).toHaveLength(1);
    });
  });
});

/** Every way from the points that exist to the code that computes them and no others. */
describe("as code", () => {
  const product: Stage = {
    ...ten,
    term: multiply(at("value", "4*y + x + k"), number(3)),
    finish: plus(local(SUM), number(1)),
  };
  const SCHEDULES: Readonly<Record<string, readonly Directive[]>> = {
    "in order": [],
    fused: [fuse("y", "x", "p")],
    "fused, and split": [fuse("y", "x", "p"), split("p", 4, ["po", "pi"]), partition("po")],
    "fused, and split inwards": [fuse("y", "x", "p"), split("p", 4, ["po", "pi"], "shiftInwards"), unroll("pi")],
    partitioned: [partition("y"), partition("x")],
    peeled: [peel("y")],
    vectors: [reorder("y k x"), vectorize("x")],
    "vectors of a fused loop": [
      fuse("y", "x", "p"),
      split("p", 4, ["po", "pi"]),
      reorder("po k pi"),
      vectorize("pi"),
      partition("po"),
    ],
    "register tiles, rounded up": [split("x", 3, ["xo", "xi"], "roundUp"), reorder("y xo k xi"), unroll("xi")],
    threads: [parallel("y")],
    "threads of a fused loop": [fuse("y", "x", "p"), split("p", 3, ["po", "pi"]), parallel("po")],
  };
  describe.each(Object.entries(SCHEDULES))("%s", (_, directives) => {
    const flat: Stage = { ...product, output: { buffer: "output", at: [form("4*y + x")] } };
    const wide = [buffer("value", [16], "input"), buffer("output", [16], "output")];
    for (const [title, target, runsHere] of TARGETS) {
      test(title, () => {
        for (const [stage, buffers] of [
          [product, BUFFERS],
          [flat, wide],
        ] as const) {
          const program = alone(stage, buffers);
          const road = unlessRefused(() => roadOf(program, { ten: directives }, target));
          if (!road) continue;
          expect(wrongPass(program, road)).toBeUndefined();
          if (runsHere) expect(wrongCode(program, road, target)).toBeUndefined();
        }
      });
    }
  });
});

/** Forms over the outputs of a convolution, which some points hold and some do not. */
const slope = fc.constantFrom(-2, -1, -1, 0, 0, 0, 1);
const guards = fc.array(
  fc.record({ constant: fc.integer({ min: 0, max: 6 }), n: slope, oy: slope, ox: slope, oc: slope }),
  { minLength: 1, maxLength: 3 },
);

for (const [title, target, runsHere] of TARGETS) {
  test(`random guards and schedules: ${title}`, () => {
    const runs = Math.ceil(PAIRS / 5);
    let fitting = 0;
    fc.assert(
      fc.property(specs, guards, fc.gen(), (spec, forms, draw) => {
        const program = programOf(spec);
        const [conv] = program.run as [Stage];
        const where = forms.map(({ constant, ...terms }) => affine(constant, terms));
        const some: Program = { ...program, run: [{ ...conv, where }] };
        const schedule = { conv: new ScheduleBuilder(draw, conv).build() };
        const road = unlessRefused(() => roadOf(some, schedule, target));
        if (!road) return;
        fitting++;
        const wrong = wrongPass(some, road) ?? (runsHere ? wrongCode(some, road, target) : undefined);
        if (wrong) throw new Error(`${wrong}\n${JSON.stringify(spec)}\n${printSchedule(schedule)}`);
      }),
      { seed: SEED, numRuns: runs },
    );
    console.log(`${title}: ${fitting} of ${runs} random schedules fitted, seed ${SEED}`);
    expect(fitting).toBeGreaterThan(runs / 3);
  });
}
