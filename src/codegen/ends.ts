/** Ends of loops whose count each call chooses, as directives split and fuse them. */
import {
  type Affine,
  add,
  affine,
  coefficientOf,
  holds,
  type Range,
  range,
  scale,
  substitute,
  subtract,
  variable,
} from "../ir/affine.js";
import type { Parameter, Stage } from "../ir/program.js";
import type { Loop } from "./nest.js";

/** Forms that are >= 0 where loops have an iteration: loops test none before the first, and short calls may lack it. */
export const beginningsOf = ({ space, parameter }: Stage): readonly Affine[] =>
  space.flatMap(({ name, while: end }) => {
    if (!end || !parameter) return [];
    const first = substitute(end, new Map([[name, affine(0)]]));
    return range(first, new Map([[parameter.name, parameter]])).min < 0 ? [first] : [];
  });

/** Tiles of a loop. */
export interface TilesEnd {
  /** The end of the loop over tiles. */
  readonly ofTiles: Affine;
  /** The end of the points, over tiles and the points of one. */
  readonly ofPoints: Affine;
  /** True if each tile is full, whatever the call chooses. */
  readonly isFull: boolean;
}

/** Undefined if the count is known before the call. */
export function endOfTiles(
  { name, while: end, extent }: Loop,
  parameter: Parameter | undefined,
  by: number,
  [outer, inner]: readonly [string, string],
): TilesEnd | undefined {
  if (!end || !parameter) return undefined;
  const ofTiles = substitute(end, new Map([[name, variable(outer, by)]]));
  const ofPoints = substitute(end, new Map([[name, affine(0, { [outer]: by, [inner]: 1 })]]));
  const bounds = new Map<string, Range>([
    [parameter.name, parameter],
    [outer, { min: 0, max: Math.ceil(extent / by) - 1 }],
    [inner, { min: 0, max: by - 1 }],
  ]);
  return { ofTiles, ofPoints, isFull: holds(ofPoints, [ofTiles], bounds) };
}

/** Two loops as one. Undefined if the end of one of them is no end of the fused loop. */
export function fusedLoop(a: Loop, b: Loop, name: string): Loop | undefined {
  const { while: end, ...outer } = a;
  const fused: Loop = { ...outer, name, extent: a.extent * b.extent };
  const own = variable(name);
  if (b.while) return a.extent === 1 ? { ...fused, while: substitute(b.while, new Map([[b.name, own]])) } : undefined;
  if (!end) return fused;
  if (b.extent === 1) return { ...fused, while: substitute(end, new Map([[a.name, own]])) };
  if (coefficientOf(end, a.name) !== -1) return undefined;
  // a <= last becomes fused <= last*b + b-1.
  const last = add(end, variable(a.name));
  return { ...fused, while: subtract(add(scale(last, b.extent), b.extent - 1), own) };
}

/**
 * The loop with a mark, and the form by which points then exist. What is written out has all iterations, each with a
 * guard in the place of the end.
 */
export function markedLoop(loop: Loop, change: Partial<Loop>): { marked: Loop; where: readonly Affine[] } {
  const { while: end, ...rest } = loop;
  const { kind } = change;
  if (!end || kind === undefined || kind === "parallel") return { marked: { ...loop, ...change }, where: [] };
  // Edges are at places that only the call knows, so they cannot be written out one by one.
  if (kind === "peeled") return { marked: { ...loop, partition: true }, where: [] };
  return { marked: { ...rest, ...change }, where: [end] };
}
