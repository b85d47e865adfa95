/** Reads attributes of a node of a TensorFlow graph, with TensorFlow's defaults. */
import type { AxisPadding, ImageLayout } from "../../ir/ops/familySpec.js";
import { gap, type Shape, type Size, withSizes } from "../shapes.js";
import { type AttributeName, decode, type TfjsNode } from "./json.js";

export const textAttribute = (node: TfjsNode, name: AttributeName, otherwise = ""): string => {
  const text = node.attr[name]?.s;
  return text === undefined ? otherwise : decode(text);
};

export const textsOf = (node: TfjsNode, name: AttributeName): readonly string[] =>
  (node.attr[name]?.list?.s ?? []).map(decode);

export const intAttribute = (node: TfjsNode, name: AttributeName, otherwise = 0): number => {
  const int = node.attr[name]?.i;
  return int !== undefined && Number.isSafeInteger(int) ? int : otherwise;
};

/** True if a type is one of integers. JSON has it by name, such as DT_INT32, or by its number in types.proto. */
export function isIntegerType(node: TfjsNode, name: AttributeName): boolean {
  const type = node.attr[name]?.type;
  return typeof type === "string" ? /INT/.test(type) : type !== undefined && [3, 4, 5, 6, 9, 17, 22, 23].includes(type);
}

export const flagOf = (node: TfjsNode, name: AttributeName): boolean => node.attr[name]?.b === true;

export const intsAttribute = (node: TfjsNode, name: AttributeName): readonly number[] => node.attr[name]?.list?.i ?? [];

/** The layout of an image with these axes. */
export const layoutOf = (node: TfjsNode, image = "HW"): ImageLayout =>
  (textAttribute(node, "data_format").startsWith("NC") ? `NC${image}` : `N${image}C`) as ImageLayout;

/** The entries for the axes of an image in a list with one entry for each dimension. Default 1. */
export function perImageAxis(node: TfjsNode, name: AttributeName, image: string): readonly number[] {
  const list = intsAttribute(node, name);
  const layout = layoutOf(node, image);
  return [...image].map((letter) => list[layout.indexOf(letter)] ?? 1);
}

/**
 * The padding before and after each axis of an image, where it is in numbers. `explicit_paddings` lists both for each
 * dimension.
 */
export function explicitPadding(node: TfjsNode, image: string): readonly AxisPadding[] | undefined {
  if (textAttribute(node, "padding") !== "EXPLICIT") return undefined;
  const layout = layoutOf(node, image);
  const pads = intsAttribute(node, "explicit_paddings");
  return [...image].map((letter) => {
    const at = 2 * layout.indexOf(letter);
    return [pads[at] ?? 0, pads[at + 1] ?? 0];
  });
}

export const channelsLast = (shape: Shape, layout: string): Shape =>
  withSizes(shape, (sizes) => {
    if (sizes.length !== 4) return gap(`${sizes.length} dimensions for an image`);
    return [..."NHWC"].map((letter) => sizes[layout.indexOf(letter)] as Size);
  });

/** The shape of an image in the layout of the node, from its sizes as NHWC. */
export function imageOf(node: TfjsNode, [n, h, w, c]: readonly [Size, Size, Size, Size]): Shape {
  return layoutOf(node) === "NCHW" ? [n, c, h, w] : [n, h, w, c];
}
