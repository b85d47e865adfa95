/** Reads attributes of a node of a TensorFlow graph, with TensorFlow's defaults. */
import { gap, isGap, type Shape, type Size, withSizes } from "../shapes.js";
import { attributeOf, decode, type TfjsNode } from "./json.js";

export const textAttribute = (node: TfjsNode, name: string, otherwise = ""): string => {
  const text = attributeOf(node, name)?.s;
  return text === undefined ? otherwise : decode(text);
};

export const textsOf = (node: TfjsNode, name: string): readonly string[] =>
  (attributeOf(node, name)?.list?.s ?? []).map(decode);

export const intAttribute = (node: TfjsNode, name: string, otherwise = 0): number => {
  const int = attributeOf(node, name)?.i;
  return int !== undefined && Number.isSafeInteger(int) ? int : otherwise;
};

export const flagOf = (node: TfjsNode, name: string): boolean => attributeOf(node, name)?.b === true;

export const intsAttribute = (node: TfjsNode, name: string): readonly number[] =>
  attributeOf(node, name)?.list?.i ?? [];

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
export function rowsAndColumns(node: TfjsNode, name: string, otherwise: number): readonly [number, number] {
  const list = intsAttribute(node, name);
  const { rows, columns } = layoutOf(node);
  return [list[rows] ?? otherwise, list[columns] ?? otherwise];
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

export const sizesOr = (shape: Shape, otherwise: readonly Size[]): readonly Size[] =>
  isGap(shape) ? otherwise : (shape as readonly Size[]);
