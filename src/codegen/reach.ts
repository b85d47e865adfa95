/**
 * Bounds of guards over whole tiles: a tile in which no element exists is passed over.
 *
 * A form that must hold for an element to exist is replaced by its largest value over all elements of a copy. If even
 * this bound is below zero, the copy is all zeros, and nothing needs to be copied or multiplied. An example is a tap
 * that misses the image for all pixels of a tile. The bound is the same for all invocations, so all skip the same
 * barriers.
 */
import {
  type Affine,
  add,
  affine,
  type Bounds,
  decide,
  range,
  restrict,
  scale,
  subtract,
  variable,
  variablesOf,
} from "../ir/affine.js";
import { boundsOf, type FusedIndex, type Loop, loopVariables, type Nest, withDependents } from "./nest.js";

export interface Reach {
  /** The bound, never below the form itself. It names only variables that stand still while a copy is in use. */
  readonly form: Affine;
  /** Indices that the bound names and the nest does not have. */
  readonly indices: readonly FusedIndex[];
}

/** `moving` are the loops that subscript the copy. Undefined if the bound always holds, or never. */
export function reachOf(form: Affine, nest: Nest, moving: readonly Loop[]): Reach | undefined {
  const bounds = boundsOf(nest);
  const loops = new Set(moving.flatMap(loopVariables));
  const all = withDependents(loops, nest.indices);
  const indices: FusedIndex[] = [];
  let best = form;
  for (const [name, by] of Object.entries(form.terms)) {
    if (!all.has(name)) continue;
    const index = nest.indices.find((one) => one.name === name);
    const part = index ? bestOf(index, by, loops, all, bounds) : undefined;
    if (part) indices.push(part.first);
    const most = part ? part.best : affine(range(variable(name, by), bounds).max);
    best = add(subtract(best, variable(name, by)), most);
  }
  const known = new Map(bounds);
  for (const { name, extent } of indices) known.set(name, { min: 0, max: extent - 1 });
  return decide([best], known) === "sometimes" ? { form: best, indices } : undefined;
}

/**
 * A bound for an index that is a quotient of loops: its value at the tile's first element, and the most that it grows
 * by within the tile. Undefined for any other index.
 */
function bestOf(
  index: FusedIndex,
  by: number,
  loops: ReadonlySet<string>,
  moving: ReadonlySet<string>,
  bounds: Bounds,
): { best: Affine; first: FusedIndex } | undefined {
  const part = restrict(index.value, (name) => moving.has(name));
  if (index.divisor === 1 || variablesOf(part).some((name) => !loops.has(name))) return undefined;
  const { min, max } = range(part, bounds);
  const name = `${index.name}First`;
  const first: FusedIndex = { ...index, name, value: add(subtract(index.value, part), min) };
  const most = Math.floor((max - min + index.divisor - 1) / index.divisor);
  return { best: add(scale(variable(name), by), Math.max(0, by * most)), first };
}
