/**
 * Finds detours: SpaceToBatchND, a convolution of stride 1 and BatchToSpaceND, which together are one convolution.
 * TensorFlow writes convolutions whose kernels have holes in this way, for example atrous_conv2d_transpose.
 *
 * Along one axis, with block b, the input gets `pads` zeros, and every b-th pixel goes to an image of its own. Each
 * image is convolved with rate d and its first tap `begin` pixels before the output. Then the images are interleaved
 * again, and `crops` are cut off. Pixel q*b + p of the interleaved output is pixel q of image p, so taps lie d*b apart:
 *
 *     transposed  out[y] = sum v[y + (crop - pad + b*begin) - k*d*b] * W[k]
 *     conv2d      out[y] = sum v[y - (pad - crop + b*begin) + k*d*b] * W[k]
 *
 * This is one op of rate d*b whose begin stands in parentheses. The added zeros lie outside the image, where that op
 * reads zeros, too.
 */
import { show } from "../../ir/errors.js";
import type { ConvolutionAxis, ModelConvolution } from "../modelConvolution.js";
import { gap, type Info, isGap, numbersOf, type Size } from "../shapes.js";
import { sizesOr, textAttribute } from "./attributes.js";
import { CONVOLUTIONS, modelConvolutionOf, valueInput } from "./convolution.js";
import { type NodeOutput, nodeOutputOf } from "./graph.js";
import type { TfjsNode } from "./json.js";

export interface Detour {
  readonly before: TfjsNode;
  readonly convolution: TfjsNode;
  readonly after: TfjsNode;
}

export const typeOf = ({ before, convolution, after }: Detour): string =>
  `${before.op} + ${convolution.op} + ${after.op}`;

/**
 * Ops that may stand between convolution and BatchToSpaceND. They pass the output on, or add to channels, which may
 * happen later.
 */
const BETWEEN: readonly string[] = ["Identity", "BiasAdd"];

/**
 * All detours, by the name of the convolution. If another node uses the output of the convolution, there is no detour.
 */
export function detoursOf(nodes: readonly TfjsNode[], outputs: readonly string[]): ReadonlyMap<string, Detour> {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const uses = new Map<string, number>();
  for (const name of [...nodes.flatMap(({ input }) => input), ...outputs]) {
    const source = nodeOutputOf(name);
    if (source) uses.set(source.node, (uses.get(source.node) ?? 0) + 1);
  }
  const madeBy = (node: TfjsNode, input: number): TfjsNode | undefined => {
    const source: NodeOutput | undefined = nodeOutputOf(node.input[input] ?? "");
    return source && byName.get(source.node);
  };
  const detours = new Map<string, Detour>();
  for (const after of nodes.filter(({ op }) => op === "BatchToSpaceND")) {
    let convolution = madeBy(after, 0);
    while (convolution && BETWEEN.includes(convolution.op) && uses.get(convolution.name) === 1)
      convolution = madeBy(convolution, 0);
    if (!convolution || !CONVOLUTIONS.includes(convolution.op) || uses.get(convolution.name) !== 1) continue;
    let before = madeBy(convolution, valueInput(convolution));
    while (before?.op === "Identity") before = madeBy(before, 0);
    if (before?.op === "SpaceToBatchND") detours.set(convolution.name, { before, convolution, after });
  }
  return detours;
}

/** The convolution that a detour computes. */
export function detourCandidate(
  { before, convolution, after }: Detour,
  infoOf: (node: TfjsNode, input: number) => Info | undefined,
): ModelConvolution | { readonly missing: readonly string[] } {
  const inputs = convolution.input.filter((name) => !name.startsWith("^")).map((_, i) => infoOf(convolution, i));
  const inner = modelConvolutionOf(convolution, inputs);
  if (!("op" in inner)) return inner;
  const constants = [...[1, 2].map((i) => [before, i] as const), ...[1, 2].map((i) => [after, i] as const)];
  const [blocks, pads, blocksAfter, crops] = constants.map(([node, i]) => numbersOf(infoOf(node, i)?.values));
  if (!blocks || !pads || !blocksAfter || !crops) {
    const odd = constants.find(([node, i]) => numbersOf(infoOf(node, i)?.values) === undefined)?.[0] as TfjsNode;
    return {
      missing: [
        `blocks and paddings of ${odd.op} "${odd.name}": constants of the weight files, ` +
          "which must lie beside model.json",
      ],
    };
  }
  const missing = [
    ...(show(blocks) === show(blocksAfter)
      ? []
      : [`block shapes ${show(blocks)} and ${show(blocksAfter)} of one detour`]),
    ...(blocks.length <= 2 && blocks.every((block) => Number.isSafeInteger(block) && block >= 1)
      ? []
      : [`block shape ${show(blocks)}`]),
    ...(pads.length === 2 * blocks.length && crops.length === pads.length
      ? []
      : ["paddings or crops of another length than the block shape"]),
    ...(textAttribute(convolution, "data_format") === "NCHW"
      ? ["data_format NCHW between blocks, which are of NHWC"]
      : []),
  ];
  if (missing.length > 0) return { missing };
  const value = infoOf(before, 0)?.shape ?? gap("there is no input");
  const sizes = sizesOr(value, []);
  const axis = (i: 0 | 1): ConvolutionAxis =>
    throughBlocks(inner, i, sizes[i + 1] ?? (isGap(value) ? value : gap("the image has too few dimensions")), {
      ...{ block: blocks[i] ?? 1, pads: [pads[2 * i] ?? 0, pads[2 * i + 1] ?? 0] },
      crops: [crops[2 * i] ?? 0, crops[2 * i + 1] ?? 0],
    });
  const padding = `${inner.padding} with block ${show(blocks)}, paddings ${show(pads)}, crops ${show(crops)}`;
  return { ...inner, value, axes: [axis(0), axis(1)], padding };
}

interface Blocks {
  readonly block: number;
  readonly pads: readonly [number, number];
  readonly crops: readonly [number, number];
}

function throughBlocks(
  { op, axes }: ModelConvolution,
  i: 0 | 1,
  input: Size,
  { block, pads, crops }: Blocks,
): ConvolutionAxis {
  const { kernel, dilation, stride, begin, growth } = axes[i];
  const shift = op === "conv2d" ? pads[0] - crops[0] : crops[0] - pads[0];
  const inside = isGap(input) ? input : input + pads[0] + pads[1];
  const isTorn = typeof inside === "number" && inside % block !== 0;
  // All images grow alike, so the whole grows by as many blocks. The growth does not depend on the size of the image.
  const grown = isGap(growth) ? growth : pads[0] + pads[1] + block * growth - crops[0] - crops[1];
  return {
    ...{ kernel, stride, dilation: dilation * block },
    begin: isTorn
      ? gap(`${inside} padded pixels are no multiple of the block ${block}`)
      : isGap(begin)
        ? begin
        : shift + block * begin,
    growth: grown,
  };
}
