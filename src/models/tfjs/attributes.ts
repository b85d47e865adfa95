/** Reads attributes of a node of a TensorFlow graph, with TensorFlow's defaults. */
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

/** The axes of an image: the positions of rows, columns and channels. */
interface Layout {
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
}

export function layoutOf(node: TfjsNode): Layout {
  return textAttribute(node, "data_format") === "NCHW"
    ? { rows: 2, columns: 3, channels: 1 }
    : { rows: 1, columns: 2, channels: 3 };
}

/** The entries for rows and columns in a list with one entry for each axis of an image. */
export function rowsAndColumns(node: TfjsNode, name: AttributeName, otherwise: number): readonly [number, number] {
  const list = intsAttribute(node, name);
  const { rows, columns } = layoutOf(node);
  return [list[rows] ?? otherwise, list[columns] ?? otherwise];
}

/** The padding before and after an axis. `explicit_paddings` lists both for each axis of the image. */
export function explicitPads(node: TfjsNode, axis: 0 | 1): readonly [number, number] {
  if (textAttribute(node, "padding") !== "EXPLICIT") return [0, 0];
  const { rows, columns } = layoutOf(node);
  const at = 2 * (axis === 0 ? rows : columns);
  const pads = intsAttribute(node, "explicit_paddings");
  return [pads[at] ?? 0, pads[at + 1] ?? 0];
}

export const channelsLast = (shape: Shape, { rows, columns, channels }: Layout): Shape =>
  withSizes(shape, (sizes) => {
    if (sizes.length !== 4) return gap(`${sizes.length} dimensions for an image`);
    return [0, rows, columns, channels].map((axis) => sizes[axis] as Size);
  });

/** The shape of an image in the layout of the node, from its sizes as NHWC. */
export function imageOf(node: TfjsNode, [n, h, w, c]: readonly [Size, Size, Size, Size]): Shape {
  return layoutOf(node).channels === 1 ? [n, c, h, w] : [n, h, w, c];
}
