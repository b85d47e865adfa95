/**
 * The convolution, once for one, two and three dimensions, any groups and any order of dimensions:
 *
 *     output[n, y, x, g, o] =
 *       sum(ky, kx, i: value[n, y*sh + ky*dh - pt, x*sw + kx*dw - pl, g, i] * filters[ky, kx, i, g, o])
 *
 * Layouts only say in which order subscripts stand. A depthwise convolution has a group for each channel.
 */
import { type Affine, add, affine, scale, variable, within } from "../ir/affine.js";
import { load, local, multiply } from "../ir/expr.js";
import { type Axis, type Program, SUM } from "../ir/program.js";
import { inOrder } from "./orders.js";

/** Sizes along an axis of the image. */
export interface WindowShape {
  readonly input: number;
  readonly output: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Padding before the input. */
  readonly pad: number;
}

export interface FamilyConvolution {
  readonly name: string;
  readonly batch: number;
  readonly groups: number;
  /** Channels of one group. */
  readonly inputs: number;
  readonly outputs: number;
  /** Names of the axes of input channels and of output channels. */
  readonly channelNames: readonly [string, string];
  /** The axes of the image, outermost first. */
  readonly axes: readonly WindowShape[];
  readonly layout: string;
  readonly filterLayout: string;
  readonly filters: readonly number[];
}

export function forward(convolution: FamilyConvolution): Program {
  const { name, batch, groups, inputs, outputs, axes, layout, filterLayout, filters } = convolution;
  const letters = "zyx".slice(-axes.length);
  const space = axes.map(({ output }, i): Axis => ({ name: `o${letters[i]}`, extent: output }));
  const taps = axes.map(({ kernel }, i): Axis => ({ name: `k${letters[i]}`, extent: kernel }));
  const [inputName, outputName] = convolution.channelNames;
  const [group, input] = [inGroups("g", groups), inGroups(inputName, inputs)];
  // An output has one axis for its channels at least.
  const output = groups > 1 ? inGroups(outputName, outputs) : allOf(outputName, outputs);
  const channel = { input: add(input.at, scale(group.at, inputs)), output: add(output.at, scale(group.at, outputs)) };
  const reads = axes.map(({ stride, dilation, pad }, i) =>
    affine(-pad, { [`o${letters[i]}`]: stride, [`k${letters[i]}`]: dilation }),
  );
  const image = (by: readonly Affine[]) => lettered("DHW", by);
  const shapeOf = (sizes: readonly number[], channels: number) =>
    inOrder(layout, { N: batch, C: groups * channels, ...lettered("DHW", sizes) });
  const tapsAt = lettered(
    "dhw",
    taps.map((axis) => variable(axis.name)),
  );
  const filterAt = { ...tapsAt, i: input.at, o: channel.output, c: group.at, m: output.at };
  const points = space.map((axis) => variable(axis.name));
  return {
    name,
    buffers: [
      {
        name: "value",
        shape: shapeOf(
          axes.map((axis) => axis.input),
          inputs,
        ),
        dtype: "f32",
        role: "input",
      },
      { name: "filters", shape: filters, dtype: "f32", role: "weights" },
      {
        name: "output",
        shape: shapeOf(
          axes.map((axis) => axis.output),
          outputs,
        ),
        dtype: "f32",
        role: "output",
      },
    ],
    prepare: [],
    run: [
      {
        name: "conv",
        space: [{ name: "n", extent: batch }, ...space, ...group.axes, ...output.axes],
        reduce: [...taps, ...input.axes],
        domain: reads.flatMap((read, i) => within(read, (axes[i] as WindowShape).input)),
        term: multiply(
          load("value", inOrder(layout, { N: variable("n"), C: channel.input, ...image(reads) })),
          load("filters", inOrder(filterLayout, filterAt)),
        ),
        finish: local(SUM),
        output: {
          buffer: "output",
          at: inOrder(layout, { N: variable("n"), C: channel.output, ...image(points) }),
        },
      },
    ],
  };
}

/** An axis, or none where it would have one value. */
const inGroups = (name: string, extent: number) => (extent === 1 ? { axes: [], at: affine(0) } : allOf(name, extent));

const allOf = (name: string, extent: number) => ({ axes: [{ name, extent }], at: variable(name) });

/** The last letters stand for these, in order. */
const lettered = <T>(letters: string, all: readonly T[]): Readonly<Record<string, T>> =>
  Object.fromEntries(all.map((one, i) => [letters.slice(-all.length)[i], one]));
