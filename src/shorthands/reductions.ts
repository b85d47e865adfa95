/** All elements along some axes as one number. */
import { failInternally } from "../ir/errors.js";
import type { FormulaSpec } from "../ir/ops/formulaSpec.js";
import type { SpecFields } from "./fields.js";
import { element, namedAxes } from "./text.js";

const WORDS: Readonly<Record<string, string>> = {
  reduceSum: "sum",
  reduceMean: "mean",
  reduceMax: "max",
  reduceMin: "min",
};

export const REDUCED = ["value", "axes", "keepDims"];

export function reduction(fields: SpecFields): FormulaSpec {
  const value = fields.shape("value");
  const reduced = fields.axes("axes", value.length);
  const keep = fields.flag("keepDims", false);
  const axes = namedAxes(value);
  const isReduced = (_: unknown, i: number) => reduced.includes(i);
  const at = axes.flatMap((axis, i) => (isReduced(axis, i) ? (keep ? ["0"] : []) : [axis]));
  const word = WORDS[fields.op] ?? failInternally(`there is no reduction ${fields.op}`);
  return {
    name: fields.op,
    formula: `${element("output", at)} = ${word}(${axes.filter(isReduced).join(", ")}: ${element("value", axes)})`,
    tensors: { value },
  };
}
