/**
 * Collecting: stages that sum, for each element of a tensor, what points contribute to it.
 *
 * A contribution adds a value to one element from each point of some axes. A stage is asked the converse: which points
 * reach an element. That is a change of variables, which `pivots.ts` finds. Axes that no subscript decides are summed
 * over, where those that one decides stay in their ranges.
 */
import {
  type Affine,
  affine,
  type Bounds,
  decide,
  type Guard,
  key,
  scale,
  substitute,
  variable,
  within,
} from "../affine.js";
import { fail } from "../errors.js";
import { type Expr, local } from "../expr.js";
import { FreeNames } from "../freeNames.js";
import { type PhasesAs, phases } from "../phases.js";
import { type Axis, type Stage, SUM } from "../program.js";
import { trimStage } from "../trim.js";
import { mapStageForms } from "../visit.js";
import { factored, scaled, withSum } from "./algebra.js";
import { placeName, solve } from "./pivots.js";
import { axesOf } from "./renamed.js";
import { dead, isDead, isPointwise } from "./stages.js";

/** At each point of the axes inside the domain, `value` is added to the element `at`. */
export interface Contribution {
  /** What contributes, for messages: the stage, and the read. */
  readonly stage: string;
  readonly read: string;
  readonly space: readonly Axis[];
  readonly reduce: readonly Axis[];
  readonly domain: Guard;
  readonly at: readonly Affine[];
  readonly value: Expr;
}

/** Where the sums go. */
export interface Collected {
  readonly name: string;
  readonly buffer: string;
  readonly shape: readonly number[];
}

/** Stages that together write every element of the buffer. Throws `not-derivable`. */
export function collect(contribution: Contribution, { name, buffer, shape }: Collected, as: PhasesAs): Stage[] {
  const { space, reduce, domain, at, value } = contribution;
  const axes = [...space, ...reduce];
  const { dimensions, values, zeros, ...solution } = solve(at, shape, axes) ?? refuse(contribution);
  const free = new FreeNames(axes.map((axis) => axis.name));
  // An axis of elements has the name of the axis that it decides.
  const places = dimensions.map((one, dimension): { axes: readonly Axis[]; form: Affine } => {
    if (one.kind === "counts") return one;
    const axis = { name: one.pivot?.name ?? free.numbered("e"), extent: shape[dimension] as number };
    return { axes: [axis], form: variable(axis.name) };
  });
  const elements = places.flatMap((place) => place.axes);
  const placeOf = new Map(places.map(({ form }, dimension) => [placeName(dimension), form]));
  const placed = (form: Affine) => substitute(form, placeOf);
  const decided = new Map([...values].map(([axis, form]) => [axis, placed(form)]));
  const { core, factor } = factored(value);
  const finish = scaled({ core: local(SUM), factor });
  const old: Stage = { name, space: [], reduce: [], domain, term: core, finish, output: { buffer, at: [] } };
  const changed = mapStageForms(old, (form) => substitute(form, decided));
  const ranges = dimensions.flatMap((one) =>
    one.kind === "decides" && one.pivot ? within(decided.get(one.pivot.name) as Affine, one.pivot.extent) : [],
  );
  const stage: Stage = {
    ...changed,
    space: elements,
    reduce: [...reduce, ...space].filter((axis) => !values.has(axis.name) && !elements.includes(axis)),
    domain: [...changed.domain, ...ranges, ...zeros.map(placed).flatMap((form) => [form, scale(form, -1)])],
    output: { buffer, at: places.map(({ form }) => form) },
  };
  const quotients = solution.quotients.map((one) => ({ ...one, of: placed(one.of) }));
  return phases(stage, quotients, { as }).map(tidied);
}

/** The stage without taps that no element needs, guards that always hold, and a sum of one term. */
function tidied(stage: Stage): Stage {
  const trimmed = trimStage(stage);
  const bounds: Bounds = new Map(axesOf(trimmed).map(({ name, extent }) => [name, { min: 0, max: extent - 1 }]));
  if (isDead(trimmed) || decide(trimmed.domain, bounds) === "never") return dead(trimmed);
  const open = trimmed.domain.filter((form) => decide([form], bounds) !== "always");
  const domain = [...new Map(open.map((form) => [key(form), form])).values()];
  if (trimmed.reduce.some(({ extent }) => extent > 1)) return { ...trimmed, domain };
  const first = new Map(trimmed.reduce.map(({ name }) => [name, affine(0)]));
  const one = mapStageForms({ ...trimmed, reduce: [], domain }, (form) => substitute(form, first));
  return isPointwise(one) ? { ...one, term: withSum(one.finish, one.term), finish: local(SUM) } : one;
}

const refuse = ({ stage, read }: Contribution): never =>
  fail(
    "not-derivable",
    `${stage} reads ${read}, and no stage can find which points read a given element: several axes move one of its ` +
      "subscripts, none of them by one; add up two of them as an axis of a buffer in between",
  );
