/** What formulas become: the stages that somebody would write by hand, and each sum once. */
import { describe, expect, test } from "vitest";
import { type FormulaOptions, formulaProgram, parseFormula } from "../../src/formula/index.js";
import { key } from "../../src/ir/affine.js";
import { printExpr, printProgram } from "../../src/ir/print.js";
import type { Program } from "../../src/ir/program.js";
import { matmul } from "../support/ops.js";
import { conv, costVolume, depthwise, grouped, maxPool, patches } from "../support/windows.js";

const programOf = (formula: string, options: FormulaOptions): Program => formulaProgram(parseFormula(formula), options);

const text = (formula: string, options: FormulaOptions): string => printProgram(programOf(formula, options));

/** Stages as `name: axes | reduced axes`. */
const stagesOf = ({ prepare, run }: Program): string[] =>
  [...prepare, ...run].map(({ name, space, reduce }) =>
    [`${name}:`, ...space.map((axis) => axis.name), "|", ...reduce.map((axis) => axis.name)].join(" "),
  );

/** Extents of the axes of the first stage. */
const extentsOf = ({ run: [stage] }: Program) =>
  Object.fromEntries([...(stage?.space ?? []), ...(stage?.reduce ?? [])].map(({ name, extent }) => [name, extent]));

describe("programs by hand come out of a line", () => {
  const shapesOf = ({ buffers }: Program) => Object.fromEntries(buffers.map(({ name, shape }) => [name, shape]));
  const weightsOf = ({ buffers }: Program) => buffers.filter(({ role }) => role === "weights").map(({ name }) => name);

  test.each([
    [
      "convolution",
      "output[n, y, q, o] = relu(sum(u, v, i: value[n, 2*y + u - 1, 2*q + v - 1, i] * filters[u, v, i, o]) + bias[o])",
      conv({ size: 8, inputs: 3, outputs: 4, taps: 3, stride: 2, pad: 1 }, { bias: true }),
    ],
    [
      "convolution without padding",
      "output[n, y, q, o] = sum(u, v, i: value[n, y + u, q + v, i] * filters[u, v, i, o])",
      conv({ size: 8, inputs: 3, outputs: 4, taps: 3, stride: 1, pad: 0 }),
    ],
    [
      "grouped convolution",
      `output[y, q, 4*g + o] = sum(u, v, i:
         value[y + u - 1, q + v - 1, 3*g + i] * filters[u, v, i, 4*g + o]) for g < 2, o < 4`,
      grouped(6, 2, 3, 4),
    ],
    [
      "depthwise convolution",
      "output[y, q, c] = sum(u, v: value[y + u - 1, q + v - 1, c] * filters[u, v, c]) + bias[c]",
      depthwise(6, 5),
    ],
    ["patches", "output[y, q, o] = sum(u, v, i: value[4*y + u, 4*q + v, i] * filters[u, v, i, o])", patches(4, 3, 5)],
    ["max pool", "output[y, q, c] = max(u < 3, v < 3: value[2*y + u - 1, 2*q + v - 1, c])", maxPool(7, 5)],
    ["cost volume", "output[y, q, s, t] = sum(c: a[y, q, c] * b[y + s - 2, q + t - 2, c])", costVolume(5, 3)],
    ["matrix product", "output[m, p] = sum(k: a[m, k] * b[k, p])", matmul(4, 5, 6)],
  ])("%s", (_, formula, program) => {
    const made = programOf(formula, { name: program.name, tensors: shapesOf(program), weights: weightsOf(program) });
    const named = made.run.map((stage, i) => ({ ...stage, name: program.run[i]?.name }));
    expect({ ...made, run: named }).toEqual(program);
  });
});

describe("reductions", () => {
  test("of a line is its own if it moves along all axes", () => {
    const program = programOf("output[i] = 2 * sum(k: a[i, k]) + b[i]", { tensors: { a: [4, 3], b: [4] } });
    expect(stagesOf(program)).toEqual(["output: i | k"]);
    expect(printExpr(program.run[0]?.finish as never)).toBe("((2 * sum) + b[i])");
  });
  test("is computed before, over the axes that it moves along", () => {
    expect(text("output[n, j] = e[n, j] / sum(k: e[n, k])", { tensors: { e: [2, 5] } })).toMatchInlineSnapshot(`
      "program formula
      input e[2, 5] f32
      output output[2, 5] f32
      scratch outputSum[2] f32
      run stage outputSum
        for    n < 2
        sum    k < 5
        term   e[n, k]
        outputSum[n] = sum
      run stage output
        for    n < 2, j < 5
        term   (e[n, j] / outputSum[n])
        output[n, j] = sum"
    `);
  });
  test("with the most terms is the line's own, the others are computed before", () => {
    const program = programOf("output[i] = sum(k: a[i, k]) * sum(k, j: b[i, k, j])", {
      tensors: { a: [4, 20], b: [4, 3, 7] },
    });
    expect(stagesOf(program)).toEqual(["outputSum: i | k", "output: i | k j"]);
  });
  test("in reductions are computed before, for all terms", () => {
    const program = programOf("output[i] = max(j: sum(k: a[i, k] * b[k, j]))", { tensors: { a: [4, 3], b: [3, 5] } });
    expect(stagesOf(program)).toEqual(["outputSum: i j | k", "output: i | j"]);
  });
  test("are computed once, whatever their axes are called, and in whichever line", () => {
    const formula = `p[n, j] = exp(s[n, j] - max(k: s[n, k]))
                     output[n, j] = exp(s[n, j] - max(k: s[n, k])) / sum(i: exp(s[n, i] - max(l: s[n, l])))`;
    expect(stagesOf(programOf(formula, { tensors: { s: [2, 5] } }))).toEqual([
      "pMax: n | k",
      "p: n j |",
      "outputSum: n | i",
      "output: n j |",
    ]);
  });
  test("that differ in a number are two", () => {
    const program = programOf("output[] = max(k < 3: s[k]) / max(k < 3: s[0])", { tensors: { s: [5] } });
    expect(program.run.length).toBe(2);
    const reads = program.run.map(({ term }) => printExpr(term));
    expect(reads.sort()).toEqual(["s[0]", "s[k]"]);
  });
  test("named twice in a line are its own once", () => {
    const program = programOf("output[i] = sum(k: a[i, k]) * sigmoid(sum(j: a[i, j]))", { tensors: { a: [4, 3] } });
    expect(stagesOf(program)).toEqual(["output: i | k"]);
  });
  test("without axes leave out what lies outside", () => {
    const program = programOf("output[i] = sum(: x[i - 2])", { tensors: { x: [4], output: [6] } });
    expect(program.run[0]?.domain.map(key)).toEqual(["i - 2", "-i + 5"]);
  });
  test("are computed anew for axes that are asked for", () => {
    const program = programOf("output[i, j] = e[j] / sum(k for j, i: e[k])", { tensors: { e: [5], output: [3, 5] } });
    expect(stagesOf(program)).toEqual(["output: i j | k"]);
  });
  test("do not count an axis of one value", () => {
    const program = programOf("output[n, i] = sum(k: a[i, k])", { tensors: { a: [4, 3], output: [1, 4] } });
    expect(stagesOf(program)).toEqual(["output: n i | k"]);
  });
});

describe("guards", () => {
  const domainOf = (formula: string, tensors: FormulaOptions["tensors"]) =>
    programOf(formula, { tensors }).run[0]?.domain.map(key);

  test("are implied where ranges alone do not keep a read inside", () => {
    expect(domainOf("o[i] = sum(k < 3: x[i + k])", { x: [6], o: [4] })).toEqual([]);
    expect(domainOf("o[i] = sum(k < 3: x[i + k])", { x: [6], o: [5] })).toEqual(["i + k", "-i - k + 5"]);
  });
  test("of equal reads are one, and of other reads another", () => {
    const tensors = { x: [6], y: [6], o: [5] };
    expect(domainOf("o[i] = sum(k < 3: x[i + k] * y[i + k])", tensors)).toEqual(["i + k", "-i - k + 5"]);
    expect(domainOf("o[i] = sum(k < 3: x[i + k] * y[i + k + 1])", tensors)?.length).toBe(4);
  });
  test("of equal reads keep both in, whichever tensor is the shorter", () => {
    const formula = "o[i] = sum(k < 3: x[i + k] * y[i + k])";
    const bothOf = (x: number, y: number) => domainOf(formula, { x: [x], y: [y], o: [9] });
    expect(bothOf(6, 4)).toEqual(["i + k", "-i - k + 5", "-i - k + 3"]);
    expect(bothOf(4, 6)).toEqual(["i + k", "-i - k + 3", "-i - k + 5"]);
  });
  test("are not implied where a condition says as much", () => {
    expect(domainOf("o[i] = sum(k < 9 if i + k < 6: x[i + k])", { x: [6], o: [4] })).toEqual(["-i - k + 5"]);
    expect(domainOf("o[i] = sum(k < 9 if i + k < 7: x[i + k])", { x: [6], o: [4] })?.length).toBe(3);
  });
  test("are not implied where no point of a ragged end would need them", () => {
    const [stage] = programOf("o[2*q + p] = sum(: x[2*q + p]) for q < 4, p < 2 if 2*q + p < 7", {
      tensors: { x: [7], o: [7] },
    }).run;
    expect([stage?.where?.map(key), stage?.domain]).toEqual([["-p - 2*q + 6"], []]);
  });
});

describe("means", () => {
  test("divide by a number where all terms count", () => {
    const program = programOf("o[i] = mean(k, j: x[i, k, j])", { tensors: { x: [2, 3, 5] } });
    expect(printExpr(program.run[0]?.finish as never)).toBe("(sum / 15)");
  });
  test("divide by counts of the axes that guards name, each by itself", () => {
    const program = programOf("o[y, x, c] = mean(u < 3, v < 3, w < 2: x0[y + u - 1, x + v, c])", {
      tensors: { x0: [4, 5, 2], o: [4, 5, 2] },
    });
    expect(printExpr(program.run[0]?.finish as never)).toBe("(sum / ((oCount[y] * oCount1[x]) * 2))");
    const counts = program.buffers.filter(({ role }) => role === "constant").map(({ values }) => values);
    expect(counts).toEqual([
      [2, 3, 3, 2],
      [3, 3, 3, 2, 1],
    ]);
  });
  test("of guards that join axes have counts of both", () => {
    const program = programOf("o[y, x] = mean(k < 3 if k <= y + x: v[k])", { tensors: { v: [3], o: [2, 2] } });
    expect(program.buffers.find(({ role }) => role === "constant")).toMatchObject({
      shape: [2, 2],
      values: [1, 2, 2, 3],
    });
  });
  test("of phases have counts of their own", () => {
    const program = programOf("o[y] = mean(k < 4: v[(y - k)/2])", { tensors: { v: [3], o: [8] } });
    const counts = program.buffers.filter(({ role }) => role === "constant").map(({ values }) => values);
    // At 2*y taps 0 and 2 read v[y] and v[y - 1], at 2*y + 1 taps 1 and 3 do.
    expect(counts).toEqual([
      [1, 2, 2, 1],
      [1, 2, 2, 1],
    ]);
  });
});

describe("extents", () => {
  test("are those of dimensions that an axis alone moves through", () => {
    const program = programOf("output[i, j] = sum(k: a[i, k] * b[k, j])", { tensors: { a: [4, 3], b: [3, 5] } });
    expect(extentsOf(program)).toEqual({ i: 4, j: 5, k: 3 });
    expect(program.buffers.at(-1)).toMatchObject({ name: "output", shape: [4, 5], role: "output" });
  });
  test("that are stated hold, whatever shapes say", () => {
    const program = programOf("output[i] = sum(k < 9: a[i, k]) for i < 2", { tensors: { a: [4, 3] } });
    expect(extentsOf(program)).toEqual({ i: 2, k: 9 });
    expect(program.run[0]?.domain.map(key)).toEqual(["k", "-k + 2"]);
  });
  test("of one axis in a subscript on the left are as long as the tensor lets them be", () => {
    const lengths = (size: number) =>
      extentsOf(programOf("o[4*q + p] = x[0] for p < 4", { tensors: { x: [1], o: [size] } }));
    expect(lengths(12)).toEqual({ p: 4, q: 3 });
    expect(extentsOf(programOf("o[5 - i] = x[i]; o[i + 6] = x[i]", { tensors: { x: [6], o: [12] } }))).toEqual({
      i: 6,
    });
    expect(extentsOf(programOf("o[5 - i] = 1", { tensors: { o: [6] } }))).toEqual({ i: 6 });
  });
  test("of 0 leave nothing to compute", () => {
    const program = programOf("output[i, j] = sum(k: a[i, k] * b[k, j])", { tensors: { a: [0, 3], b: [3, 5] } });
    expect(program.buffers.at(-1)?.shape).toEqual([0, 5]);
    expect(extentsOf(programOf("output[i] = sum(k: a[i, k])", { tensors: { a: [2, 0] } }))).toEqual({ i: 2, k: 0 });
  });
  test("are in the order of the left, or of for if it has all", () => {
    const order = (clause: string) =>
      programOf(`o[x, y] = v[y, x] ${clause}`, { tensors: { v: [2, 3] } }).run[0]?.space.map(({ name }) => name);
    expect(order("")).toEqual(["x", "y"]);
    expect(order("for y < 2")).toEqual(["x", "y"]);
    expect(order("for y, x")).toEqual(["y", "x"]);
    expect(order("for z < 1")).toEqual(["x", "y", "z"]);
  });
});

describe("roles", () => {
  const rolesOf = (program: Program) => Object.fromEntries(program.buffers.map(({ name, role }) => [name, role]));

  test("follow from what is read and written", () => {
    const formula = `size[o] = sqrt(sum(i: m[i, o] * m[i, o]))
                     scaled[i, o] = m[i, o] / size[o]
                     hidden[n, o] = sum(i: x[n, i] * scaled[i, o])
                     output[n, o] = tanh(hidden[n, o])`;
    const program = programOf(formula, { tensors: { x: [2, 3], m: [3, 4] }, weights: ["m"] });
    expect(rolesOf(program)).toEqual({
      x: "input",
      m: "weights",
      size: "scratch",
      scaled: "prepared",
      hidden: "scratch",
      output: "output",
    });
    expect([program.prepare.length, program.run.length]).toEqual([2, 2]);
  });
  test("of sums of weights alone are prepared, and outputs stay in run", () => {
    const program = programOf("output[i] = w[i] / sum(k: w[k])", { tensors: { w: [4] }, weights: ["w"] });
    expect(rolesOf(program)).toEqual({ w: "weights", output: "output", outputSum: "prepared" });
    expect(stagesOf(program)).toEqual(["outputSum: | k", "output: i |"]);
  });
  test("are as outputs say", () => {
    const formula = "half[i] = x[i] / 2; output[i] = half[i] + 1";
    const program = programOf(formula, { tensors: { x: [4] }, outputs: ["half", "output"] });
    expect(rolesOf(program)).toEqual({ x: "input", half: "output", output: "output" });
  });
  test("are in the order of the shapes that are given", () => {
    const formula = "a[i] = x[i]; b[i] = y[i]";
    expect(Object.keys(rolesOf(programOf(formula, { tensors: { b: [4], y: [4], x: [4] } })))).toEqual([
      "b",
      "y",
      "x",
      "a",
    ]);
  });
});

test("many stages of one tensor have names of their own, of which none is a word of code", () => {
  const program = programOf("i[y] = x[floor(y/40), y % 40]", { tensors: { x: [2, 40], i: [80] } });
  const names = program.run.map(({ name }) => name);
  expect(new Set(names).size).toBe(40);
  expect(names.slice(0, 3)).toEqual(["i", "i1", "i2"]);
  expect(names).not.toContain("i32");
});
