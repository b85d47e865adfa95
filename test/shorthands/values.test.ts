/** Each op of the library that is a formula, with its attributes, beside loops that say the same. */
import type { ShorthandSpec } from "tilewright";
import { programOfAny } from "../../src/specs/anySpec.js";
import { describeMeanings } from "../support/meanings.js";
import { meaningOf } from "../support/shorthands.js";

const CASES: readonly ShorthandSpec[] = [
  { op: "matmul", a: [5, 7], b: [7, 6] },
  { op: "matmul", a: [7, 5], b: [6, 7], transposeA: true, transposeB: true },
  { op: "matmul", a: [3, 1, 4, 5], b: [2, 5, 6], bias: true, activation: "relu", weights: ["b"] },
  { op: "matmul", a: [4, 9], b: [2, 9, 5], weights: ["a"], activation: { kind: "clip", min: -3, max: 5 } },
  { op: "dense", value: [7], filters: [7, 5] },
  { op: "dense", value: [2, 3, 6], filters: [6, 9], bias: true, activation: { kind: "leakyRelu", alpha: -0.5 } },
  { op: "maxPool", value: [1, 7, 6, 5], window: [3, 3], strides: [2, 2], padding: "SAME" },
  { op: "maxPool", value: [2, 6, 9, 4], window: [2, 3] },
  { op: "maxPool", value: [1, 5, 7, 6], window: [2, 2], strides: [1, 2], dilations: [2, 3], convention: "onnx" },
  { op: "maxPool", value: [1, 4, 6], window: [4], strides: [2], padding: "SAME_LOWER", layout: "NCW" },
  {
    op: "maxPool",
    value: [1, 3, 4, 5, 2],
    window: [2, 2, 2],
    padding: [
      [1, 0],
      [0, 1],
      [1, 1],
    ],
  },
  { op: "averagePool", value: [1, 7, 6, 5], window: [3, 3], strides: [2, 2], padding: "SAME_UPPER" },
  {
    op: "averagePool",
    value: [1, 5, 7, 6],
    window: [2, 2],
    padding: [
      [1, 1],
      [1, 0],
    ],
    convention: "pytorch",
  },
  { op: "averagePool", value: [1, 5, 7, 6], window: [2, 2], padding: "SAME", countPadding: true },
  { op: "averagePool", value: [2, 5, 7], window: [3], convention: "webnn" },
  { op: "softmax", value: [3, 7] },
  { op: "softmax", value: [2, 5, 3], axis: 1 },
  { op: "layerNorm", value: [2, 4, 9] },
  { op: "layerNorm", value: [2, 3, 4], axis: 1, epsilon: 0.25 },
  { op: "layerNorm", value: [3, 8], scale: false, bias: false },
  { op: "resize", value: [1, 4, 5, 2], size: [8, 10], method: "nearest" },
  { op: "resize", value: [1, 5, 4, 3], size: [3, 9], method: "nearest" },
  { op: "resize", value: [1, 3, 4, 5], size: [7, 4], method: "nearest", coordinates: "asymmetric", layout: "NCHW" },
  { op: "resize", value: [1, 4, 5, 2], size: [7, 9], method: "nearest", coordinates: "alignCorners" },
  { op: "resize", value: [1, 3, 7, 2], size: [3, 40], method: "nearest" },
  { op: "resize", value: [1, 4, 5, 3], size: [8, 15], method: "bilinear" },
  { op: "resize", value: [1, 9, 8, 2], size: [4, 3], method: "bilinear", coordinates: "asymmetric" },
  { op: "resize", value: [2, 4, 5, 3], size: [7, 9], method: "bilinear", coordinates: "alignCorners" },
  { op: "resize", value: [1, 2, 7], size: [37], method: "bilinear", layout: "NCW" },
  { op: "resize", value: [1, 4, 5, 2], size: [1, 1], method: "bilinear", coordinates: "alignCorners" },
  { op: "resize", value: [1, 4, 5, 2], size: [4, 5], method: "bilinear" },
  { op: "pixelShuffle", value: [1, 3, 4, 12], block: 2 },
  { op: "pixelShuffle", value: [2, 9, 2, 3], block: 3, layout: "NCHW", mode: "CRD" },
  { op: "pixelShuffle", value: [1, 2, 3, 8], block: 2, mode: "CRD" },
  {
    op: "pad",
    value: [4, 5],
    padding: [
      [1, 0],
      [2, 3],
    ],
  },
  {
    op: "pad",
    value: [4, 5],
    padding: [
      [0, 1],
      [2, 0],
    ],
    fill: -1.5,
  },
  {
    op: "pad",
    value: [3, 4, 5],
    padding: [
      [0, 0],
      [3, 2],
      [2, 4],
    ],
    mode: "reflect",
  },
  {
    op: "pad",
    value: [2, 5],
    padding: [
      [3, 0],
      [2, 1],
    ],
    mode: "edge",
  },
  { op: "add", a: [4, 1, 5], b: [3, 1], activation: "relu6" },
  { op: "subtract", a: [], b: [3] },
  { op: "multiply", a: [2, 3], b: [2, 3] },
  { op: "divide", a: [2, 3], b: [3], activation: "tanh" },
  { op: "maximum", a: [5, 1], b: [5] },
  { op: "minimum", a: [1], b: [4, 9] },
  { op: "activate", value: [3, 5], activation: "sigmoid" },
  { op: "reduceSum", value: [4, 5, 6] },
  { op: "reduceMean", value: [2, 3, 4], axes: [-1, 0] },
  { op: "reduceMax", value: [2, 3, 4], axes: [1], keepDims: true },
  { op: "reduceMin", value: [2, 9], keepDims: true },
];

describeMeanings(
  CASES.map((spec) => ({ spec, ...meaningOf(spec) })),
  ({ spec }) => programOfAny(spec),
);
