/** Shapes that are broadcast: aligned at their last dimensions, where those of size 1 repeat. */
import { show } from "../ir/errors.js";
import type { SpecFields } from "./fields.js";
import { namedAxes } from "./text.js";

export interface Broadcast {
  readonly shape: readonly number[];
  /** Axes of the common shape. */
  readonly axes: readonly string[];
  /** The subscripts of each tensor. */
  readonly at: readonly (readonly string[])[];
}

export function broadcastShapes(fields: SpecFields, shapes: readonly (readonly number[])[]): Broadcast {
  const rank = Math.max(...shapes.map(({ length }) => length));
  const aligned = shapes.map((shape) => [...new Array<number>(rank - shape.length).fill(1), ...shape]);
  const shape = Array.from({ length: rank }, (_, i) => {
    const sizes = aligned.map((sizes) => sizes[i] as number);
    const size = sizes.find((one) => one !== 1) ?? 1;
    if (sizes.every((one) => one === 1 || one === size)) return size;
    const rule = "aligned at the last, dimensions must be equal or 1";
    return fields.refuseShape(`${shapes.map(show).join(" and ")} do not fit each other; ${rule}`);
  });
  const axes = namedAxes(shape);
  const at = shapes.map((own) => {
    const before = rank - own.length;
    return own.map((size, i) => (size === 1 && shape[i + before] !== 1 ? "0" : (axes[i + before] as string)));
  });
  return { shape, axes, at };
}
