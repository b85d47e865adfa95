/**
 * Padded factors: a copy that has zeros where a tap does not exist, so that no guard stands between the lanes.
 *
 * Phases differ in how many taps they have. Of a product the missing ones may be zeros. Any other term is left out by the
 * domain.
 */
import { type Affine, affine, coefficientOf, decide, equals, subtract, variable, within } from "../affine.js";
import { type Expr, type Load, load, local, rewrite } from "../expr.js";
import { type Axis, type Stage, SUM } from "../program.js";
import type { Declarations } from "./declarations.js";
import { prefixed } from "./declarations.js";
import { axesOf } from "./renamed.js";
import { overAxes } from "./stages.js";

/** Taps as a form over two axes, outer first. There are `size` of them; what the form is beyond that does not exist. */
export interface Taps {
  readonly at: Affine;
  readonly size: number;
  readonly axes: readonly [Axis, Axis];
}

export interface Padding {
  readonly declared: Declarations;
  /** Takes the stage of a copy, which has to run before. */
  readonly emit: (stage: Stage) => void;
}

/** The stage without taps that do not exist. */
export function padded(stage: Stage, taps: Taps, { declared, emit }: Padding): Stage {
  const bounds = new Map(axesOf(stage).map(({ name, extent }) => [name, { min: 0, max: extent - 1 }]));
  const guard = subtract(affine(taps.size - 1), taps.at);
  if (decide([guard], bounds) === "always") return stage;
  const factor = factorsOf(stage.term).find((one) => dimensionOf(one, taps, declared) !== undefined) as
    | Load
    | undefined;
  if (!factor) return { ...stage, domain: [...stage.domain, guard] };
  const dimension = dimensionOf(factor, taps, declared) as number;
  const shape = declared.shapeOf(factor.buffer);
  const own = shape.map((extent, i): Axis => ({ name: `d${i}`, extent }));
  const space = own.flatMap((axis, i) => (i === dimension ? taps.axes : [axis]));
  const extents = space.map(({ extent }) => extent);
  const buffer = declared.add(`${factor.buffer}Padded`, extents);
  emit({
    name: prefixed("pad", factor.buffer),
    space,
    reduce: [],
    domain: within(taps.at, taps.size),
    term: load(
      factor.buffer,
      own.map(({ name }, i) => (i === dimension ? taps.at : variable(name))),
    ),
    finish: local(SUM),
    output: { buffer, at: overAxes(space) },
  });
  const at = factor.at.flatMap((form, i) => (i === dimension ? overAxes(taps.axes) : [form]));
  return { ...stage, term: rewrite(stage.term, (part) => (part === factor ? load(buffer, at) : part)) };
}

const factorsOf = (expr: Expr): Expr[] =>
  expr.kind === "binary" && expr.op === "multiply" ? [...factorsOf(expr.a), ...factorsOf(expr.b)] : [expr];

/** The dimension in which taps alone move a factor, as it holds one element for each. Undefined if there is none. */
function dimensionOf(factor: Expr, { at, size, axes }: Taps, declared: Declarations): number | undefined {
  if (factor.kind !== "load") return undefined;
  const shape = declared.shapeOf(factor.buffer);
  const moved = factor.at.flatMap((form, i) => (axes.some(({ name }) => coefficientOf(form, name) !== 0) ? [i] : []));
  const [only, ...more] = moved;
  const isTaps =
    only !== undefined && more.length === 0 && equals(factor.at[only] as Affine, at) && shape[only] === size;
  return isTaps ? only : undefined;
}
