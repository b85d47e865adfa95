/**
 * Padded factors: a copy that has zeros where a tap does not exist, so that no guard stands between the lanes.
 *
 * Phases differ in how many taps they have. Of a product the missing ones may be zeros. Any other term is left out by
 * the domain.
 */
import { type Affine, affine, coefficientOf, decide, equals, subtract } from "../affine.js";
import { type Expr, type Load, load, rewrite } from "../expr.js";
import { FreeNames } from "../freeNames.js";
import type { Axis, Stage } from "../program.js";
import { type GradientDraft, prefixed } from "./draft.js";
import { axesOf } from "./renamed.js";
import { extentsByName, overAxes, pointwise } from "./stages.js";

/** PhaseTaps as a form over two axes, outer first. There are `size` of them, and the form may be more. */
export interface PhaseTaps {
  readonly at: Affine;
  readonly size: number;
  readonly axes: readonly [Axis, Axis];
}

/** The stage without taps that do not exist. The draft takes the stage of a copy. */
export function padded(stage: Stage, taps: PhaseTaps, draft: GradientDraft): Stage {
  const bounds = new Map(axesOf(stage).map(({ name, extent }) => [name, { min: 0, max: extent - 1 }]));
  const guard = existing(taps);
  if (decide([guard], bounds) === "always") return stage;
  for (const factor of factorsOf(stage.term)) {
    const dimension = dimensionOf(factor, taps, draft);
    if (dimension === undefined) continue;
    const copied = copyOf(factor as Load, dimension, taps, draft);
    return { ...stage, term: rewrite(stage.term, (part) => (part === factor ? copied : part)) };
  }
  return { ...stage, domain: [...stage.domain, guard] };
}

/** The form is not below 0 where a tap exists. */
const existing = ({ at, size }: PhaseTaps): Affine => subtract(affine(size - 1), at);

/** A read of a copy in which the taps have two dimensions, and all places of these are filled. */
function copyOf({ buffer, at }: Load, dimension: number, taps: PhaseTaps, draft: GradientDraft): Expr {
  const { axes } = taps;
  const names = new FreeNames(axes.map(({ name }) => name));
  const others = draft.shapeOf(buffer).map((extent): Axis => ({ name: names.numbered("d"), extent }));
  const space = others.flatMap((axis, i) => (i === dimension ? axes : [axis]));
  const copy = draft.addBuffer(`${buffer}Padded`, extentsByName(space));
  const from = overAxes(others).map((form, i) => (i === dimension ? taps.at : form));
  const output = { buffer: copy, at: overAxes(space) };
  const name = prefixed("pad", buffer);
  draft.addStage({ ...pointwise({ name, space }, load(buffer, from), output), domain: [existing(taps)] });
  return load(
    copy,
    at.flatMap((form, i) => (i === dimension ? overAxes(axes) : [form])),
  );
}

const factorsOf = (expr: Expr): Expr[] =>
  expr.kind === "binary" && expr.op === "multiply" ? [...factorsOf(expr.a), ...factorsOf(expr.b)] : [expr];

/** The dimension in which taps alone move a factor that has an element for each. Undefined if there is none. */
function dimensionOf(factor: Expr, { at, size, axes }: PhaseTaps, draft: GradientDraft): number | undefined {
  if (factor.kind !== "load") return undefined;
  const moved = factor.at.filter((form) => axes.some(({ name }) => coefficientOf(form, name) !== 0));
  const dimension = factor.at.findIndex((form) => equals(form, at));
  return moved.length === 1 && draft.shapeOf(factor.buffer)[dimension] === size ? dimension : undefined;
}
