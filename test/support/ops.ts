/** Ops of all kinds as programs, each in a round size and a ragged one, and how exact a kernel of it must be. */
import { add, affine, variable } from "../../src/ir/affine.js";
import { binary, type Expr, load, multiply, number, plus, unary } from "../../src/ir/expr.js";
import { type PhasesAs, phases, type Quotient } from "../../src/ir/phases.js";
import type { BufferDecl, Program } from "../../src/ir/program.js";
import { at, buffer, form } from "./kernels.js";
import { programWith, stageOf } from "./programs.js";
import {
  averagePool,
  type Conv,
  channelsFirst,
  conv,
  costVolume,
  depthwise,
  filterGradient,
  grouped,
  input,
  inside,
  maxPool,
  output,
  patches,
  relu,
  sum,
  weights,
} from "./windows.js";

export interface Op {
  readonly name: string;
  readonly program: Program;
  /** How far a result may be off; 0 where small integers leave no choice. */
  readonly bound: number;
}

const op = (name: string, program: Program, bound = 0): Op => ({ name, program, bound });

const minus = (a: Expr, b: Expr): Expr => binary("subtract", a, b);
const over = (a: Expr, b: Expr): Expr => binary("divide", a, b);
const scratch = (name: string, ...shape: number[]) => buffer(name, shape, "scratch");
const constant = (name: string, shape: readonly number[], values: readonly number[]): BufferDecl => {
  return { ...buffer(name, shape, "constant"), values };
};

export const matmul = (rows: number, depth: number, columns: number): Program =>
  programWith(
    [input("a", rows, depth), input("b", depth, columns), output(rows, columns)],
    [
      stageOf("product", {
        space: `m<${rows} p<${columns}`,
        reduce: `k<${depth}`,
        term: multiply(at("a", "m", "k"), at("b", "k", "p")),
        to: ["output", "m", "p"],
      }),
    ],
  );

const dense = (rows: number, depth: number, columns: number): Program =>
  programWith(
    [input("a", rows, depth), weights("matrix", depth, columns), weights("bias", columns), output(rows, columns)],
    [
      stageOf("dense", {
        space: `m<${rows} p<${columns}`,
        reduce: `k<${depth}`,
        term: multiply(at("a", "m", "k"), at("matrix", "k", "p")),
        finish: relu(plus(sum, at("bias", "p"))),
        to: ["output", "m", "p"],
      }),
    ],
  );

export const scores = (heads: number, queries: number, keys: number, depth: number): Program =>
  programWith(
    [input("q", heads, queries, depth), input("k", heads, keys, depth), output(heads, queries, keys)],
    [
      stageOf("scores", {
        space: `h<${heads} i<${queries} j<${keys}`,
        reduce: `d<${depth}`,
        term: multiply(at("q", "h", "i", "d"), at("k", "h", "j", "d")),
        finish: multiply(sum, number(0.125)),
        to: ["output", "h", "i", "j"],
      }),
    ],
  );

/** Rows of `size` numbers. GPUs compute `exp` within 3 + 2*8 units in the last place of numbers down to -8. */
const softmaxBound = (size: number): number => (size + 32) * 2 ** -24;

const softmax = (rows: number, size: number): Program =>
  programWith(
    [input("x", rows, size), scratch("largest", rows), scratch("powers", rows, size), output(rows, size)],
    [
      stageOf("maximum", {
        space: `i<${rows}`,
        reduce: `j<${size}`,
        combine: "maximum",
        term: at("x", "i", "j"),
        to: ["largest", "i"],
      }),
      stageOf("exponential", {
        space: `i<${rows} j<${size}`,
        term: unary("exp", minus(at("x", "i", "j"), at("largest", "i"))),
        to: ["powers", "i", "j"],
      }),
      stageOf("division", {
        space: `i<${rows} j<${size}`,
        reduce: `k<${size}`,
        term: at("powers", "i", "k"),
        finish: over(at("powers", "i", "j"), sum),
        to: ["output", "i", "j"],
      }),
    ],
  );

/** Results up to 16, with a few roundings for each number of a row. */
const layerNormBound = (size: number): number => 16 * (2 * size + 16) * 2 ** -24;

function layerNorm(rows: number, size: number): Program {
  const apart = minus(at("x", "i", "c"), at("mean", "i"));
  const spread = unary("sqrt", plus(at("variance", "i"), number(0.125)));
  return programWith(
    [
      ...[input("x", rows, size), weights("scales", size), weights("shift", size)],
      ...[scratch("mean", rows), scratch("variance", rows), output(rows, size)],
    ],
    [
      stageOf("mean", {
        space: `i<${rows}`,
        reduce: `c<${size}`,
        term: at("x", "i", "c"),
        finish: over(sum, number(size)),
        to: ["mean", "i"],
      }),
      stageOf("variance", {
        space: `i<${rows}`,
        reduce: `c<${size}`,
        term: multiply(apart, apart),
        finish: over(sum, number(size)),
        to: ["variance", "i"],
      }),
      stageOf("normalised", {
        space: `i<${rows} c<${size}`,
        term: over(apart, spread),
        finish: plus(multiply(sum, at("scales", "c")), at("shift", "c")),
        to: ["output", "i", "c"],
      }),
    ],
  );
}

const half = (name: string, of: string): Quotient => ({ name, kind: "floor", of: form(of), by: 2 });

function nearest(size: number, channels: number, as: PhasesAs): Program {
  const stage = stageOf("nearest", {
    space: `y<${2 * size} x<${2 * size} c<${channels}`,
    term: at("value", "iy", "ix", "c"),
    to: ["output", "y", "x", "c"],
  });
  return programWith(
    [input("value", size, size, channels), output(2 * size, 2 * size, channels)],
    phases(stage, [half("iy", "y"), half("ix", "x")], { as }),
  );
}

/** Twice the size, by pixels' centres: an output lies between two inputs, at a quarter or three quarters of the way. */
function bilinear(size: number, channels: number, as: PhasesAs): Program {
  // Beyond the edge lies what the edge has.
  const row = (i: number) =>
    i === 0 ? [0, 1] : i === 2 * size - 1 ? [1, 0] : i % 2 === 0 ? [0.25, 0.75] : [0.75, 0.25];
  const shares = constant("shares", [2 * size, 2], Array.from({ length: 2 * size }, (_, i) => row(i)).flat());
  const beside = (quotient: string, tap: string) => add(affine(-1, { [quotient]: 1 }), variable(tap));
  const [iy, ix] = [beside("iy", "u"), beside("ix", "v")];
  const stage = stageOf("bilinear", {
    space: `y<${2 * size} x<${2 * size} c<${channels}`,
    reduce: "u<2 v<2",
    domain: [...inside("iy + u - 1", size), ...inside("ix + v - 1", size)],
    term: multiply(multiply(at("shares", "y", "u"), at("shares", "x", "v")), load("value", [iy, ix, variable("c")])),
    to: ["output", "y", "x", "c"],
  });
  return programWith(
    [shares, input("value", size, size, channels), output(2 * size, 2 * size, channels)],
    phases(stage, [half("iy", "y + 1"), half("ix", "x + 1")], { as }),
  );
}

const OPEN: Conv = { size: 9, inputs: 8, outputs: 16, taps: 3, stride: 2, pad: 0 };

export const OPS: readonly Op[] = [
  op("strided convolution with bias", conv(OPEN, { bias: true })),
  op("the same, ragged", conv({ ...OPEN, size: 11, inputs: 5, outputs: 21 }, { bias: true })),
  op("padded strided convolution", conv({ ...OPEN, size: 8, pad: 1 })),
  op("the same, ragged", conv({ ...OPEN, size: 7, inputs: 3, outputs: 12, pad: 1 })),
  op("grouped convolution", grouped(6, 2, 4, 8)),
  op("the same, ragged", grouped(5, 3, 3, 5)),
  op("depthwise convolution", depthwise(6, 8)),
  op("the same, ragged", depthwise(7, 21)),
  op("convolution, channels first", channelsFirst(8, 4, 8)),
  op("the same, ragged", channelsFirst(5, 3, 5)),
  op("matrix product of two inputs", matmul(16, 16, 16)),
  op("the same, ragged", matmul(5, 21, 12)),
  op("dense layer", dense(8, 16, 16)),
  op("the same, ragged", dense(3, 12, 21)),
  op("patches", patches(4, 4, 16)),
  op("the same, ragged", patches(5, 3, 21)),
  op("attention scores", scores(2, 8, 8, 16)),
  op("the same, ragged", scores(3, 5, 12, 21)),
  op("filter gradient", filterGradient(6, 4, 8)),
  op("the same, ragged", filterGradient(7, 3, 5)),
  op("average pool", averagePool(4, 8)),
  op("the same, ragged", averagePool(5, 21)),
  op("max pool", maxPool(8, 8)),
  op("the same, ragged", maxPool(7, 5)),
  op("cost volume", costVolume(6, 8)),
  op("the same, ragged", costVolume(5, 21)),
  op("softmax", softmax(4, 16), softmaxBound(16)),
  op("the same, ragged", softmax(3, 21), softmaxBound(21)),
  op("layer norm", layerNorm(4, 16), layerNormBound(16)),
  op("the same, ragged", layerNorm(5, 21), layerNormBound(21)),
  op("nearest resize, phases as stages", nearest(4, 8, "stages")),
  op("nearest resize, phases as an axis", nearest(4, 8, "axis")),
  op("the same, ragged", nearest(5, 3, "axis")),
  op("bilinear resize, phases as stages", bilinear(4, 8, "stages")),
  op("bilinear resize, phases as an axis", bilinear(4, 8, "axis")),
  op("the same, ragged", bilinear(5, 3, "axis")),
];
