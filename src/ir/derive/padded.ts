/**
 * Padded factors: a copy that has zeros where a tap does not exist, so that no guard stands between the lanes.
 *
 * Phases differ in how many taps they have. Of a product the missing ones may be zeros. Any other term is left out by the
 * domain.
 */
import { type Affine, affine, coefficientOf, decide, equals, subtract, within } from "../affine.js";
import { type Expr, type Load, load, rewrite } from "../expr.js";
import { FreeNames } from "../freeNames.js";
import type { Axis, Stage } from "../program.js";
import { type Declared, prefixed } from "./declarations.js";
import { axesOf } from "./renamed.js";
import { extentsByName, overAxes, pointwise } from "./stages.js";

/** PhaseTaps as a form over two axes, outer first. There are `size` of them; what the form is beyond that does not exist. */
export interface PhaseTaps {
  readonly at: Affine;
  readonly size: number;
  readonly axes: readonly [Axis, Axis];
}

export interface Filling {
  readonly declared: Declared;
  /** Takes the stage of a copy, which has to run before. */
  readonly emit: (stage: Stage) => void;
}

/** The stage without taps that do not exist. */
export function padded(stage: Stage, taps: PhaseTaps, padding: Filling): Stage {
  const bounds = new Map(axesOf(stage).map(({ name, extent }) => [name, { min: 0, max: extent - 1 }]));
  const guard = subtract(affine(taps.size - 1), taps.at);
  if (decide([guard], bounds) === "always") return stage;
  for (const factor of factorsOf(stage.term)) {
    const dimension = dimensionOf(factor, taps, padding.declared);
    if (dimension === undefined) continue;
    const copied = copyOf(factor as Load, dimension, taps, padding);
    return { ...stage, term: rewrite(stage.term, (part) => (part === factor ? copied : part)) };
  }
  return { ...stage, domain: [...stage.domain, guard] };
}

/** A read of a copy in which the taps have two dimensions, and all places of these are filled. */
function copyOf(
  { buffer, at }: Load,
  dimension: number,
  { at: tap, size, axes }: PhaseTaps,
  { declared, emit }: Filling,
): Expr {
  const names = new FreeNames(axes.map(({ name }) => name));
  const others = declared.shapeOf(buffer).map((extent): Axis => ({ name: names.numbered("d"), extent }));
  const space = others.flatMap((axis, i) => (i === dimension ? axes : [axis]));
  const copy = declared.add(`${buffer}Padded`, extentsByName(space));
  const from = overAxes(others).map((form, i) => (i === dimension ? tap : form));
  const output = { buffer: copy, at: overAxes(space) };
  const name = prefixed("pad", buffer);
  emit({ ...pointwise({ name, space }, load(buffer, from), output), domain: within(tap, size) });
  return load(
    copy,
    at.flatMap((form, i) => (i === dimension ? overAxes(axes) : [form])),
  );
}

const factorsOf = (expr: Expr): Expr[] =>
  expr.kind === "binary" && expr.op === "multiply" ? [...factorsOf(expr.a), ...factorsOf(expr.b)] : [expr];

/** The dimension in which taps alone move a factor that has an element for each. Undefined if there is none. */
function dimensionOf(factor: Expr, { at, size, axes }: PhaseTaps, declared: Declared): number | undefined {
  if (factor.kind !== "load") return undefined;
  const moved = factor.at.filter((form) => axes.some(({ name }) => coefficientOf(form, name) !== 0));
  const dimension = factor.at.findIndex((form) => equals(form, at));
  return moved.length === 1 && declared.shapeOf(factor.buffer)[dimension] === size ? dimension : undefined;
}
