/** Rules for ops of TensorFlow on images: pools, resizes, and blocks of pixels. */
import { at, isNumbers, named, shaped, spaceAndDepth } from "../rule.js";
import { gap, type Inputs, isGap, type Size, sizeFrom, sizesOr, windowOutput, withSizes } from "../shapes.js";
import {
  channelsLast,
  explicitPadding,
  imageOf,
  intAttribute,
  layoutOf,
  perImageAxis,
  textAttribute,
} from "./attributes.js";
import type { AttributeName, TfjsNode } from "./json.js";
import { unknownConstant } from "./stridedSlice.js";
import { constants, type TfjsRule, withConstants } from "./tensorRules.js";

/** A rule for the rows and the columns of an image, in either layout. */
const image = (rule: (size: Size, axis: 0 | 1, node: TfjsNode, inputs: Inputs) => Size): TfjsRule =>
  shaped((shape, node, inputs) => {
    const sizes = channelsLast(shape, layoutOf(node));
    if (isGap(sizes)) return sizes;
    const [n, h, w, c] = sizes as readonly [Size, Size, Size, Size];
    return imageOf(node, [n, rule(h, 0, node, inputs), rule(w, 1, node, inputs), c]);
  });

const pool = image((size, axis, node) => {
  const entry = (name: AttributeName) => perImageAxis(node, name, "HW")[axis] as number;
  const pads = textAttribute(node, "padding") === "SAME" ? "SAME" : (explicitPadding(node, "HW")?.[axis] ?? [0, 0]);
  return windowOutput(size, { kernel: entry("ksize"), stride: entry("strides"), dilation: entry("dilations"), pads });
});

/** The rows and columns that an input names. */
const resize = (input: number): TfjsRule =>
  image((_, axis, node, inputs) => inputs[input]?.values?.[axis] ?? unknownConstant(node, inputs[input]));

const intoBlocks = (sign: 1 | -1): TfjsRule =>
  withConstants(1, (shape, blocks, node, inputs) => {
    const edges = constants(node, inputs[2]);
    if (!isNumbers(edges)) return edges;
    return withSizes(shape, ([batch = gap("no batch"), ...sizes]) => {
      const area = blocks.reduce((a, b) => a * b, 1);
      const sides = sizes.map((size, i) => {
        const [block, edge] = [blocks[i] ?? 1, (edges[2 * i] ?? 0) + (edges[2 * i + 1] ?? 0)];
        return sizeFrom([size], (known) => (sign === 1 ? (known + edge) / block : known * block - edge));
      });
      return [sizeFrom([batch], (known) => (sign === 1 ? known * area : known / area)), ...sides];
    });
  });

const blocks =
  (toDepth: boolean): TfjsRule =>
  (node, inputs) => {
    const sizes = channelsLast(at(inputs, 0).shape, layoutOf(node));
    if (isGap(sizes)) return { shape: sizes };
    const [n, h, w, c] = sizes as readonly [Size, Size, Size, Size];
    return { shape: imageOf(node, [n, ...spaceAndDepth([h, w, c], intAttribute(node, "block_size", 1), toDepth)]) };
  };

const cropAndResize: TfjsRule = (node, inputs) => {
  const [height = unknownConstant(node, inputs[3]), width = height] = inputs[3]?.values ?? [];
  const count = sizesOr(at(inputs, 1).shape)[0] ?? gap("no boxes");
  const channels = sizesOr(at(inputs, 0).shape)[3] ?? gap("an image without channels");
  return { shape: [count, height, width, channels] };
};

export const TFJS_IMAGES: readonly (readonly [string, TfjsRule])[] = [
  ...named("MaxPool AvgPool MaxPoolWithArgmax", pool),
  ...named("ResizeBilinear ResizeNearestNeighbor", resize(1)),
  ...named("CropAndResize", cropAndResize),
  ...named("ImageProjectiveTransformV3", resize(2)),
  ...named("SpaceToBatchND", intoBlocks(1)),
  ...named("BatchToSpaceND", intoBlocks(-1)),
  ...named("DepthToSpace", blocks(false)),
  ...named("SpaceToDepth", blocks(true)),
];
