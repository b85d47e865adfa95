/**
 * What a guard says of a whole tile. A form that must hold for an element to exist is bounded by its best over all elements of a
 * copy; where even that is below zero, the copy is all zeros and nothing needs to be copied, or multiplied: a tap that misses
 * the image for all pixels of a tile. The bound is the same for all invocations, so they may skip barriers by it.
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
  /** Over what stands still while a copy is in use; never below the form. */
  readonly form: Affine;
  /** Indices that it names and the nest has not. */
  readonly indices: readonly FusedIndex[];
}

/** `moving`: the loops that a copy is subscripted by. Undefined where the bound would say nothing. */
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

/** A quotient of loops alone lies at most so far above that of the tile's first element. */
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
