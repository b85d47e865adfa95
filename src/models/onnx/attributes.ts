/** Reads attributes of an ONNX node, with the defaults that ops share. */
import { show } from "../../ir/errors.js";
import { type Gap, gap, type WindowAxis } from "../shapes.js";
import type { OnnxNode } from "./model.js";

export const intOf = (node: OnnxNode, name: string): number | undefined => node.attributes.get(name)?.int;

export const textOf = (node: OnnxNode, name: string): string | undefined => node.attributes.get(name)?.text;

/** A list of integers; undefined if the node has none. */
export function intsOf(node: OnnxNode, name: string): readonly number[] | undefined {
  const ints = node.attributes.get(name)?.ints;
  return ints === undefined || ints.length === 0 ? undefined : ints;
}

/** A list of floats; undefined if the node has none. */
export function floatsOf(node: OnnxNode, name: string): readonly number[] | undefined {
  const floats = node.attributes.get(name)?.floats;
  return floats === undefined || floats.length === 0 ? undefined : floats;
}

/** One integer for each axis. An axis without one gets `otherwise`. */
export const perAxis = (node: OnnxNode, name: string, rank: number, otherwise: number): readonly number[] =>
  Array.from({ length: rank }, (_, axis) => intsOf(node, name)?.[axis] ?? otherwise);

type AutoPad = "NOTSET" | "SAME_UPPER" | "SAME_LOWER" | "VALID";
const AUTO_PADS: readonly string[] = ["SAME_UPPER", "SAME_LOWER", "VALID"];

export function autoPadOf(node: OnnxNode): AutoPad {
  const text = textOf(node, "auto_pad") ?? "";
  return AUTO_PADS.includes(text) ? (text as AutoPad) : "NOTSET";
}

/** The padding before and after each axis. `pads` lists the beginnings of all axes, then their ends. */
export function padsOf(node: OnnxNode, rank: number): readonly (readonly [number, number])[] {
  const pads = intsOf(node, "pads");
  return Array.from({ length: rank }, (_, axis) => [pads?.[axis] ?? 0, pads?.[axis + rank] ?? 0] as const);
}

/** Lists with a number for each axis, and how many. */
const LISTS: Readonly<Record<string, number>> = { strides: 1, dilations: 1, output_padding: 1, pads: 2 };

/** Why a list of a window does not fit its axes; undefined if all do. */
export function oddList(node: OnnxNode, rank: number): string | undefined {
  for (const [name, times] of Object.entries(LISTS)) {
    const list = intsOf(node, name);
    if (list !== undefined && list.length !== times * rank)
      return `${name} ${list.length > 8 ? `of ${list.length} numbers` : show(list)} for ${rank} axes`;
  }
  return undefined;
}

/** The window of a convolution or a pool with these kernel sizes, axis by axis. */
export function windowsOf(node: OnnxNode, kernel: readonly number[]): readonly WindowAxis[] | Gap {
  const rank = kernel.length;
  const odd = oddList(node, rank);
  if (odd !== undefined) return gap(odd);
  const strides = perAxis(node, "strides", rank, 1);
  const dilations = perAxis(node, "dilations", rank, 1);
  const auto = autoPadOf(node);
  const pads = auto === "VALID" ? [] : padsOf(node, rank);
  return kernel.map((size, axis) => ({
    kernel: size,
    stride: strides[axis] as number,
    dilation: dilations[axis] as number,
    pads: auto === "SAME_UPPER" || auto === "SAME_LOWER" ? "SAME" : (pads[axis] ?? [0, 0]),
    ceil: intOf(node, "ceil_mode") === 1,
  }));
}
