/**
 * The schedule of a stage that packs: a copy in another order, which runs through both arrays in cache lines.
 *
 * The copy is written from front to back. Where its lanes are neighbours in the source, vectors are copied. Where other
 * elements are, as in filters that are transposed, a block of the copy is filled by short rows of the source. Read one
 * by one, elements that lie a power of two apart would push each other out of the cache.
 */
import { type Affine, coefficientOf } from "../../ir/affine.js";
import type { Axis, Stage } from "../../ir/program.js";
import type { Directive } from "../schedule.js";
import { LoopNames } from "./loopNames.js";
import { split } from "./tileDirectives.js";

/** Numbers in a vector, and in a cache line. */
const LANES = 4;
const LINE = 16;
/** Vectors that are written out. */
const MOST_VECTORS = 8;

/** No directives for a stage that is no copy, as it sums. */
export function copyDirectives({ space, term, ...rest }: Stage): readonly Directive[] {
  if (rest.reduce.length > 0) return [];
  const near = space.find((axis) => term.kind === "load" && isNear(axis, term.at));
  const lanes = space.at(-1);
  if (!near || !lanes) return [];
  if (near === lanes) return lanes.extent === LANES ? inVectors(space, lanes) : [];
  return near.extent < LANES ? [] : inRows(space, near, new LoopNames({ space, term, ...rest }));
}

/** True if one step along the axis is one element of the source. */
const isNear = ({ name }: Axis, at: readonly Affine[]): boolean =>
  at.length > 0 && at.every((form, i) => coefficientOf(form, name) === (i === at.length - 1 ? 1 : 0));

function inVectors(space: readonly Axis[], lanes: Axis): Directive[] {
  const before = space.at(-2);
  return [
    ...(before && before.extent <= MOST_VECTORS ? [{ do: "unroll", axis: before.name } as const] : []),
    { do: "vectorize", axis: lanes.name },
  ];
}

function inRows(space: readonly Axis[], near: Axis, names: LoopNames): Directive[] {
  const [outer, row, vector, lane] = ["o", "r", "v", "n"].map((suffix) => names.of(near.name, suffix)) as [
    string,
    string,
    string,
    string,
  ];
  const by = Math.min(LINE, near.extent - (near.extent % LANES));
  return [
    split(near.name, by, [outer, row], "guard"),
    split(row, LANES, [vector, lane], "guard"),
    { do: "reorder", axes: [...space.map((axis) => (axis === near ? outer : axis.name)), vector, lane] },
    { do: "unroll", axis: vector },
    { do: "vectorize", axis: lane },
  ];
}
