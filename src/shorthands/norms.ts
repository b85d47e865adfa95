/** Numbers in relation to those beside them, or to their mean and variance. */
import type { FormulaSpec } from "../ir/ops/formulaSpec.js";
import type { SpecFields } from "./fields.js";
import { element, namedAxes, numeral, withActivation } from "./text.js";

export const SOFTMAX = ["value", "axis"];

/** The largest number is subtracted first, so that no power overflows. */
export function softmax(fields: SpecFields): FormulaSpec {
  const value = fields.shape("value", 1);
  const along = fields.axis("axis", value.length, -1);
  const axes = namedAxes(value);
  const across = axes.filter((_, i) => i !== along);
  const beside = axes.map((axis, i) => (i === along ? "k" : axis));
  const [largest, power] = [element("largest", across), element("power", axes)];
  const lines = [
    `${largest} = max(k: ${element("value", beside)})`,
    `${power} = exp(${element("value", axes)} - ${largest})`,
    `${element("output", axes)} = ${power} / sum(k: ${element("power", beside)})`,
  ];
  return { name: "softmax", formula: lines.join("\n"), tensors: { value } };
}

export const LAYER_NORM = ["value", "axis", "epsilon", "scale", "bias"];

export function layerNorm(fields: SpecFields): FormulaSpec {
  const value = fields.shape("value", 1);
  const first = fields.axis("axis", value.length, -1);
  const axes = namedAxes(value);
  const [rows, own] = [axes.slice(0, first), axes.slice(first)];
  const [centre, spread] = [element("centre", rows), element("spread", rows)];
  const { all, weights, tensors } = affineOf(fields, value.slice(first));
  const beside = element("value", axes);
  const variance = `mean(${own.join(", ")}: (${beside} - ${centre}) * (${beside} - ${centre}))`;
  const normal = `(${beside} - ${centre}) / ${spread}`;
  const lines = [
    `${centre} = mean(${own.join(", ")}: ${beside})`,
    `${spread} = sqrt(${variance} + ${numeral(fields.number("epsilon", 1e-5, 0))})`,
    `${element("output", axes)} = ${all.reduce((text, part) => text + part(own), normal)}`,
  ];
  return { name: "layerNorm", formula: lines.join("\n"), tensors: { value, ...tensors }, weights };
}

export const BATCH_NORM = ["value", "axis", "epsilon", "scale", "bias", "activation"];

/** Factor and shift of each channel follow from the weights, so they are computed with them. */
export function batchNorm(fields: SpecFields): FormulaSpec {
  const value = fields.shape("value", 1);
  const channels = fields.axis("axis", value.length, -1);
  const axes = namedAxes(value);
  const shape = [value[channels] as number];
  const [scale, bias] = [fields.flag("scale", true), fields.flag("bias", true)];
  const root = `sqrt(variance[c] + ${numeral(fields.number("epsilon", 1e-5, 0))})`;
  const at = axes[channels] as string;
  const normal = `${element("value", axes)} * factor[${at}] + shift[${at}]`;
  const lines = [
    `factor[c] = ${scale ? "scale[c]" : "1"} / ${root}`,
    `shift[c] = ${bias ? "bias[c] - " : "-"}mean[c] * factor[c]`,
    `${element("output", axes)} = ${withActivation(normal, fields.activation())}`,
  ];
  const weights = ["mean", "variance", ...(scale ? ["scale"] : []), ...(bias ? ["bias"] : [])];
  const tensors = { value, ...Object.fromEntries(weights.map((name) => [name, shape])) };
  return { name: "batchNorm", formula: lines.join("\n"), tensors, weights };
}

/** The scale and the bias that there are, as text behind a value. */
function affineOf(fields: SpecFields, shape: readonly number[]) {
  const parts = [
    { name: "scale", sign: "*" },
    { name: "bias", sign: "+" },
  ].filter(({ name }) => fields.flag(name, true));
  return {
    all: parts.map(
      ({ name, sign }) =>
        (at: readonly string[]) =>
          ` ${sign} ${element(name, at)}`,
    ),
    weights: parts.map(({ name }) => name),
    tensors: Object.fromEntries(parts.map(({ name }) => [name, shape])),
  };
}
