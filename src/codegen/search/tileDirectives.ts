/** Directives that register tiles of vectors and of single numbers share. */
import type { AxisAccess } from "../../ir/access.js";
import { variablesOf } from "../../ir/affine.js";
import type { Directive, Tail } from "../schedule.js";
import { moves, type TileView } from "./view.js";

export type Split = Extract<Directive, { do: "split" }>;

export const split = (axis: string, by: number, into: readonly [string, string], tail: Tail): Split => {
  return { do: "split", axis, by, into, tail };
};

export const axisNames = (axes: readonly AxisAccess[]): string[] => axes.map(({ name }) => name);

/** True if the padding of the copy catches all reads past the axis's end. */
export const isPadded = (axis: AxisAccess, { packed }: TileView): boolean =>
  axis.by.every((step, i) => step === 0 || i === packed);

/** True if the last tile along an axis can move back until it fits. Tiles that overlap are no subscripts of a copy. */
export const canShift = (axis: AxisAccess, by: number, { packed }: TileView): boolean =>
  axis.extent >= by && axis.extent % by !== 0 && !moves(axis, packed);

/**
 * Packs the factor by the loops that its subscripts name, in their order, so that the copy is read from front to
 * back. In memory it may stay along one of them: with rows of 24, `x[i - k, 24*k]` does along k.
 */
export function packing(order: readonly string[], splits: readonly Split[], { access, packed }: TileView): Directive[] {
  const factor = access.factors[packed ?? -1];
  if (!factor) return [];
  const moved = new Set(factor.at.flatMap(variablesOf));
  for (const { axis, into } of splits) if (moved.has(axis)) for (const part of into) moved.add(part);
  return [{ do: "pack", buffer: factor.buffer, layout: order.filter((name) => moved.has(name)) }];
}
