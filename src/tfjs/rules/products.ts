/** Products of matrices: `BatchMatMul`, and `_FusedMatMul` with a bias and an activation. */
import { elementCount } from "../../ir/shape.js";
import { type CallPlan, inputOf, type OpRule } from "../plan.js";
import type { TfCall } from "../tf.js";
import { type Epilogue, epilogueOf, NO_EPILOGUE } from "./epilogue.js";
import { areFloats, NO_FLOATS } from "./floats.js";

function planOf(call: TfCall, epilogue: (columns: number) => Epilogue | string): CallPlan | string {
  const [a, b] = [inputOf(call, "a"), inputOf(call, "b")];
  if (!a || !b || !areFloats(call)) return NO_FLOATS;
  const { transposeA = false, transposeB = false } = call.attrs ?? {};
  const turned = (shape: readonly number[], isTurned: unknown) => {
    const [rows = 1, columns = 1] = shape.slice(-2);
    return isTurned ? [columns, rows] : [rows, columns];
  };
  const [rows = 1, depth = 1] = turned(a.shape, transposeA);
  const [, columns = 1] = turned(b.shape, transposeB);
  const batch = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2));
  if (!batch) return "matrices are broadcast in an unusual way";
  const after = epilogue(columns);
  if (typeof after === "string") return after;
  if (after.isPrelu || after.spec.activation === "glu") return "the activation has weights";
  const { bias, activation } = after.spec;
  const isPlain = !transposeA && !transposeB && elementCount(batch) === 1;
  return {
    spec: {
      ...{ op: "matmul", a: a.shape, b: b.shape },
      ...(transposeA ? { transposeA: true } : {}),
      ...(transposeB ? { transposeB: true } : {}),
      ...(bias ? { bias } : {}),
      ...(activation === undefined ? {} : { activation }),
    },
    inputs: { a: "a", b: "b" },
    weights: after.weights,
    outputShape: [...batch, rows, columns],
    kind: isPlain ? "product" : "products",
    flops: 2 * elementCount(batch) * rows * columns * depth,
    pixels: elementCount(batch) * rows,
  };
}

/** The shape that two shapes of one length are broadcast to. */
function broadcast(a: readonly number[], b: readonly number[]): readonly number[] | undefined {
  const fits = a.length === b.length && a.every((size, i) => size === b[i] || size === 1 || b[i] === 1);
  return fits ? a.map((size, i) => Math.max(size, b[i] as number)) : undefined;
}

export const MATMUL_RULE: OpRule = {
  kernelName: "BatchMatMul",
  planOf: (call) => planOf(call, () => NO_EPILOGUE),
};

export const FUSED_MATMUL: OpRule = {
  kernelName: "_FusedMatMul",
  planOf: (call) => planOf(call, (columns) => epilogueOf(call, columns)),
};
