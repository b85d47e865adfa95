/** Stages with quotients, phase by phase and with the phase as an axis, beside loops that divide. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JS } from "../../src/codegen/target.js";
import { type Affine, affine, valueAt, within } from "../../src/ir/affine.js";
import { type Expr, load, local, multiply, number, plus } from "../../src/ir/expr.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import { type PhasesAs, phases, type Quotient } from "../../src/ir/phases.js";
import { printStage } from "../../src/ir/print.js";
import {
  COMBINATIONS,
  type Combine,
  elementCount,
  type Program,
  type Stage,
  SUM,
  stridesOf,
} from "../../src/ir/program.js";
import { trimStage } from "../../src/ir/trim.js";
import { SEED } from "../support/effort.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { at, buffer, form } from "../support/kernels.js";
import { programWith, roadOf, stageOf, TARGETS, wrongCode, wrongPass } from "../support/programs.js";
import { vectorize } from "../support/schedules.js";

const FORMS: readonly PhasesAs[] = ["stages", "axis"];
const between = (min: number, max: number) => fc.integer({ min, max });
const quotient = (name: string, kind: Quotient["kind"], of: string, by: number): Quotient => ({
  name,
  kind,
  of: form(of),
  by,
});
const valuesFor = (shape: readonly number[]) =>
  Array.from({ length: elementCount(shape) }, (_, i) => ((i * 7) % 13) - 6);

/** The output of the program with these stages in place of its own. */
function outputOf(program: Program, run: readonly Stage[]): number[] {
  const given = program.buffers.filter(({ role }) => role === "input" || role === "weights");
  const values = new Map(given.map(({ name, shape }) => [name, valuesFor(shape)]));
  return [...(interpretProgram({ ...program, run }, values).get("output") as Float64Array)];
}

interface Along {
  readonly input: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly pad: number;
  readonly output: number;
}

const axes: fc.Arbitrary<Along> = fc.record({
  input: between(0, 4),
  kernel: between(1, 5),
  stride: between(1, 4),
  dilation: between(1, 4),
  pad: between(0, 4),
  output: between(0, 11),
});

describe("transposed convolutions", () => {
  const read = (axis: string, { dilation, pad, stride }: Along) =>
    quotient(`i${axis}`, "exact", `o${axis} - ${dilation}*k${axis} + ${pad}`, stride);

  function lineOf(x: Along): { program: Program; quotients: readonly Quotient[] } {
    const conv: Stage = {
      ...stageOf("conv", {
        space: `ox<${x.output} oc<2`,
        reduce: `kx<${x.kernel} ic<3`,
        term: multiply(at("value", "ix", "ic"), at("filters", "kx", "ic", "oc")),
        finish: plus(local(SUM), at("bias", "oc")),
        to: ["output", "ox", "oc"],
      }),
      domain: within(form("ix"), x.input),
    };
    const buffers = [
      buffer("value", [x.input, 3], "input"),
      buffer("filters", [x.kernel, 3, 2], "weights"),
      buffer("bias", [2], "weights"),
      buffer("output", [x.output, 2], "output"),
    ];
    return { program: programWith(buffers, [conv]), quotients: [read("x", x)] };
  }

  /** Each input adds its filter to the output, as the gradient of a convolution does. */
  function scattered({ input, kernel, stride, dilation, pad, output }: Along): number[] {
    const [value, filters, bias] = [[input, 3], [kernel, 3, 2], [2]].map(valuesFor) as [number[], number[], number[]];
    const result = Array.from({ length: output * 2 }, (_, i) => bias[i % 2] as number);
    for (let i = 0; i < input; i++)
      for (let k = 0; k < kernel; k++)
        for (let ic = 0; ic < 3; ic++)
          for (let oc = 0; oc < 2; oc++) {
            const o = i * stride + k * dilation - pad;
            if (o < 0 || o >= output) continue;
            (result[o * 2 + oc] as number) +=
              (value[i * 3 + ic] as number) * (filters[(k * 3 + ic) * 2 + oc] as number);
          }
    return result;
  }

  test("scatter, along one axis", () => {
    fc.assert(
      fc.property(axes, (x) => {
        const { program, quotients } = lineOf(x);
        const stages = phases(program.run[0] as Stage, quotients);
        expect(outputOf(program, stages)).toEqual(scattered(x));
        expect(outputOf(program, stages.map(trimStage))).toEqual(scattered(x));
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  test("along two axes, phases of both", () => {
    fc.assert(
      fc.property(axes, axes, (y, x) => {
        const conv: Stage = {
          ...stageOf("conv", {
            space: `oy<${y.output} ox<${x.output}`,
            reduce: `ky<${y.kernel} kx<${x.kernel}`,
            term: multiply(at("value", "iy", "ix"), at("filters", "ky", "kx")),
            to: ["output", "oy", "ox"],
          }),
          domain: [...within(form("iy"), y.input), ...within(form("ix"), x.input)],
        };
        const buffers = [
          buffer("value", [y.input, x.input], "input"),
          buffer("filters", [y.kernel, x.kernel], "weights"),
          buffer("output", [y.output, x.output], "output"),
        ];
        const program = programWith(buffers, [conv]);
        const expected = new Array<number>(y.output * x.output).fill(0);
        const [value, filters] = [valuesFor([y.input, x.input]), valuesFor([y.kernel, x.kernel])];
        value.forEach((one, i) => {
          filters.forEach((weight, k) => {
            const oy = Math.floor(i / x.input) * y.stride + Math.floor(k / x.kernel) * y.dilation - y.pad;
            const ox = (i % x.input) * x.stride + (k % x.kernel) * x.dilation - x.pad;
            if (oy < 0 || oy >= y.output || ox < 0 || ox >= x.output) return;
            (expected[oy * x.output + ox] as number) += one * weight;
          });
        });
        expect(outputOf(program, phases(conv, [read("y", y), read("x", x)]))).toEqual(expected);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  test("of a stride that the dilation shares a factor with, phases without taps write nothing but the bias", () => {
    const { program, quotients } = lineOf({ input: 3, kernel: 2, stride: 4, dilation: 2, pad: 0, output: 11 });
    const stages = phases(program.run[0] as Stage, quotients);
    expect(stages.map(({ name, reduce }) => [name, reduce[0]?.extent])).toEqual([
      ["conv0", 1],
      ["conv1", 0],
      ["conv2", 1],
      ["conv3", 0],
    ]);
    expect(printStage(stages[2] as Stage)).toMatchInlineSnapshot(`
      "stage conv2
        for    ox < 3, oc < 2
        sum    kx < 1, ic < 3
        domain -kx + ox >= 0 and kx - ox + 2 >= 0
        term   (value[-kx + ox, ic] * filters[2*kx + 1, ic, oc])
        output[4*ox + 2, oc] = (sum + bias[oc])"
    `);
    const numbered = { ...program, run: stages };
    const road = roadOf(numbered, {}, JS);
    expect(wrongPass(numbered, road)).toBeUndefined();
    expect(wrongCode(numbered, road, JS)).toBeUndefined();
  });

  test("of one tap, over which no axis runs: zeros stand between the inputs", () => {
    const apart = stageOf("apart", { space: "y<5", term: at("value", "q"), to: ["output", "y"] });
    const program = programWith([buffer("value", [3], "input"), buffer("output", [5], "output")], [apart]);
    const [a, b, c] = valuesFor([3]);
    expect(outputOf(program, phases(apart, [quotient("q", "exact", "y", 2)]))).toEqual([a, 0, b, 0, c]);
  });
});

describe("resizing to the nearest pixel, and shuffling channels into pixels", () => {
  const sizes = fc.record({
    height: between(0, 4),
    width: between(1, 4),
    y: between(1, 4),
    x: between(1, 4),
    cut: between(0, 3),
  });

  test.each(FORMS)("floor, as %s", (as) => {
    fc.assert(
      fc.property(sizes, ({ height, width, y, x, cut }) => {
        const [rows, columns] = [height * y, Math.max(1, width * x - cut)];
        const resize = stageOf("resize", {
          space: `oy<${rows} ox<${columns} c<2`,
          term: at("value", "iy", "ix", "c"),
          to: ["output", "oy", "ox", "c"],
        });
        const shape = [height, width, 2];
        const program = programWith(
          [buffer("value", shape, "input"), buffer("output", [rows, columns, 2], "output")],
          [resize],
        );
        const stages = phases(resize, [quotient("iy", "floor", "oy", y), quotient("ix", "floor", "ox", x)], { as });
        if (as === "axis") expect(stages.length).toBe(1);
        const value = valuesFor(shape);
        const expected = Array.from({ length: rows * columns * 2 }, (_, i) => {
          const [oy, ox, c] = [Math.floor(i / 2 / columns), Math.floor(i / 2) % columns, i % 2];
          return value[(Math.floor(oy / y) * width + Math.floor(ox / x)) * 2 + c];
        });
        expect(outputOf(program, stages)).toEqual(expected);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  test.each(FORMS)("floor and modulo, as %s", (as) => {
    fc.assert(
      fc.property(between(1, 4), between(1, 4), between(1, 4), (height, width, r) => {
        const channel = affine(0, { c: r * r, py: r, px: 1 });
        const shuffle: Stage = {
          ...stageOf("shuffle", {
            space: `y<${height * r} x<${width * r} c<3`,
            term: number(0),
            to: ["output", "y", "x", "c"],
          }),
          term: load("value", [form("iy"), form("ix"), channel]),
        };
        const shape = [height, width, 3 * r * r];
        const program = programWith(
          [buffer("value", shape, "input"), buffer("output", [height * r, width * r, 3], "output")],
          [shuffle],
        );
        const quotients = ["y", "x"].flatMap((axis) => [
          quotient(`i${axis}`, "floor", axis, r),
          quotient(`p${axis}`, "modulo", axis, r),
        ]);
        const stages = phases(shuffle, quotients, { as });
        // A single pixel needs no phases.
        expect(stages.length).toBe(as === "axis" ? 1 : (height > 1 ? r : 1) * (width > 1 ? r : 1));
        // A pixel shuffle is a transposition of [height, width, 3, r, r] to [height, r, width, r, 3].
        const value = valuesFor(shape);
        const expected: number[] = [];
        for (let y = 0; y < height; y++)
          for (let p = 0; p < r; p++)
            for (let x = 0; x < width; x++)
              for (let q = 0; q < r; q++)
                for (let c = 0; c < 3; c++)
                  expected.push(value[(y * width + x) * 3 * r * r + (c * r + p) * r + q] as number);
        expect(outputOf(program, stages)).toEqual(expected);
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  test("phases that are an axis may be lanes", () => {
    const resize = stageOf("resize", { space: "y<3 x<16", term: at("value", "y", "i"), to: ["output", "y", "x"] });
    const run = phases(resize, [quotient("i", "floor", "x", 4)], { as: "axis" });
    const program = programWith([buffer("value", [3, 4], "input"), buffer("output", [3, 16], "output")], run);
    for (const [, target, runsHere] of TARGETS) {
      const road = roadOf(program, { resize: [vectorize("px")] }, target);
      expect(wrongPass(program, road)).toBeUndefined();
      if (runsHere) expect(wrongCode(program, road, target)).toBeUndefined();
    }
  });

  test("one stage in full: the phase lies directly inside its axis", () => {
    const resize = stageOf("resize", {
      space: "y<6 x<7 c<2",
      term: at("value", "i", "j", "c"),
      to: ["output", "y", "x", "c"],
    });
    const [stage] = phases(resize, [quotient("i", "floor", "y", 2), quotient("j", "floor", "x + 1", 3)], {
      as: "axis",
    }) as [Stage];
    expect(printStage(stage)).toMatchInlineSnapshot(`
      "stage resize
        for    y < 3, py < 2, x < 3, px < 3, c < 2
        where  px + 3*x - 1 >= 0 and -px - 3*x + 7 >= 0
        term   value[y, x, c]
        output[py + 2*y, px + 3*x - 1, c] = sum"
    `);
  });
});

/** Random quotients over two output axes and a reduction axis, in every place where a stage has forms. */
interface Case {
  readonly stage: Stage;
  readonly quotients: readonly Quotient[];
  readonly program: Program;
}
const cases: fc.Arbitrary<Case> = fc
  .record({
    combine: fc.constantFrom(...(Object.keys(COMBINATIONS) as Combine[])),
    sizes: fc.tuple(between(0, 7), between(1, 6), between(0, 4)),
    u: fc.tuple(between(-3, 3), between(-2, 2), between(-4, 4), between(1, 4)),
    v: fc.tuple(between(-3, 3), between(-2, 2), between(-4, 4), between(1, 4)),
    kinds: fc.tuple(
      fc.constantFrom("floor" as const, "modulo" as const),
      fc.constantFrom("floor" as const, "modulo" as const, "exact" as const),
    ),
    tap: between(-3, 3),
    shape: fc.tuple(between(1, 6), between(1, 6)),
  })
  .map(({ combine, sizes: [y, x, k], u, v, kinds, tap, shape }) => {
    const read = [affine(1, { u: 1, k: 1 }), affine(2, { v: 1, x: 1 })];
    const stage: Stage = {
      ...stageOf("s", {
        space: `y<${y} x<${x}`,
        where: ["y + x + u - 1"],
        reduce: `k<${k}`,
        combine,
        term: number(0),
        finish: plus(local(SUM), at("more", "y")),
        to: ["output", "y", "x"],
      }),
      domain: read.flatMap((one, i) => within(one, shape[i] as number)),
      term: load("value", read),
    };
    const quotients: Quotient[] = [
      { name: "u", kind: kinds[0], of: affine(u[2], { y: u[0], x: u[1] }), by: u[3] },
      {
        name: "v",
        kind: kinds[1],
        of: affine(v[2], { x: v[0], y: v[1], ...(kinds[1] === "exact" ? { k: tap } : {}) }),
        by: v[3],
      },
    ];
    const program = programWith(
      [buffer("value", shape, "input"), buffer("more", [y], "input"), buffer("output", [y, x], "output")],
      [stage],
    );
    return { stage, quotients, program };
  });

/** As the formula reads. */
function byDividing({ stage, quotients, program }: Case): number[] {
  const [shape = []] = program.buffers.filter(({ name }) => name === "value").map((one) => one.shape);
  const value = valuesFor(shape);
  const more = valuesFor([stage.space[0]?.extent ?? 0]);
  const { identity } = COMBINATIONS[stage.combine ?? "sum"];
  const [y, x, k] = [...stage.space, ...stage.reduce].map(({ extent }) => extent) as [number, number, number];
  const result: number[] = [];
  const at = (one: number, two: number, tap: number) => {
    const known = new Map(Object.entries({ y: one, x: two, k: tap }));
    let exists = true;
    for (const { name, kind, of, by } of quotients) {
      const number = valueAt(of, known);
      const floor = Math.floor(number / by);
      if (kind === "exact" && floor * by !== number) exists = false;
      known.set(name, kind === "modulo" ? number - floor * by : floor);
    }
    return { known, exists };
  };
  const holds = (guard: readonly Affine[], known: ReadonlyMap<string, number>) =>
    guard.every((one) => valueAt(one, known) >= 0);
  for (let i = 0; i < y; i++)
    for (let j = 0; j < x; j++) {
      const terms: number[] = [];
      for (let tap = 0; tap < k; tap++) {
        const { known, exists } = at(i, j, tap);
        if (!exists || !holds(stage.domain, known)) continue;
        const places = (stage.term as Extract<Expr, { kind: "load" }>).at.map((one) => valueAt(one, known));
        terms.push(value[places.reduce((sum, place, d) => sum + place * (stridesOf(shape)[d] as number), 0)] as number);
      }
      const folded = terms.reduce(
        (a, b) => (identity === 0 ? a + b : identity < 0 ? Math.max(a, b) : Math.min(a, b)),
        identity,
      );
      result.push(holds(stage.where ?? [], at(i, j, 0).known) ? folded + (more[i] as number) : Number.NaN);
    }
  return result;
}

describe.each(FORMS)("any quotients, as %s", (as) => {
  test("mean what dividing means", () => {
    let found = 0;
    fc.assert(
      fc.property(cases, (one) => {
        let stages: Stage[];
        try {
          stages = phases(one.stage, one.quotients, { as });
        } catch (error) {
          // Some have no such form; which ones is said below.
          expect(errorOf(error)).toMatch(/^invalid-spec: s: [uv] = .* (take the phases as stages)$/);
          expect(as).toBe("axis");
          return;
        }
        found++;
        if (as === "axis") expect(stages.length).toBe(1);
        expect(new Set(stages.map(({ name }) => name)).size).toBe(stages.length);
        expect(outputOf(one.program, stages)).toEqual(byDividing(one));
      }),
      { seed: SEED, numRuns: 3000 },
    );
    console.log(`${found} of 3000 random stages with quotients, as ${as}, seed ${SEED}`);
    expect(found).toBeGreaterThan(as === "axis" ? 800 : 2999);
  });
});

describe("refused", () => {
  const sum = stageOf("s", { space: "y<8", reduce: "k<4 l<3", term: at("value", "q"), to: ["output", "y"] });
  const refusal = (stage: Stage, one: Quotient, as: PhasesAs = "stages") =>
    errorOf(thrownBy(() => phases(stage, [one], { as })));

  test("a floor that a sum runs through", () => {
    expect(refusal(sum, quotient("q", "floor", "y + k", 3))).toMatchInlineSnapshot(
      `"invalid-spec: s: q = floor((k + y) / 3) moves unevenly with k, whose values are terms of one sum; copy what it reads to its place in a stage before"`,
    );
    // Not one whose values share a quotient, or have a quotient each.
    expect(phases(sum, [quotient("q", "floor", "6*y + l", 6)]).length).toBe(1);
    expect(phases({ ...sum, reduce: [{ name: "k", extent: 2 }] }, [quotient("q", "floor", "y + k", 2)]).length).toBe(2);
  });
  test("two taps in one exact division", () => {
    expect(refusal(sum, quotient("q", "exact", "y - k - 2*l", 3))).toMatchInlineSnapshot(
      `"invalid-spec: s: q = (-k - 2*l + y) / 3 moves unevenly with k and l; at most one reduction axis may; sum over the others in a stage of its own"`,
    );
    expect(phases(sum, [quotient("q", "exact", "y - k - 3*l", 3)]).length).toBe(3);
  });
  test("an exact division with its phase as an axis", () => {
    expect(refusal(sum, quotient("q", "exact", "y - k", 2), "axis")).toMatchInlineSnapshot(
      `"invalid-spec: s: q = (-k + y) / 2 has other taps in each phase; take the phases as stages"`,
    );
  });
  test("two axes that move one quotient, with the phase as an axis", () => {
    const plane = stageOf("s", { space: "y<8 x<8", term: at("value", "q"), to: ["output", "y", "x"] });
    expect(refusal(plane, quotient("q", "floor", "y + x", 3), "axis")).toMatchInlineSnapshot(
      `"invalid-spec: s: q = floor((x + y) / 3) is not affine in y and one axis for its phase; take the phases as stages"`,
    );
    expect(phases(plane, [quotient("q", "floor", "y + x", 3)]).length).toBe(9);
  });
  test("an exact division where there is no term to leave out", () => {
    expect(refusal({ ...sum, finish: at("bias", "q") }, quotient("q", "exact", "y", 2))).toMatchInlineSnapshot(
      `"invalid-spec: s: q = y / 2 leaves out terms, so nothing but the term and its domain may name it; use floor elsewhere"`,
    );
  });
  test("a divisor that is none", () => {
    expect(refusal(sum, quotient("q", "floor", "y", 0))).toMatchInlineSnapshot(
      `"invalid-spec: s: q = floor(y / 0) divides by what is no integer >= 1"`,
    );
  });
});

test("a phase has no buffer's name as an axis", () => {
  const stage = stageOf("s", { space: "y<8", term: at("py", "q"), to: ["output", "y"] });
  const [one] = phases(stage, [quotient("q", "floor", "y", 2)], { as: "axis" });
  expect(one?.space.map(({ name }) => name)).toEqual(["y", "ppy"]);
});
