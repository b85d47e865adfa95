/** Specs of ops of the library as calls of TensorFlow.js. */
import * as tf from "@tensorflow/tfjs-core";
import { fail } from "../../../src/ir/errors.js";

type Named = (name: string) => tf.Tensor;
export type Call = (named: Named) => tf.Tensor;

interface Fields {
  readonly op?: string;
  readonly [field: string]: unknown;
}

/** Fields that change what an op computes, and that no call below passes on. */
const OWN = [
  "groups",
  "layout",
  "filterLayout",
  "convention",
  "residual",
  "prologue",
  "outputPadding",
  "outputShape",
  "fill",
  "countPadding",
  "coordinates",
];

/** Throws `target-unavailable` where TensorFlow.js has no such op. */
export function callOf(spec: unknown): Call {
  const fields = (spec ?? {}) as Fields;
  const { op, bias, activation } = fields;
  if (op === undefined)
    fail("target-unavailable", "TensorFlow.js has ops and no formulas; take an op of the library to compare with it");
  const call = CALLS[op]?.(fields);
  const strange = OWN.find((field) => fields[field] !== undefined);
  if (!call || strange !== undefined || typeof activation === "object")
    fail("target-unavailable", `TensorFlow.js has no ${op}${strange ? ` with ${strange}` : ""} that could be compared`);
  const isPlain = ["layerNorm", "batchNorm"].includes(op);
  const summed: Call = bias && !isPlain ? (named) => tf.add(call(named), named("bias")) : call;
  return activation === undefined ? summed : activated(summed, String(activation));
}

function activated(call: Call, name: string): Call {
  const apply = ACTIVATIONS[name] ?? fail("target-unavailable", `TensorFlow.js has no activation ${name} here`);
  return (named) => apply(call(named));
}

const ACTIVATIONS: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
  relu: tf.relu,
  relu6: tf.relu6,
  sigmoid: tf.sigmoid,
  tanh: tf.tanh,
};

const four = (x: tf.Tensor) => x as tf.Tensor4D;
const pair = (given: unknown, otherwise: number): [number, number] =>
  (given as [number, number] | undefined) ?? [otherwise, otherwise];
const paddingOf = ({ padding }: Fields): "same" | "valid" =>
  padding === "SAME" || padding === "SAME_UPPER"
    ? "same"
    : padding === undefined || padding === "VALID"
      ? "valid"
      : fail("target-unavailable", "TensorFlow.js is compared with SAME and VALID alone; take one of them as padding");

const two = (apply: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor) => (): Call => (named) => apply(named("a"), named("b"));

const reduced =
  (apply: (x: tf.Tensor, axes?: number[], keepDims?: boolean) => tf.Tensor) =>
  ({ axes, keepDims }: Fields): Call =>
  (named) =>
    apply(named("value"), axes as number[] | undefined, keepDims === true);

const pooled =
  (kind: "max" | "avg") =>
  (fields: Fields): Call =>
  (named) => {
    const window = pair(fields.window, 1);
    const dilations = pair(fields.dilations, 1);
    return tf.pool(four(named("value")), window, kind, paddingOf(fields), dilations, pair(fields.strides ?? window, 1));
  };

const CALLS: Readonly<Record<string, (fields: Fields) => Call>> = {
  conv2d: (fields) => (named) =>
    tf.conv2d(
      four(named("value")),
      four(named("filters")),
      pair(fields.strides, 1),
      paddingOf(fields),
      "NHWC",
      typeof fields.rate === "number" ? fields.rate : pair(fields.rate ?? fields.dilations, 1),
    ),
  depthwiseConv2d: (fields) => (named) =>
    tf.depthwiseConv2d(
      four(named("value")),
      four(named("filters")),
      pair(fields.strides, 1),
      paddingOf(fields),
      "NHWC",
      pair(fields.dilations, 1),
    ),
  matmul:
    ({ transposeA, transposeB }) =>
    (named) =>
      tf.matMul(named("a"), named("b"), transposeA === true, transposeB === true),
  dense: () => (named) => tf.matMul(named("value") as tf.Tensor2D, named("filters") as tf.Tensor2D),
  maxPool: pooled("max"),
  averagePool: pooled("avg"),
  softmax:
    ({ axis }) =>
    (named) =>
      tf.softmax(named("value"), (axis as number | undefined) ?? -1),
  activate: () => (named) => named("value"),
  add: two(tf.add),
  subtract: two(tf.sub),
  multiply: two(tf.mul),
  divide: two(tf.div),
  maximum: two(tf.maximum),
  minimum: two(tf.minimum),
  reduceSum: reduced(tf.sum),
  reduceMean: reduced(tf.mean),
  reduceMax: reduced(tf.max),
  reduceMin: reduced(tf.min),
};
