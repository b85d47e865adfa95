// @ts-check
/** Random subscripts of formulas. */
import { affine, axis, divided, floored, remainder, together } from "./oracle/formula.js";

/** @typedef {import("./oracle/formula.js").Index} Index */
/** @typedef {{ name: string, extent: number }} Axis */

/**
 * A subscript by axes of the line, and of the reductions around it: outside of reductions it is never below 0.
 * @param {import("./random.js").Random} random @param {{ line: readonly Axis[], reduced: readonly Axis[] }} where
 * @returns {Index}
 */
export function drawSubscript(random, { line, reduced: inner }) {
  const all = [...line, ...inner];
  if (all.length === 0) return axis("0", 1);
  const one = () => {
    const { name, extent } = random.pick(all);
    return axis(name, extent);
  };
  const isTerm = inner.length > 0;
  const [a, outer] = [one(), line.length > 0 ? random.pick(line) : undefined];
  const shift = (/** @type {Index} */ index) =>
    affine(index, 1, isTerm ? random.int(-2, 2) : Math.max(0, -index.least));
  switch (random.int(0, 9)) {
    case 0:
      return shift(affine(a, 2, 0));
    case 1:
      return shift(together(a, one()));
    case 2:
      return reversed(a);
    // Terms may not move unevenly with axes of their sum, but for one that a division leaves out where it is not exact.
    case 3:
      return outer ? floored(shift(axis(outer.name, outer.extent)), 2) : a;
    case 4:
      return outer ? remainder(axis(outer.name, outer.extent), random.int(2, 3)) : a;
    case 5:
      return isTerm && outer ? divided(shift(together(a, axis(outer.name, outer.extent))), 2) : a;
    default:
      return a;
  }
}

/** @param {Index} a @returns {Index} */
export const reversed = (a) => ({ ...a, text: `${a.most} - ${a.text}`, bare: "", of: (point) => a.most - a.of(point) });
