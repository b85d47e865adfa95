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
  coefficientOf,
  decide,
  type Guard,
  key,
  scale,
  substitute,
  subtract,
  within,
} from "../affine.js";
import { fail } from "../errors.js";
import { type Expr, loadsOf, local } from "../expr.js";
import { type PhasesAs, phases } from "../phases.js";
import { type Axis, type Stage, SUM } from "../program.js";
import { trimStage } from "../trim.js";
import { mapStageForms, mapSubscripts } from "../visit.js";
import { factored, scaled, withSum } from "./algebra.js";
import type { GradientDraft } from "./draft.js";
import { type Divided, withPhaseAxes } from "./phaseAxis.js";
import { type Solution, solve } from "./pivots.js";
import { axesOf } from "./renamed.js";
import { dead, isDead, isPointwise } from "./stages.js";

/** At each point of the axes inside the domain, `value` is added to the element `at`. */
export interface Contribution {
  /** The stage and the read that contribute, for messages. */
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

/** The most places along axes that are written out. Each is a stage at least. */
const MAX_PLACES = 64;

/**
 * Stages that together write every element of the buffer: a list for each part of the contribution, which is their sum.
 * The draft takes those that must run before. Phases have an axis where they have such a form, all of them or those
 * that are even. Throws `not-derivable`.
 */
export const collect = (contribution: Contribution, to: Collected, draft: GradientDraft, as: PhasesAs): Stage[][] =>
  inParts(contribution, to).map((divided) => {
    const stages = withPhaseAxes(divided, draft, as === "stages");
    return stages.flatMap(({ stage, quotients }) => phases(stage, quotients)).map((stage) => tidied(stage, draft));
  });

/**
 * The contribution as a stage over elements. If no stage finds which points reach an element, there is a part for each
 * place along the shortest axis, which then moves nothing.
 */
function inParts(contribution: Contribution, to: Collected, most = MAX_PLACES): Divided[] {
  const { space, reduce, at } = contribution;
  const axes = [...space, ...reduce];
  const solution = solve(at, to.shape, axes);
  if (solution) return [inverted(contribution, to, solution)];
  const moving = axes.filter(({ name, extent }) => extent > 0 && at.some((form) => coefficientOf(form, name) !== 0));
  const [shortest] = moving.sort((a, b) => a.extent - b.extent);
  if (shortest === undefined || shortest.extent > most) return refuse(contribution);
  const parts = Array.from({ length: shortest.extent }, (_, place) => pointsAt(contribution, shortest, place));
  return parts.flatMap((part) => inParts(part, to, most / shortest.extent));
}

/** The points at this place along the axis. */
function pointsAt(contribution: Contribution, axis: Axis, place: number): Contribution {
  const { space, reduce, domain, at, value } = contribution;
  const put = (form: Affine) => substitute(form, new Map([[axis.name, affine(place)]]));
  const isOther = (other: Axis) => other !== axis;
  return {
    ...contribution,
    ...{ space: space.filter(isOther), reduce: reduce.filter(isOther) },
    ...{ domain: domain.map(put), at: at.map(put), value: mapSubscripts(value, put) },
  };
}

/** The stage over elements, and over what their places leave open. */
function inverted(contribution: Contribution, { name, buffer }: Collected, solution: Solution): Divided {
  const { space, reduce, domain, value } = contribution;
  const { elements, pivots, values, zeros, quotients } = solution;
  const counting = elements.flatMap(({ axes }) => axes);
  const isLeft = (axis: Axis) => !pivots.includes(axis) && !counting.includes(axis);
  const { core, factor } = factored(value);
  const over = (form: Affine) => substitute(form, values);
  const ranges = pivots.flatMap((pivot) => within(values.get(pivot.name) as Affine, pivot.extent));
  const stage: Stage = {
    name,
    space: counting,
    reduce: [...reduce, ...space].filter(isLeft),
    domain: [...domain.map(over), ...ranges, ...zeros.flatMap((form) => [form, scale(form, -1)])],
    term: mapSubscripts(core, over),
    finish: scaled({ core: local(SUM), factor }),
    output: { buffer, at: elements.map((one) => one.at) },
  };
  return { stage, quotients };
}

/**
 * The stage without taps that no element needs, and without a sum of one term. Its domain says by itself that each read
 * stays in its buffer, and nothing that holds anyway.
 */
function tidied(stage: Stage, draft: GradientDraft): Stage {
  const trimmed = trimStage(stage);
  const bounds: Bounds = new Map(axesOf(trimmed).map(({ name, extent }) => [name, { min: 0, max: extent - 1 }]));
  if (isDead(trimmed) || decide(trimmed.domain, bounds) === "never") return dead(trimmed);
  const inside = loadsOf(trimmed.term).flatMap(({ buffer, at }) => {
    const shape = draft.shapeOf(buffer);
    return at.flatMap((form, dimension) => within(form, shape[dimension] as number));
  });
  const open = [...trimmed.domain, ...inside].filter((form) => decide([form], bounds) !== "always");
  const known = new Set((trimmed.where ?? []).map(key));
  const domain = tightest(open).filter((form) => !known.has(key(form)));
  if (trimmed.reduce.some(({ extent }) => extent > 1)) return { ...trimmed, domain };
  const first = new Map(trimmed.reduce.map(({ name }) => [name, affine(0)]));
  const one = mapStageForms({ ...trimmed, reduce: [], domain }, (form) => substitute(form, first));
  return isPointwise(one) ? { ...one, term: withSum(one.finish, one.term), finish: local(SUM) } : one;
}

/** The smallest of forms that differ in their constants alone, as it says the most. */
function tightest(guard: Guard): Guard {
  const found = new Map<string, Affine>();
  for (const form of guard) {
    const moving = key(subtract(form, form.constant));
    if (form.constant < (found.get(moving)?.constant ?? Number.POSITIVE_INFINITY)) found.set(moving, form);
  }
  return [...found.values()];
}

const refuse = ({ stage, read }: Contribution): never =>
  fail(
    "not-derivable",
    `${stage} reads ${read}, and no stage can find which points read a given element: several long axes move one of ` +
      "its subscripts, none of them by one; add up two of them as an axis of a buffer in between",
  );
