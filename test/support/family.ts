/**
 * Programs for recorded convolutions with strides, dilations, groups and any padding: a forward one is one stage of the
 * gather form, a transposed one is a stage per pair of output phases. No op of the library needs them yet.
 */
import { add, scale } from "../../src/ir/affine.js";
import {
  type ConvolutionForm,
  convolutionStage,
  forwardWindow,
  transposedWindows,
  type Window,
} from "../../src/ir/ops/convolution.js";
import { epilogue } from "../../src/ir/ops/epilogue.js";
import type { Program } from "../../src/ir/program.js";
import { type RecordedCall, shape4 } from "./vectors.js";

export interface FamilyAttributes {
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** Top, left, bottom, right. */
  readonly pads: readonly [number, number, number, number];
  readonly group: number;
}

export type FamilyCall = RecordedCall<FamilyAttributes>;

export function familyProgram({ op, attrs, input, filter, bias, expected }: FamilyCall): Program {
  const transposed = op === "conv_transpose2d";
  const [batch, channels, ...image] = shape4(input);
  const [first, second, ...kernel] = shape4(filter);
  const [, outputs, ...result] = shape4(expected);
  const groups = attrs.group;
  const [inputChannels, outputChannels] = [channels / groups, outputs / groups];
  const windows = ([0, 1] as const).map((axis): Window[] => {
    const shape = {
      input: image[axis] as number,
      output: result[axis] as number,
      kernel: kernel[axis] as number,
      stride: attrs.strides[axis],
      dilation: attrs.dilations[axis],
      pad: attrs.pads[axis],
    };
    return transposed ? transposedWindows(shape) : [forwardWindow(shape)];
  });
  // Filters are [Ci, Co/G, kh, kw] when transposed, [Co, Ci/G, kh, kw] when not: the leading one counts over all groups.
  const filterAt: ConvolutionForm["filterAt"] = (row, column, { input: ic, output: oc, group }) =>
    transposed
      ? [add(ic, scale(group, inputChannels)), oc, row, column]
      : [add(oc, scale(group, outputChannels)), ic, row, column];
  const [ys = [], xs = []] = windows;
  return {
    name: op,
    buffers: [
      { name: "value", shape: [batch, image[0] as number, image[1] as number, channels], dtype: "f32", role: "input" },
      { name: "filters", shape: [first, second, ...kernel], dtype: "f32", role: "weights" },
      { name: "bias", shape: [outputs], dtype: "f32", role: "weights" },
      { name: "output", shape: [batch, ...result, outputs], dtype: "f32", role: "output" },
    ],
    prepare: [],
    run: ys.flatMap((y, row) =>
      xs.map((x, column) =>
        convolutionStage({
          name: `phase${row}x${column}`,
          batch,
          groups,
          inputChannels,
          outputChannels,
          y,
          x,
          filterAt,
          finish: epilogue(bias !== null, undefined),
        }),
      ),
    ),
  };
}

/** [N, C, H, W] to [N, H, W, C]. */
export function channelsLast(data: ArrayLike<number>, [n = 0, c = 0, h = 0, w = 0]: readonly number[]): Float64Array {
  return permute(data, [n, h, w, c], [c * h * w, w, 1, h * w]);
}

function permute(data: ArrayLike<number>, shape: readonly number[], strides: readonly number[]): Float64Array {
  const [a = 0, b = 0, c = 0, d = 0] = shape;
  const [sa = 0, sb = 0, sc = 0, sd = 0] = strides;
  const result = new Float64Array(a * b * c * d);
  let next = 0;
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++)
      for (let k = 0; k < c; k++)
        for (let l = 0; l < d; l++) result[next++] = data[i * sa + j * sb + k * sc + l * sd] as number;
  return result;
}
