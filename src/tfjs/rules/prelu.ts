/** PReLU after a convolution: index notation, as its slopes are weights. */
import type { AxisPadding, FamilySpec } from "../../ir/ops/familySpec.js";
import type { FormulaSpec } from "../../ir/ops/formulaSpec.js";

/** The formula of a convolution with padding in numbers. Its negative outputs are multiplied by a channel's `alpha`. */
export function preluFormula(spec: FamilySpec, outputShape: readonly number[]): FormulaSpec {
  const { value, filters, bias, strides = [], dilations = [], padding = [] } = spec;
  const at = (axis: number, name: string) => {
    const [before] = (padding as readonly AxisPadding[])[axis] ?? [0];
    return `${strides[axis]}*${name} + ${dilations[axis]}*k${name} - ${before}`;
  };
  const isDepthwise = spec.op === "depthwiseConv2d";
  const channel = isDepthwise ? `${filters[3]}*c + m` : "o";
  const sum = isDepthwise
    ? `sum(ky, kx: value[n, ${at(0, "y")}, ${at(1, "x")}, c] * filters[ky, kx, c, m])`
    : `sum(ky, kx, i: value[n, ${at(0, "y")}, ${at(1, "x")}, i] * filters[ky, kx, i, o])`;
  const biased = bias ? `${sum} + bias[${channel}]` : sum;
  const [channels = 0] = outputShape.slice(-1);
  return {
    formula: `output[n, y, x, ${channel}] = leakyRelu(${biased}, alpha[${channel}])`,
    tensors: { value, filters, ...(bias ? { bias: [channels] } : {}), alpha: [channels], output: outputShape },
    weights: ["filters", ...(bias ? ["bias"] : []), "alpha"],
  };
}
