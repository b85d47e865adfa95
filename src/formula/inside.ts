/**
 * Elements inside their tensors: a point must read and write inside, and a term that reads outside does not count.
 *
 * A read of a term implies a guard where nothing else keeps its subscript inside: no range of an axis, no condition and
 * no guard of another read.
 */
import { type Affine, type Bounds, decide, type Guard, holds, key, range, within } from "../ir/affine.js";
import { loadsOf } from "../ir/expr.js";
import type { Axis, Stage } from "../ir/program.js";
import type { IndexNode, ReadNode } from "./formula.js";
import { printElement, printIndex } from "./print.js";
import { refuseAt } from "./refuse.js";

export const rangesOf = (axes: readonly Axis[]): Bounds =>
  new Map(axes.map(({ name, extent }) => [name, { min: 0, max: extent - 1 }]));

/** True if there is no point, or no term. */
export const areEmpty = (axes: readonly Axis[]): boolean => axes.some(({ extent }) => extent === 0);

/** So many forms of a guard are tried two by two; of more, one at a time. */
const MOST_IN_PAIRS = 64;

/** True if it can be seen that the guard keeps the form in 0 .. size-1. */
export function staysWithin(form: Affine, size: number, guard: Guard, bounds: Bounds): boolean {
  const together = guard.length > MOST_IN_PAIRS ? 1 : 2;
  return within(form, size).every((side) => holds(side, guard, bounds, together));
}

/** Refuses a subscript, which has this form over these ranges. */
export function refuseOutside(
  index: IndexNode,
  { tensor, at }: Pick<ReadNode, "tensor" | "at">,
  form: Affine,
  bounds: Bounds,
  size: number,
  remedy: string,
): never {
  const { min, max } = range(form, bounds);
  const reach = `${printIndex(index)} reaches ${min < 0 ? min : max} in ${printElement(tensor, at)}`;
  return refuseAt(index.span, `${reach}, where ${tensor} has the size ${size}; ${remedy}`);
}

/** Forms to be added to the domain of the stage, in the order of the reads of its term. */
export function impliedGuard(stage: Stage, shapeOf: (tensor: string) => readonly number[]): Guard {
  const { space, where = [], reduce, domain, term } = stage;
  const axes = [...space, ...reduce];
  const bounds = rangesOf(axes);
  if (areEmpty(axes) || decide(domain, bounds) === "never") return [];
  const stated = [...where, ...domain];
  const added = new Map<string, Affine>();
  for (const { buffer, at } of loadsOf(term)) {
    const shape = shapeOf(buffer);
    at.forEach((form, i) => {
      const size = shape[i] as number;
      const guard = within(form, size);
      if (guard.every((side) => added.has(key(side))) || staysWithin(form, size, stated, bounds)) return;
      for (const side of guard) added.set(key(side), side);
    });
  }
  return [...added.values()];
}
