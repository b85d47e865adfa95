/** Gradient programs as they come out: named cases, names, roles and refusals. */
import { type FamilySpec, gradient as gradientOf } from "tilewright";
import { describe, expect, test } from "vitest";
import { chooseAlgorithm } from "../../src/codegen/compile.js";
import { DEFAULT_LIMITS, JS, wgslTarget } from "../../src/codegen/target.js";
import { accessOf, mainStage } from "../../src/ir/access.js";
import { canonical, define } from "../../src/ir/definition.js";
import { gradient } from "../../src/ir/derive/gradient.js";
import { binary, loadsOf, local, multiply, number, plus } from "../../src/ir/expr.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import { programOf } from "../../src/ir/ops/index.js";
import type { OpSpec, Shape4 } from "../../src/ir/ops/spec.js";
import { printProgram } from "../../src/ir/print.js";
import { type Program, type Stage, SUM } from "../../src/ir/program.js";
import { programOfAny } from "../../src/specs/anySpec.js";
import { outputOf, wrongGradient } from "../support/derived.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { EVERY_TARGET, expectRight } from "../support/everyTarget.js";
import { at, buffer } from "../support/kernels.js";
import { definitionOf, MATMUL, STAGES } from "../support/namedPrograms.js";
import { programWith, stageOf } from "../support/programs.js";
import { givenFor } from "../support/run.js";
import { machine } from "../support/wasm.js";
import { conv, depthwise, grouped, inside } from "../support/windows.js";

const stagesOf = (program: Program): string => {
  const text = printProgram(program);
  return text.slice(text.search(/^(prepare|run) stage/m));
};

describe("the gradient of conv2d with respect to its value", () => {
  const TARGETS = [JS, machine(), machine({ simd: "relaxed" }), wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" })];

  function bothOf(spec: OpSpec): readonly [written: Program, derived: Program] {
    const written = programOf(spec);
    const value = outputOf(written).shape as unknown as Shape4;
    const convolution = programOf({ ...spec, op: "conv2d", value });
    return [written, canonical(gradient(convolution, "value", { weights: ["filters"] }))];
  }

  test("is one product", () => {
    const [, derived] = bothOf({
      op: "atrousConv2dTranspose",
      value: [1, 9, 7, 8],
      filters: [3, 2, 4, 8],
      rate: 2,
      padding: "SAME",
    });
    expect(printProgram(derived)).toMatchInlineSnapshot(`
      "program conv2dGradient
      input upstream[1, 9, 7, 8] f32
      weights filters[3, 2, 4, 8] f32
      output output[1, 9, 7, 4] f32
      run stage valueGradient
        for    n < 1, oy < 9, ox < 7, ic < 4
        sum    ky < 3, kx < 2, oc < 8
        domain -2*ky + oy + 2 >= 0 and 2*ky - oy + 6 >= 0 and -2*kx + ox + 1 >= 0 and 2*kx - ox + 5 >= 0
        term   (upstream[n, -2*ky + oy + 2, -2*kx + ox + 1, oc] * filters[ky, kx, ic, oc])
        output[n, oy, ox, ic] = sum"
    `);
  });

  test.each<[Shape4, Shape4, number, OpSpec["padding"]]>([
    [[1, 33, 33, 64], [3, 3, 64, 64], 2, "SAME"],
    [[2, 17, 17, 32], [3, 3, 32, 32], 1, "SAME"],
    [[1, 20, 31, 16], [5, 5, 24, 16], 3, "VALID"],
    [[1, 9, 9, 5], [2, 2, 3, 5], 3, "SAME"],
    [[1, 28, 28, 1], [3, 3, 8, 1], 1, "SAME"],
  ])("is scheduled as atrousConv2dTranspose is: %s with %s", (value, filters, rate, padding) => {
    const [written, derived] = bothOf({ op: "atrousConv2dTranspose", value, filters, rate, padding });
    const [known, found] = [written, derived].map((program) => {
      const { space, reduce, factors } = accessOf(mainStage(program), program);
      const axes = [...space, ...reduce].map(({ extent, role, by, out }) => ({ extent, role, by, out }));
      return { axes, isKnown: factors.map((factor) => factor.isKnown) };
    });
    expect(found).toEqual(known);
    for (const target of TARGETS) {
      for (const accuracy of ["exact", "fast"] as const) {
        const [a, b] = [written, derived].map((program) => chooseAlgorithm(program, target, { accuracy }));
        expect([b?.algorithm, b?.cycles]).toEqual([a?.algorithm, a?.cycles]);
      }
    }
  });

  test("of one pixel is about as fast", () => {
    const [written, derived] = bothOf({
      ...{ op: "atrousConv2dTranspose", value: [1, 14, 14, 256], filters: [1, 1, 128, 256], rate: 1, padding: "SAME" },
    });
    for (const target of TARGETS) {
      const [a = 0, b = 0] = [written, derived].map((program) => chooseAlgorithm(program, target, {}).cycles);
      expect(b / a).toBeLessThan(1.05);
    }
  });
});

describe("strides", () => {
  test("have a product for phases with equally many taps", () => {
    const even = conv({ size: 8, inputs: 4, outputs: 8, taps: 4, stride: 4, pad: 2 });
    expect(stagesOf(gradient(even, "value"))).toMatchInlineSnapshot(`
      "run stage valueGradient
        for    n < 2, y < 2, py < 2, q < 2, pq < 2, i < 4
        sum    u < 1, v < 1, o < 8
        term   (upstream[n, -u + y, q - v, o] * filters[py + 4*u + 2, pq + 4*v + 2, i, o])
        output[n, py + 4*y, pq + 4*q, i] = sum
      run stage valueGradient1
        for    n < 2, y < 2, py < 2, q < 2, pq < 2, i < 4
        sum    u < 1, v < 1, o < 8
        term   (upstream[n, -u + y, q - v + 1, o] * filters[py + 4*u + 2, pq + 4*v, i, o])
        output[n, py + 4*y, pq + 4*q + 2, i] = sum
      run stage valueGradient2
        for    n < 2, y < 2, py < 2, q < 2, pq < 2, i < 4
        sum    u < 1, v < 1, o < 8
        term   (upstream[n, -u + y + 1, q - v, o] * filters[py + 4*u, pq + 4*v + 2, i, o])
        output[n, py + 4*y + 2, pq + 4*q, i] = sum
      run stage valueGradient3
        for    n < 2, y < 2, py < 2, q < 2, pq < 2, i < 4
        sum    u < 1, v < 1, o < 8
        term   (upstream[n, -u + y + 1, q - v + 1, o] * filters[py + 4*u, pq + 4*v, i, o])
        output[n, py + 4*y + 2, pq + 4*q + 2, i] = sum"
    `);
    const strided = conv({ size: 9, inputs: 4, outputs: 8, taps: 3, stride: 2, pad: 1 });
    expect(printProgram(gradient(strided, "value", { weights: ["filters"] }))).toMatchInlineSnapshot(`
      "program programGradient
      input upstream[2, 5, 5, 8] f32
      weights filters[3, 3, 4, 8] f32
      output output[2, 9, 9, 4] f32
      run stage valueGradient
        for    n < 2, y < 5, q < 5, i < 4
        sum    u < 1, v < 1, o < 8
        term   (upstream[n, -u + y, q - v, o] * filters[2*u + 1, 2*v + 1, i, o])
        output[n, 2*y, 2*q, i] = sum
      run stage valueGradient1
        for    n < 2, y < 5, q < 4, i < 4
        sum    u < 1, v < 2, o < 8
        term   (upstream[n, -u + y, q - v + 1, o] * filters[2*u + 1, 2*v, i, o])
        output[n, 2*y, 2*q + 1, i] = sum
      run stage valueGradient2
        for    n < 2, y < 4, q < 5, i < 4
        sum    u < 2, v < 1, o < 8
        term   (upstream[n, -u + y + 1, q - v, o] * filters[2*u, 2*v + 1, i, o])
        output[n, 2*y + 1, 2*q, i] = sum
      run stage valueGradient3
        for    n < 2, y < 4, q < 4, i < 4
        sum    u < 2, v < 2, o < 8
        term   (upstream[n, -u + y + 1, q - v + 1, o] * filters[2*u, 2*v, i, o])
        output[n, 2*y + 1, 2*q + 1, i] = sum"
    `);
  });

  test("have phases without taps, which write zeros", () => {
    const sparse = conv({ size: 7, inputs: 1, outputs: 1, taps: 1, stride: 3, pad: 0 });
    expect(stagesOf(gradient(sparse, "value"))).toMatchInlineSnapshot(`
      "run stage valueGradient
        for    n < 2, y < 3, q < 3, i < 1
        term   (upstream[n, y, q, 0] * filters[0, 0, i, 0])
        output[n, 3*y, 3*q, i] = sum
      run stage valueGradient1
        for    n < 2, y < 3, q < 2, pq < 2, i < 1
        sum    u < 0, v < 0, o < 0
        term   (upstream[n, -u + y, q - v, o] * filters[3*u, pq + 3*v + 1, i, o])
        output[n, 3*y, pq + 3*q + 1, i] = sum
      run stage valueGradient2
        for    n < 2, y < 2, py < 2, q < 3, i < 1
        sum    u < 0, v < 0, o < 0
        term   (upstream[n, -u + y, q - v, o] * filters[py + 3*u + 1, 3*v, i, o])
        output[n, py + 3*y + 1, 3*q, i] = sum
      run stage valueGradient3
        for    n < 2, y < 2, py < 2, q < 2, pq < 2, i < 1
        sum    u < 0, v < 0, o < 0
        term   (upstream[n, -u + y, q - v, o] * filters[py + 3*u + 1, pq + 3*v + 1, i, o])
        output[n, py + 3*y + 1, pq + 3*q + 1, i] = sum"
    `);
    expect(wrongGradient(sparse, "value")).toBeUndefined();
  });

  test("of which nothing is live leave zeros, and the tensors that they would read", () => {
    const program = programWith(
      [buffer("x", [4], "input"), buffer("w", [2], "weights"), buffer("output", [4], "output")],
      [
        stageOf("s", {
          ...{ space: "y<4", reduce: "k<2", domain: ["y + 4*k - 8"] },
          ...{ term: multiply(at("x", "y"), at("w", "k")), to: ["output", "y"] },
        }),
      ],
    );
    const derived = gradient(program, "x");
    expect(derived.buffers.map(({ name }) => name)).toEqual(["upstream", "w", "output"]);
    expect(wrongGradient(program, "x")).toBeUndefined();
  });
});

describe("strides, with their phases as an axis", () => {
  const line = (taps: number, stride: number, pad: number) => {
    const row = `${stride}*y + k - ${pad}`;
    const size = 7 * stride + taps - 2 * pad;
    return programWith(
      [buffer("x", [size, 2], "input"), buffer("w", [taps, 2, 3], "weights"), buffer("output", [8, 3], "output")],
      [
        stageOf("conv", {
          ...{ space: "y<8 o<3", reduce: `k<${taps} i<2`, domain: inside(row, size) },
          ...{ term: multiply(at("x", row, "i"), at("w", "k", "i", "o")), to: ["output", "y", "o"] },
        }),
      ],
    );
  };

  test("are two stages, however many there are", () => {
    const program = line(16, 8, 4);
    expect(stagesOf(gradient(program, "x", { phases: "axis" }))).toMatchInlineSnapshot(`
      "run stage xGradient
        for    y < 8, py < 4, i < 2
        sum    k < 2, o < 3
        domain -k + y >= 0
        term   (upstream[-k + y, o] * w[8*k + py + 4, i, o])
        output[py + 8*y, i] = sum
      run stage xGradient1
        for    y < 8, py < 4, i < 2
        sum    k < 2, o < 3
        domain k - y + 6 >= 0
        term   (upstream[-k + y + 1, o] * w[8*k + py, i, o])
        output[py + 8*y + 4, i] = sum"
    `);
    expect(wrongGradient(program, "x", { phases: "axis" })).toBeUndefined();
  });

  test("pad the filters, if phases have different numbers of taps, in prepare if these are weights", () => {
    const program = line(5, 3, 0);
    expect(stagesOf(gradient(program, "x", { phases: "axis", weights: ["w"] }))).toMatchInlineSnapshot(`
      "prepare stage padW
        for    k < 2, py < 3, d1 < 2, d2 < 3
        domain -3*k - py + 4 >= 0
        term   w[3*k + py, d1, d2]
        wPadded[k, py, d1, d2] = sum
      run stage xGradient
        for    y < 9, py < 3, i < 2
        where  -py - 3*y + 25 >= 0
        sum    k < 2, o < 3
        domain -k + y >= 0 and k - y + 7 >= 0
        term   (upstream[-k + y, o] * wPadded[k, py, i, o])
        output[py + 3*y, i] = sum"
    `);
    expect(wrongGradient(program, "x", { phases: "axis" })).toBeUndefined();
  });

  test("of which none has a tap are not padded", () => {
    // Of two pixels and a dilation of 4 the pixels are the taps, and two phases side by side meet none.
    const program = programWith(
      [buffer("x", [8], "input"), buffer("w", [3], "weights"), buffer("output", [2], "output")],
      [
        stageOf("window", {
          ...{ space: "y<2", reduce: "k<3", domain: inside("y + 4*k - 2", 8) },
          ...{ term: multiply(at("x", "y + 4*k - 2"), at("w", "k")), to: ["output", "y"] },
        }),
      ],
    );
    const derived = gradient(program, "x", { phases: "axis" });
    expect(derived.buffers.filter(({ shape }) => shape.includes(0))).toEqual([]);
    expect(wrongGradient(program, "x", { phases: "axis" })).toBeUndefined();
    expect(wrongGradient(derived, "w", { phases: "axis" })).toBeUndefined();
  });

  test("share one copy of a factor that both rows and columns pad", () => {
    const program = conv({ size: 8, inputs: 1, outputs: 2, taps: 4, stride: 3, pad: 0 });
    const derived = gradient(program, "value", { phases: "axis" });
    const written = derived.run.map(({ output }) => output.buffer).filter((name) => name.includes("Padded"));
    expect(written.length).toBeGreaterThan(1);
    expect(new Set(written).size).toBe(written.length);
    expect(wrongGradient(derived, "filters", { phases: "axis" })).toBeUndefined();
  });

  test.each([
    ["as many as a dilation more than the stride", 4],
    ["as many as a dilation less than it", 2],
  ])("have taps that go on from phase to phase: %s", (_, dilation) => {
    const row = `3*y + ${dilation}*k - 1`;
    const program = programWith(
      [buffer("x", [21], "input"), buffer("w", [4], "weights"), buffer("output", [5], "output")],
      [
        stageOf("conv", {
          ...{ space: "y<5", reduce: "k<4", term: multiply(at("x", row), at("w", "k")), domain: inside(row, 21) },
          to: ["output", "y"],
        }),
      ],
    );
    const derived = gradient(program, "x", { phases: "axis" });
    expect(derived.run.filter(({ space }) => space.some(({ name }) => /^p[yk]$/.test(name))).length).toBeGreaterThan(0);
    expect(wrongGradient(program, "x", { phases: "axis" })).toBeUndefined();
  });

  test("are stages where their taps do not follow one another", () => {
    const program = programWith(
      [buffer("x", [12], "input"), buffer("w", [3], "weights"), buffer("output", [3], "output")],
      [
        stageOf("conv", {
          ...{ space: "y<3", reduce: "k<3", term: multiply(at("x", "5*y + 2*k"), at("w", "k")) },
          ...{ domain: inside("5*y + 2*k", 12), to: ["output", "y"] },
        }),
      ],
    );
    expect(gradient(program, "x", { phases: "axis" })).toEqual(gradient(program, "x"));
    expect(wrongGradient(program, "x", { phases: "axis" })).toBeUndefined();
  });
});

describe("guards", () => {
  test("say of each read that it stays in its buffer, which no schedule could conclude from others", async () => {
    const program = programWith(
      [buffer("x", [13, 12, 1], "input"), buffer("output", [12, 144], "output")],
      [
        stageOf("s", {
          ...{ space: "n<12 y<12 q<12", reduce: "k<1 j<1 i<1", finish: multiply(local(SUM), number(0.25)) },
          term: multiply(at("x", "n + k", "y + j", "i"), at("x", "n + k + 1", "y + j", "i")),
          to: ["output", "n", "12*y + q"],
        }),
      ],
    );
    const derived = gradient(program, "x");
    for (const [, target, runsHere] of EVERY_TARGET) {
      await expectRight(derived, chooseAlgorithm(define(derived).program, target, {}), target, runsHere);
    }
  });

  test("say so of a read, though two guards of another one say it together", () => {
    const program = programWith(
      [buffer("x", [6], "input"), buffer("w", [9], "input"), buffer("output", [4], "output")],
      [
        stageOf("s", {
          ...{ space: "i<4", reduce: "k<3", to: ["output", "i"] },
          term: multiply(at("x", "i + k"), at("w", "2*i + k")),
        }),
      ],
    );
    expect(stagesOf(gradient(program, "x"))).toMatchInlineSnapshot(`
      "run stage xGradient
        for    i < 6
        sum    k < 3
        domain i - k >= 0 and -i + k + 3 >= 0 and 2*i - k >= 0 and -2*i + k + 8 >= 0
        term   (upstream[i - k] * w[2*i - k])
        output[i] = sum"
    `);
  });
});

describe("gradients of gradients", () => {
  const strided = conv({ size: 9, inputs: 2, outputs: 3, taps: 3, stride: 2, pad: 1 });

  test("leave no sum over phases of filters, as each is alive in one alone", () => {
    const second = gradient(gradient(strided, "value"), "filters");
    expect(second.run.length).toBe(4);
    expect(second.buffers.map(({ name }) => name)).toEqual(["upstream", "upstream1", "output"]);
    expect(wrongGradient(gradient(strided, "value"), "filters")).toBeUndefined();
  });

  test.each(["stages", "axis"] as const)("with respect to upstream are the convolution, phases as %s", (phases) => {
    const second = gradient(gradient(strided, "value", { phases }), "upstream", { phases });
    const given = givenFor(strided, 7);
    const { output: expected } = definitionOf(strided, Object.fromEntries(given));
    const values = new Map([...given, ["upstream", given.get("value") as Float32Array]]);
    expect(Float32Array.from(interpretProgram(second, values).get("output") as Float64Array)).toEqual(expected);
  });
});

describe("pivots", () => {
  test("leave the fewest terms, here the pixels, and stay in their ranges", () => {
    const program = programWith(
      [buffer("x", [8, 3], "input"), buffer("output", [2, 3], "output")],
      [
        stageOf("window", {
          ...{ space: "y<2 c<3", reduce: "k<7", term: at("x", "y + k", "c"), to: ["output", "y", "c"] },
          finish: multiply(local(SUM), number(0.5)),
        }),
      ],
    );
    expect(stagesOf(gradient(program, "x"))).toMatchInlineSnapshot(`
      "run stage xGradient
        for    k < 8, c < 3
        sum    y < 2
        domain k - y >= 0 and -k + y + 6 >= 0
        term   upstream[y, c]
        output[k, c] = (sum * 0.5)"
    `);
    expect(wrongGradient(program, "x")).toBeUndefined();
  });
});

describe("subscripts that name each element once", () => {
  test.each([
    ["groups", grouped(4, 3, 2, 2), ["value", "filters"]],
    ["channels", depthwise(4, 3), ["value", "filters", "bias"]],
  ] as const)("%s stay axes of the output", (_, program, tensors) => {
    for (const tensor of tensors) {
      expect(gradient(program, tensor).run.length).toBe(1);
      expect(wrongGradient(program, tensor)).toBeUndefined();
    }
  });

  test("patches stay in rows and columns", () => {
    const patches = conv({ size: 6, inputs: 2, outputs: 3, taps: 3, stride: 3, pad: 0 });
    expect(stagesOf(gradient(patches, "value"))).toMatchInlineSnapshot(`
      "run stage valueGradient
        for    n < 2, y < 2, u < 3, q < 2, v < 3, i < 2
        sum    o < 3
        term   (upstream[n, y, q, o] * filters[u, v, i, o])
        output[n, u + 3*y, 3*q + v, i] = sum"
    `);
  });
});

describe("reads of one tensor", () => {
  const vector = (count: number) => [buffer("x", [count], "input"), buffer("output", [count], "output")];
  const square = [buffer("x", [4, 4], "input"), buffer("output", [4], "output")];

  test("by the same subscripts are one", () => {
    const program = programWith(vector(4), [
      stageOf("square", { space: "i<4", term: multiply(at("x", "i"), at("x", "i")), to: ["output", "i"] }),
    ]);
    expect(stagesOf(gradient(program, "x"))).toMatchInlineSnapshot(`
      "run stage xGradient
        for    i < 4
        term   ((upstream[i] * x[i]) * 2)
        output[i] = sum"
    `);
  });

  test("by others are summed in one stage where they need no sums of their own", () => {
    const program = programWith(vector(4), [
      stageOf("turned", { space: "i<4", term: multiply(at("x", "i"), at("x", "3 - i")), to: ["output", "i"] }),
    ]);
    expect(stagesOf(gradient(program, "x"))).toMatchInlineSnapshot(`
      "run stage xGradient
        for    i < 4
        term   ((x[-i + 3] * upstream[-i + 3]) + (upstream[i] * x[-i + 3]))
        output[i] = sum"
    `);
    expect(wrongGradient(program, "x")).toBeUndefined();
  });

  test("that sum each leave one in a buffer", () => {
    const program = programWith(
      [buffer("x", [4, 4], "input"), buffer("output", [4, 4], "output")],
      [
        stageOf("square", {
          ...{ space: "i<4 j<4", reduce: "k<4", term: multiply(at("x", "i", "k"), at("x", "k", "j")) },
          to: ["output", "i", "j"],
        }),
      ],
    );
    expect(stagesOf(gradient(program, "x"))).toMatchInlineSnapshot(`
      "run stage xGradient
        for    i < 4, k < 4
        sum    j < 4
        term   (upstream[i, j] * x[k, j])
        dXPart[i, k] = sum
      run stage xGradient1
        for    k < 4, j < 4
        sum    i < 4
        term   (x[i, k] * upstream[i, j])
        output[k, j] = (sum + dXPart[k, j])"
    `);
    expect(wrongGradient(program, "x")).toBeUndefined();
  });

  test.each([
    ["along a diagonal", ["i", "i"]],
    ["along every second of it", ["i", "2*i"]],
    ["in one column", ["i", "2"]],
    ["aslant", ["i", "3 - i"]],
  ])("%s leave zeros elsewhere", (_, [row = "", column = ""]) => {
    const isShort = column.startsWith("2*");
    const program = programWith(square, [
      stageOf("line", { space: `i<${isShort ? 2 : 4}`, term: at("x", row, column), to: ["output", "i"] }),
    ]);
    expect(wrongGradient(program, "x")).toBeUndefined();
  });
});

test("a quotient may be made of another one", () => {
  const program = programWith(
    [buffer("x", [7, 5], "input"), buffer("output", [3, 3], "output")],
    [stageOf("s", { space: "i<3 k<3", term: at("x", "2*i + k", "2*k"), to: ["output", "i", "k"] })],
  );
  expect(wrongGradient(program, "x")).toBeUndefined();
  expect(wrongGradient(program, "x", { phases: "axis" })).toBeUndefined();
});

test("a sum of one term is joined by what follows it", () => {
  const program = programWith(
    [buffer("x", [4], "input"), buffer("output", [4], "output")],
    [
      stageOf("relu", {
        ...{ space: "i<4", term: at("x", "3 - i"), finish: binary("maximum", local(SUM), number(0)) },
        to: ["output", "i"],
      }),
    ],
  );
  expect(stagesOf(gradient(program, "x"))).toMatchInlineSnapshot(`
    "run stage xGradient
      for    i < 4
      term   select(0 < x[i], upstream[-i + 3], 0)
      output[i] = sum"
  `);
});

describe("names", () => {
  test("upstream is the new one, and the one before has a number", () => {
    const first = gradient(MATMUL, "a");
    expect(first.buffers.map(({ name, role }) => `${role} ${name}`)).toEqual([
      ...["input upstream", "input b", "output output"],
    ]);
    const second = gradient(first, "b");
    expect(second.buffers.map(({ name }) => name)).toEqual(["upstream", "upstream1", "output"]);
    // The second one gives way again, to the first name that is free.
    expect(gradient(second, "upstream1").buffers.map(({ name }) => name)).toEqual(["upstream", "upstream2", "output"]);
  });

  test("neither buffers nor axes of the program stand in the way", () => {
    const program = programWith(
      [
        ...[buffer("upstream", [3], "input"), buffer("x", [3, 3], "input"), buffer("middle", [3], "scratch")],
        ...[buffer("upstream1", [3], "input"), buffer("output", [3], "output")],
      ],
      [
        stageOf("output", { space: "i<3", reduce: "upstream<3", term: at("x", "i", "upstream"), to: ["middle", "i"] }),
        stageOf("two", {
          ...{ space: "i<3", term: multiply(multiply(at("middle", "i"), at("upstream", "i")), at("upstream1", "i")) },
          to: ["output", "i"],
        }),
      ],
    );
    expect(printProgram(gradient(program, "x"))).toMatchInlineSnapshot(`
      "program programGradient
      input upstream[3] f32
      input upstream2[3] f32
      input upstream1[3] f32
      scratch dMiddle[3] f32
      output output[3, 3] f32
      run stage middleGradient
        for    i < 3
        term   ((upstream[i] * upstream1[i]) * upstream2[i])
        dMiddle[i] = sum
      run stage xGradient
        for    i < 3, upstream2 < 3
        term   dMiddle[i]
        output[i, upstream2] = sum"
    `);
    expect(wrongGradient(program, "x")).toBeUndefined();
  });

  test("an axis gives way to a buffer that another stage reads", () => {
    const program = programWith(
      [
        ...[buffer("x", [3], "input"), buffer("k", [3], "input")],
        ...[buffer("middle", [3], "scratch"), buffer("output", [3], "output")],
      ],
      [
        stageOf("one", { space: "k<3", term: at("x", "k"), to: ["middle", "k"] }),
        stageOf("two", {
          ...{ space: "i<3", term: plus(multiply(at("x", "i"), at("k", "i")), at("middle", "i")) },
          to: ["output", "i"],
        }),
      ],
    );
    expect(stagesOf(gradient(program, "x"))).toMatchInlineSnapshot(`
      "run stage xGradient
        for    k1 < 3
        term   (upstream[k1] + (upstream[k1] * k[k1]))
        output[k1] = sum"
    `);
    expect(wrongGradient(program, "x")).toBeUndefined();
  });
});

describe("stages", () => {
  const prepared = programWith(
    [
      ...[buffer("x", [3], "input"), buffer("w", [3], "weights"), buffer("turned", [3], "prepared")],
      buffer("output", [3], "output"),
    ],
    [stageOf("scale", { space: "i<3", term: multiply(at("x", "i"), at("turned", "i")), to: ["output", "i"] })],
    [stageOf("turn", { space: "i<3", term: at("w", "2 - i"), to: ["turned", "i"] })],
  );

  test("of weights alone stay in prepare, where those are given once", () => {
    const parts = ({ prepare, run }: Program) => [prepare, run].map((stages) => stages.map(({ name }) => name));
    expect(parts(gradient(prepared, "x", { weights: ["w"] }))).toEqual([["turn"], ["xGradient"]]);
    expect(parts(gradient(prepared, "x"))).toEqual([[], ["turn", "xGradient"]]);
    expect(wrongGradient(prepared, "x")).toBeUndefined();
    expect(wrongGradient(prepared, "w")).toBeUndefined();
  });

  test("are computed once, and their sums kept where a derivative needs them", () => {
    const program = programWith(
      [
        ...[buffer("x", [3, 4], "input"), buffer("w", [4, 2], "weights"), buffer("hidden", [3, 2], "scratch")],
        buffer("output", [3], "output"),
      ],
      [
        stageOf("layer", {
          ...{ space: "i<3 j<2", reduce: "k<4", term: multiply(at("x", "i", "k"), at("w", "k", "j")) },
          ...{ finish: binary("maximum", local(SUM), number(0)), to: ["hidden", "i", "j"] },
        }),
        stageOf("squares", {
          ...{ space: "i<3", reduce: "j<2", term: multiply(at("hidden", "i", "j"), at("hidden", "i", "j")) },
          to: ["output", "i"],
        }),
      ],
    );
    expect(stagesOf(gradient(program, "w"))).toMatchInlineSnapshot(`
      "run stage layer
        for    i < 3, j < 2
        sum    k < 4
        term   (x[i, k] * w[k, j])
        layerSum[i, j] = sum
      run stage finishLayer
        for    i < 3, j < 2
        term   maximum(layerSum[i, j], 0)
        hidden[i, j] = sum
      run stage hiddenGradient
        for    i < 3, j < 2
        term   ((upstream[i] * hidden[i, j]) * 2)
        dHidden[i, j] = sum
      run stage layerSumGradient
        for    i < 3, j < 2
        term   select(0 < layerSum[i, j], dHidden[i, j], 0)
        dLayerSum[i, j] = sum
      run stage wGradient
        for    k < 4, j < 2
        sum    i < 3
        term   (x[i, k] * dLayerSum[i, j])
        output[k, j] = sum"
    `);
    expect(wrongGradient(program, "w")).toBeUndefined();
  });

  test("that only add pass on the adjoint that they have", () => {
    const residual = programWith(
      [
        ...[buffer("x", [4], "input"), buffer("w", [4, 4], "input"), buffer("product", [4], "scratch")],
        buffer("output", [4], "output"),
      ],
      [
        stageOf("product", {
          ...{ space: "i<4", reduce: "k<4", term: multiply(at("w", "i", "k"), at("x", "k")), to: ["product", "i"] },
        }),
        stageOf("residual", { space: "i<4", term: plus(at("product", "i"), at("x", "i")), to: ["output", "i"] }),
      ],
    );
    expect(stagesOf(gradient(residual, "x"))).toMatchInlineSnapshot(`
      "run stage xGradient
        for    k < 4
        sum    i < 4
        term   (w[i, k] * upstream[i])
        output[k] = (sum + upstream[k])"
    `);
    expect(wrongGradient(residual, "x")).toBeUndefined();
  });

  test("that write one buffer together each read its adjoint", () => {
    const halves = programWith(
      [...[buffer("x", [6], "input"), buffer("both", [6], "scratch"), buffer("output", [6], "output")]],
      [
        stageOf("even", { space: "i<3", term: at("x", "i"), to: ["both", "2*i"] }),
        stageOf("odd", { space: "i<3", term: multiply(at("x", "i + 3"), number(2)), to: ["both", "2*i + 1"] }),
        stageOf("turn", { space: "i<6", term: at("both", "5 - i"), to: ["output", "i"] }),
      ],
    );
    expect(wrongGradient(halves, "x")).toBeUndefined();
  });

  test("that read what they go on to write are taken in turn", () => {
    const scan = programWith(
      [buffer("x", [3], "input"), buffer("output", [3], "output")],
      [
        stageOf("first", { space: "", term: at("x", "0"), to: ["output", "0"] }),
        stageOf("second", { space: "", term: multiply(at("output", "0"), at("x", "1")), to: ["output", "1"] }),
        stageOf("third", { space: "", term: plus(at("output", "1"), at("x", "2")), to: ["output", "2"] }),
      ],
    );
    expect(wrongGradient(scan, "x")).toBeUndefined();
  });

  test("where no point exists pass nothing on", () => {
    const some = programWith(
      [buffer("x", [4], "input"), buffer("output", [4], "output")],
      [stageOf("some", { space: "i<4", where: ["2 - i"], term: at("x", "i"), to: ["output", "i"] })],
    );
    const given = new Map([["upstream", [1, 2, 3, 4]]]);
    expect([...(interpretProgram(gradient(some, "x"), given).get("output") as Float64Array)]).toEqual([1, 2, 3, 0]);
  });

  test("of computed terms compare their maximum with the bits that it was taken over", () => {
    const program = programWith(
      [buffer("x", [3, 4], "input"), buffer("w", [4], "input"), buffer("output", [3], "output")],
      [
        stageOf("largest", {
          ...{ space: "i<3", reduce: "k<4", combine: "maximum" },
          ...{ term: multiply(at("x", "i", "k"), at("w", "k")), to: ["output", "i"] },
        }),
      ],
    );
    expect(stagesOf(gradient(program, "x"))).toMatchInlineSnapshot(`
      "run stage termsOfLargest
        for    i < 3, k < 4
        term   (x[i, k] * w[k])
        largestTerms[i, k] = sum
      run stage largest
        for    i < 3
        max    k < 4
        term   largestTerms[i, k]
        output1[i] = sum
      run stage largestShareGradient
        for    i < 3
        sum    k < 4
        term   select(largestTerms[i, k] == output1[i], 1, 0)
        dLargestShare[i] = (upstream[i] / sum)
      run stage xGradient
        for    i < 3, k < 4
        term   select(largestTerms[i, k] == output1[i], (dLargestShare[i] * w[k]), 0)
        output[i, k] = sum"
    `);
    expect(wrongGradient(program, "x")).toBeUndefined();
  });
});

describe("many contributions", () => {
  const buffersOf = (stage: Stage) =>
    new Set([...loadsOf(stage.term), ...loadsOf(stage.finish)].map(({ buffer }) => buffer)).size;

  test("are summed one after the other, so that a GPU can bind what each sum reads", () => {
    const spec = { op: "conv2dTranspose", value: [1, 4, 5, 2], filters: [3, 3, 2, 2], strides: [2, 2] } as const;
    const { run } = gradient(programOfAny({ ...spec, padding: "SAME" }), "filters");
    expect(run.length).toBeGreaterThan(3);
    expect(Math.max(...run.map(buffersOf))).toBeLessThanOrEqual(3);
  });

  test("write all of each buffer, whichever phases they reach, so that text can say it", () => {
    const spec = {
      ...{ op: "conv2dTranspose", convention: "onnx", value: [1, 6, 2, 5], filters: [6, 2, 2, 2], groups: 3 },
      ...{ strides: [1, 2], dilations: [2, 3] },
      padding: [
        [1, 1],
        [3, 3],
      ],
    } as const satisfies FamilySpec;
    for (const tensor of ["value", "filters"]) {
      const { tensors } = gradientOf(spec, tensor);
      expect(wrongGradient(programOfAny(spec), tensor)).toBeUndefined();
      expect(Object.keys(tensors)).toContain("upstream");
    }
  });
});

describe("of several outputs", () => {
  test("the one that is named is weighted", () => {
    expect(stagesOf(gradient(STAGES, "early", { output: "total" }))).toMatchInlineSnapshot(`
      "run stage halfGradient
        for    x < 6, y < 6
        term   upstream[y, x]
        dHalf[x, y] = sum
      run stage earlyGradient
        for    y < 6, k < 6
        sum    x < 6
        term   (dHalf[y, x] * earlyWeights[k, x])
        output[y, k] = sum"
    `);
    expect(wrongGradient(STAGES, "early", { output: "total" })).toBeUndefined();
    expect(gradient(STAGES, "early", { output: "half" }).run.length).toBe(1);
  });
});

describe("refused", () => {
  const refusal = (...args: Parameters<typeof gradient>) => errorOf(thrownBy(() => gradient(...args)));

  test("an output that is not named, of several", () => {
    expect(refusal(STAGES, "early")).toMatchInlineSnapshot(
      `"invalid-argument: program has the outputs total, half; say in \`output\` which one upstream belongs to"`,
    );
  });
  test.each([
    ["a tensor", () => refusal(MATMUL, "d")],
    ["what is computed", () => refusal(STAGES, "half", { output: "total" })],
    ["an output", () => refusal(MATMUL, "a", { output: "b" })],
    ["weights", () => refusal(MATMUL, "a", { weights: ["w"] })],
  ])("%s that there is not", (_, said) => {
    expect(said()).toMatch(/^invalid-argument: program has no (tensor|output) called \w+; it has \w+/);
  });
  test("a tensor that nothing on the way to the output reads", () => {
    expect(refusal(STAGES, "late", { output: "half" })).toMatchInlineSnapshot(
      `"not-derivable: the gradient of program with respect to late is 0: half does not change with it"`,
    );
  });
  test("several long axes that move one subscript, none by one", () => {
    const program = programWith(
      [buffer("x", [769], "input"), buffer("output", [65, 65, 65], "output")],
      [stageOf("s", { space: "a<65 b<65 c<65", term: at("x", "5*a + 3*b + 4*c"), to: ["output", "a", "b", "c"] })],
    );
    expect(refusal(program, "x")).toMatchInlineSnapshot(
      `"not-derivable: s reads x[5*a + 3*b + 4*c], and no stage can find which points read a given element: several long axes move one of its subscripts, none of them by one; add up two of them as an axis of a buffer in between"`,
    );
    const remedy = programWith(
      [buffer("x", [30], "input"), buffer("sums", [3, 15], "scratch"), buffer("output", [3, 3, 3], "output")],
      [
        stageOf("first", { space: "a<3 m<15", term: at("x", "5*a + m"), to: ["sums", "a", "m"] }),
        stageOf("s", { space: "a<3 b<3 c<3", term: at("sums", "a", "3*b + 4*c"), to: ["output", "a", "b", "c"] }),
      ],
    );
    expect(wrongGradient(remedy, "x")).toBeUndefined();
  });
});

test("of several short axes that move one subscript, none by one, the shortest is written out", () => {
  const program = programWith(
    [buffer("x", [34], "input"), buffer("output", [3, 2, 5], "output")],
    [stageOf("s", { space: "a<3 b<2 c<5", term: at("x", "5*a + 3*b + 4*c"), to: ["output", "a", "b", "c"] })],
  );
  expect(wrongGradient(program, "x")).toBeUndefined();
  const summed = programWith(
    [buffer("x", [34], "input"), buffer("w", [2, 5], "input"), buffer("output", [3], "output")],
    [
      stageOf("s", {
        space: "a<3",
        reduce: "b<2 c<5",
        term: multiply(at("x", "5*a + 3*b + 4*c"), at("w", "b", "c")),
        to: ["output", "a"],
      }),
    ],
  );
  for (const name of ["x", "w"]) expect(wrongGradient(summed, name)).toBeUndefined();
});
