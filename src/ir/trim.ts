/**
 * Trimming: reduction axes lose the values that no point needs.
 *
 * With 5 rows, 3 taps and rate 16 only the middle tap meets the image. The other two need no loop, no guard and no room
 * in packed weights.
 */
import { type Affine, add, affine, type Bounds, coefficientOf, range, substitute, variable } from "./affine.js";
import { type Axis, boundsOfStage, type Stage } from "./program.js";
import { mapStageForms } from "./visit.js";

/**
 * The same stage with shorter reduction axes. Each runs from the first to the last value for which `domain` may hold,
 * counted from 0. An axis without such a value has extent 0.
 */
export function trimStage(stage: Stage): Stage {
  // One axis may bound another, so all are examined again until nothing changes.
  const trimmed = stage.reduce.reduce(trimAxis, stage);
  return trimmed === stage ? stage : trimStage(trimmed);
}

function trimAxis(stage: Stage, { name }: Axis): Stage {
  const axis = stage.reduce.find((one) => one.name === name) as Axis;
  const { first, extent } = liveValues(axis, stage);
  if (extent === axis.extent) return stage;
  const shift = new Map([[name, add(variable(name), extent > 0 ? first : 0)]]);
  return {
    ...mapStageForms(stage, (form) => substitute(form, shift)),
    reduce: stage.reduce.map((one) => (one === axis ? { name, extent } : one)),
  };
}

/**
 * The values of the axis that may be live. Each form holds on one side of some value, at the best point of all other
 * axes.
 */
function liveValues({ name, extent }: Axis, stage: Stage): { first: number; extent: number } {
  const { reduce, domain } = stage;
  const bounds = boundsOfStage(stage);
  const forms = domain.filter((form) => coefficientOf(form, name) !== 0);
  const nothing = { first: 0, extent: 0 };
  // Where a condition fails at every point there is no term, whichever axes it names. One empty axis says so.
  const isFirst = reduce[0]?.name === name;
  if (isFirst && domain.some((form) => isFalse(form, bounds))) return nothing;
  if (isFirst && pairsOf(domain).some(([form, other]) => isFalse(add(form, other), bounds))) return nothing;
  let first = 0;
  let last = extent - 1;
  for (const form of forms) {
    const slope = coefficientOf(form, name);
    const rest = affine(form.constant, { ...form.terms, [name]: 0 });
    if (isEmpty(rest, bounds)) return nothing;
    const { max } = range(rest, bounds);
    if (slope > 0) first = Math.max(first, Math.ceil(-max / slope));
    else last = Math.min(last, Math.floor(max / -slope));
  }
  return { first, extent: Math.max(0, last - first + 1) };
}

/** Conditions beyond which it would take too long to look at them in pairs. */
const MOST_IN_PAIRS = 32;

/** Two conditions that cannot both hold are at times seen in their sum: x <= 1, and x >= n + 2. */
const pairsOf = (domain: readonly Affine[]): readonly (readonly [Affine, Affine])[] =>
  domain.length > MOST_IN_PAIRS
    ? []
    : domain.flatMap((form, i) => domain.slice(i + 1).map((other) => [form, other] as const));

/** True if some axis of the form has no values. */
const isEmpty = ({ terms }: Affine, bounds: Bounds): boolean =>
  Object.keys(terms).some((name) => (bounds.get(name)?.max ?? 0) < 0);

/** True if the form is below zero wherever its axes are. */
const isFalse = (form: Affine, bounds: Bounds): boolean => !isEmpty(form, bounds) && range(form, bounds).max < 0;
