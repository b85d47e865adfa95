/** Products of matrices. */
import { show } from "../ir/errors.js";
import type { FormulaSpec } from "../ir/ops/formulaSpec.js";
import { broadcastShapes } from "./broadcast.js";
import type { SpecFields } from "./fields.js";
import { element, namedAxes, withActivation } from "./text.js";

export const MATMUL = ["a", "b", "transposeA", "transposeB", "weights", "bias", "activation"];

export function matmul(fields: SpecFields): FormulaSpec {
  const [a, b] = [fields.shape("a", 2), fields.shape("b", 2)];
  const flip = (name: string, pair: readonly [string, string]) =>
    fields.flag(name, false) ? [pair[1], pair[0]] : [pair[0], pair[1]];
  const [left, right] = [flip("transposeA", ["i", "k"]), flip("transposeB", ["k", "j"])];
  const sizeOf = (axis: string, shape: readonly number[], order: readonly string[]) =>
    shape.slice(-2)[order.indexOf(axis)] as number;
  if (sizeOf("k", a, left) !== sizeOf("k", b, right)) {
    fields.refuseShape(
      `a ${show(a)}${left[0] === "k" ? ", transposed," : ""} has ${sizeOf("k", a, left)} columns, and ` +
        `b ${show(b)}${right[0] === "j" ? ", transposed," : ""} has ${sizeOf("k", b, right)} rows; these must be equal`,
    );
  }
  const batch = broadcastShapes(fields, [a.slice(0, -2), b.slice(0, -2)]);
  const [inA = [], inB = []] = batch.at;
  const sum = `sum(k: ${element("a", [...inA, ...left])} * ${element("b", [...inB, ...right])})`;
  const bias = fields.flag("bias", false);
  const value = withActivation(bias ? `${sum} + bias[j]` : sum, fields.activation());
  const columns = sizeOf("j", b, right);
  return {
    name: "matmul",
    formula: `${element("output", [...batch.axes, "i", "j"])} = ${value}`,
    tensors: { a, b, ...(bias ? { bias: [columns] } : {}), output: [...batch.shape, sizeOf("i", a, left), columns] },
    weights: [...fields.names("weights", ["a", "b"]), ...(bias ? ["bias"] : [])],
  };
}

export const DENSE = ["value", "filters", "bias", "activation"];

export function dense(fields: SpecFields): FormulaSpec {
  const [value, filters] = [fields.shape("value", 1), fields.shape("filters", 2)];
  const [inputs, outputs, ...more] = filters as [number, number];
  if (more.length > 0 || inputs !== value.at(-1)) {
    fields.refuseShape(`filters must be [${value.at(-1)}, Co], as value is ${show(value)}; got ${show(filters)}`);
  }
  const rows = namedAxes(value.slice(0, -1));
  const bias = fields.flag("bias", false);
  const sum = `sum(i: ${element("value", [...rows, "i"])} * filters[i, o])${bias ? " + bias[o]" : ""}`;
  return {
    name: "dense",
    formula: `${element("output", [...rows, "o"])} = ${withActivation(sum, fields.activation())}`,
    tensors: { value, filters, ...(bias ? { bias: [outputs] } : {}) },
    weights: ["filters", ...(bias ? ["bias"] : [])],
  };
}
