// @ts-check
/** Ops as programs: matrix products, pooling and convolutions of all sorts, each one stage written as a few lines of text. */
import { affine, range, variable, within } from "../build/ir/affine.js";
import { binary, load, local, multiply, number, plus } from "../build/ir/expr.js";

/**
 * @typedef {import("../build/ir/program.js").Program} Program
 * @typedef {import("../build/ir/expr.js").Expr} Expr
 * @typedef {Readonly<Record<string, readonly number[]>>} Shapes
 * @typedef {object} Op
 * @property {Shapes} inputs
 * @property {Shapes} [weights]
 * @property {Readonly<Record<string, number>>} output its axes, outermost first
 * @property {Readonly<Record<string, number>>} [over] the reduction's axes
 * @property {readonly string[]} factors `value[n, 2*y + u - 1, i]`; a read outside its buffer does not count
 * @property {string} [bias] added to the sum, then relu
 * @property {"maximum"} [combine]
 * @property {boolean} [isArithmetic] whether arithmetic binds it, so that it should come near the peak
 */

/** @type {Readonly<Record<string, Op>>} */
export const OPS = {
  "conv, stride 2, bias, relu": {
    inputs: { value: [1, 57, 57, 32] },
    weights: { filters: [3, 3, 32, 64], bias: [64] },
    output: { n: 1, y: 28, x: 28, o: 64 },
    over: { u: 3, v: 3, i: 32 },
    factors: ["value[n, 2*y + u, 2*x + v, i]", "filters[u, v, i, o]"],
    bias: "bias[o]",
    isArithmetic: true,
  },
  "conv, stride 2, padded": {
    inputs: { value: [1, 56, 56, 32] },
    weights: { filters: [3, 3, 32, 64] },
    output: { n: 1, y: 28, x: 28, o: 64 },
    over: { u: 3, v: 3, i: 32 },
    factors: ["value[n, 2*y + u - 1, 2*x + v - 1, i]", "filters[u, v, i, o]"],
    isArithmetic: true,
  },
  "conv, 4 groups": {
    inputs: { value: [1, 28, 28, 128] },
    weights: { filters: [3, 3, 32, 128] },
    output: { n: 1, y: 28, x: 28, g: 4, o: 32 },
    over: { u: 3, v: 3, i: 32 },
    factors: ["value[n, y + u - 1, x + v - 1, 32*g + i]", "filters[u, v, i, 32*g + o]"],
    isArithmetic: true,
  },
  depthwise: {
    inputs: { value: [1, 56, 56, 64] },
    weights: { filters: [3, 3, 64] },
    output: { n: 1, y: 56, x: 56, c: 64 },
    over: { u: 3, v: 3 },
    factors: ["value[n, y + u - 1, x + v - 1, c]", "filters[u, v, c]"],
  },
  "conv, NCHW": {
    inputs: { value: [1, 32, 58, 58] },
    weights: { filters: [64, 32, 3, 3] },
    output: { n: 1, o: 64, y: 56, x: 56 },
    over: { i: 32, u: 3, v: 3 },
    factors: ["value[n, i, y + u, x + v]", "filters[o, i, u, v]"],
    isArithmetic: true,
  },
  "matmul of two inputs": {
    inputs: { a: [256, 256], b: [256, 256] },
    output: { m: 256, p: 256 },
    over: { k: 256 },
    factors: ["a[m, k]", "b[k, p]"],
    isArithmetic: true,
  },
  "dense, bias, relu": {
    inputs: { a: [256, 256] },
    weights: { b: [256, 256], bias: [256] },
    output: { m: 256, p: 256 },
    over: { k: 256 },
    factors: ["a[m, k]", "b[k, p]"],
    bias: "bias[p]",
    isArithmetic: true,
  },
  "patches 16x16": {
    inputs: { value: [1, 224, 224, 3] },
    weights: { filters: [16, 16, 3, 192] },
    output: { n: 1, y: 14, x: 14, o: 192 },
    over: { u: 16, v: 16, i: 3 },
    factors: ["value[n, 16*y + u, 16*x + v, i]", "filters[u, v, i, o]"],
    isArithmetic: true,
  },
  "scores q k'": {
    inputs: { q: [8, 128, 64], k: [8, 128, 64] },
    output: { h: 8, i: 128, j: 128 },
    over: { d: 64 },
    factors: ["q[h, i, d]", "k[h, j, d]"],
    isArithmetic: true,
  },
  "filter gradient": {
    inputs: { value: [1, 28, 28, 64], dy: [1, 28, 28, 64] },
    output: { u: 3, v: 3, i: 64, o: 64 },
    over: { n: 1, y: 28, x: 28 },
    factors: ["value[n, y + u - 1, x + v - 1, i]", "dy[n, y, x, o]"],
    isArithmetic: true,
  },
  "average pool": {
    inputs: { value: [1, 56, 56, 64] },
    output: { n: 1, y: 28, x: 28, c: 64 },
    over: { u: 2, v: 2 },
    factors: ["value[n, 2*y + u, 2*x + v, c]"],
  },
  "cost volume": {
    inputs: { a: [32, 32, 64], b: [32, 32, 64] },
    output: { y: 32, x: 32, v: 5, u: 5 },
    over: { c: 64 },
    factors: ["a[y, x, c]", "b[y + v - 2, x + u - 2, c]"],
  },
  "max pool 3x3, stride 2": {
    inputs: { value: [1, 56, 56, 64] },
    output: { n: 1, y: 28, x: 28, c: 64 },
    over: { u: 3, v: 3 },
    factors: ["value[n, 2*y + u - 1, 2*x + v - 1, c]"],
    combine: "maximum",
  },
  "row sums": { inputs: { a: [1024, 196] }, output: { i: 1024 }, over: { j: 196 }, factors: ["a[i, j]"] },
};

/** @param {string} text "2*y + u - 1" */
function form(text) {
  /** @type {Record<string, number>} */
  const terms = {};
  let constant = 0;
  for (const part of text.replaceAll(" ", "").match(/[+-]?[^+-]+/g) ?? []) {
    const [, sign, factor, name] = part.match(/^([+-]?)(?:(\d+)\*?)?([a-z]\w*)?$/) ?? [];
    const value = Number(factor ?? 1) * (sign === "-" ? -1 : 1);
    if (name === undefined) constant += value;
    else terms[name] = (terms[name] ?? 0) + value;
  }
  return affine(constant, terms);
}

/** @param {string} text "buffer[i, j + 1]" */
function read(text) {
  const [, buffer = "", subscripts = ""] = text.match(/^(\w+)\[(.*)\]$/) ?? [];
  return /** @type {Extract<import("../build/ir/expr.js").Expr, { kind: "load" }>} */ (
    load(buffer, subscripts.split(",").map(form))
  );
}

/** @param {Op} op @returns {Program} */
export function programFor({ inputs, weights = {}, output, over = {}, factors, bias, combine }) {
  const axes = (/** @type {Readonly<Record<string, number>>} */ extents) =>
    Object.entries(extents).map(([axis, extent]) => ({ name: axis, extent }));
  const buffersOf = (/** @type {Shapes} */ shapes, /** @type {"input" | "weights"} */ role) =>
    Object.entries(shapes).map(([buffer, shape]) => ({
      name: buffer,
      shape,
      dtype: /** @type {const} */ ("f32"),
      role,
    }));
  const [space, reduce, reads] = [axes(output), axes(over), factors.map(read)];
  const bounds = new Map([...space, ...reduce].map((axis) => [axis.name, { min: 0, max: axis.extent - 1 }]));
  const shapes = { ...inputs, ...weights };
  const domain = reads.flatMap(({ buffer, at }) =>
    at.flatMap((one, i) => within(one, shapes[buffer]?.[i] ?? 0).filter((guard) => range(guard, bounds).min < 0)),
  );
  const sum = local("sum");
  const [first, ...others] = /** @type {[Expr, ...Expr[]]} */ (reads);
  return {
    name: "op",
    buffers: [
      ...buffersOf(inputs, "input"),
      ...buffersOf(weights, "weights"),
      { name: "output", shape: space.map(({ extent }) => extent), dtype: "f32", role: "output" },
    ],
    prepare: [],
    run: [
      {
        name: "op",
        space,
        reduce,
        ...(combine ? { combine } : {}),
        domain,
        term: others.reduce(multiply, first),
        finish: bias ? binary("maximum", plus(sum, read(bias)), number(0)) : sum,
        output: { buffer: "output", at: space.map((axis) => variable(axis.name)) },
      },
    ],
  };
}
