/**
 * Convolutions with strides, dilations, groups, any padding and either layout: one stage each, as a formula would say
 * it. Of recorded cases, whatever framework's words they are in.
 */
import { type Affine, affine, variable, within } from "../../src/ir/affine.js";
import { load, local, multiply } from "../../src/ir/expr.js";
import { type Program, SUM } from "../../src/ir/program.js";
import type { RecordedCall, RecordedTensor } from "./vectors.js";

export interface ConvolutionAttributes {
  readonly strides?: readonly number[];
  readonly dilations?: readonly number[];
  readonly rate?: number;
  readonly padding?: string | readonly (readonly number[])[];
  readonly pads?: readonly number[];
  readonly auto_pad?: string;
  readonly groups?: number;
  readonly group?: number;
  readonly inputLayout?: string;
}

export interface GradientCall extends RecordedCall<ConvolutionAttributes> {
  readonly gradOutput?: RecordedTensor;
  readonly expectedGradInput?: RecordedTensor;
  readonly expectedGradFilter?: RecordedTensor;
  readonly expectedGradBias?: RecordedTensor | null;
}

interface Line {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
}

/**
 * The convolution of a case, from `value` to `output`. Of a transposed one it is the convolution that it transposes,
 * which leads from the shape of its result to that of its input.
 */
export function convolutionOf({ op, attrs, input, filter, expected }: GradientCall): Program {
  const [from, to] = op.includes("transpose") ? [expected, input] : [input, expected];
  const isLast = attrs.inputLayout === "nhwc";
  const image = isLast ? 1 : 2;
  const [channels, outputs] = [from, to].map(({ shape }) => shape[isLast ? 3 : 1] as number) as [number, number];
  const groups = op === "depthwise_conv2d" ? channels : (attrs.groups ?? attrs.group ?? 1);
  const lines = [0, 1].map(
    (i): Line => ({
      input: from.shape[image + i] as number,
      output: to.shape[image + i] as number,
      kernel: filter.shape[isLast ? i : 2 + i] as number,
      stride: (attrs.strides ?? [1, 1])[i] as number,
      dilation: (attrs.dilations ?? [attrs.rate, attrs.rate])[i] as number,
    }),
  ) as [Line, Line];
  const [rows, columns] = lines;
  const [row, column] = lines.map((line, i) =>
    affine(-beginOf(line, attrs, i), { [i === 0 ? "y" : "x"]: line.stride, [i === 0 ? "ky" : "kx"]: line.dilation }),
  ) as [Affine, Affine];
  const [own, made] = [channels / groups, outputs / groups];
  const inLayout = (y: Affine, x: Affine, channel: Affine) => {
    return isLast ? [variable("n"), y, x, channel] : [variable("n"), channel, y, x];
  };
  const output = affine(0, { g: made, o: 1 });
  const taps = [variable("ky"), variable("kx")];
  const ofGroup = op === "depthwise_conv2d" ? [variable("g"), variable("o")] : [variable("i"), output];
  return {
    name: "convolution",
    buffers: [
      { name: "value", shape: from.shape, dtype: "f32", role: "input" },
      { name: "filters", shape: filter.shape, dtype: "f32", role: "weights" },
      { name: "output", shape: to.shape, dtype: "f32", role: "output" },
    ],
    prepare: [],
    run: [
      {
        name: "conv",
        space: [
          { name: "n", extent: from.shape[0] as number },
          { name: "y", extent: rows.output },
          { name: "x", extent: columns.output },
          { name: "g", extent: groups },
          { name: "o", extent: made },
        ],
        reduce: [
          { name: "ky", extent: rows.kernel },
          { name: "kx", extent: columns.kernel },
          { name: "i", extent: own },
        ],
        domain: [...within(row, rows.input), ...within(column, columns.input)],
        term: multiply(
          load("value", inLayout(row, column, affine(0, { g: own, i: 1 }))),
          load("filters", isLast ? [...taps, ...ofGroup] : [...ofGroup.toReversed(), ...taps]),
        ),
        finish: local(SUM),
        output: { buffer: "output", at: inLayout(variable("y"), variable("x"), output) },
      },
    ],
  };
}

/** The padding before the image along one axis. */
function beginOf(line: Line, { padding, pads, auto_pad: auto }: ConvolutionAttributes, axis: number): number {
  if (pads) return pads[axis] as number;
  if (padding === "VALID") return 0;
  if (Array.isArray(padding)) return padding[1 + axis][0];
  const reach = (line.output - 1) * line.stride + (line.kernel - 1) * line.dilation + 1;
  const total = Math.max(0, reach - line.input);
  return padding === "SAME" || auto === "SAME_UPPER" ? Math.floor(total / 2) : Math.ceil(total / 2);
}
