/**
 * The phases of an exact quotient as an axis, instead of a stage each.
 *
 * Where `element + pad - tap` is divided by a stride s, the element `s*q + phase` is reached by the taps `first + s*t`
 * of its phase. `first` moves with the phase, until it would be s and begins again at 0. So two stages have all phases
 * between them, and four have them where phases of one stage must have equally many taps and elements. Along a long
 * axis one stage has them all: it begins with the phase of tap 0, some elements before the first one. Lanes may run
 * over such an axis: with the channels beside it in memory it makes one long row.
 */
import { type Affine, affine, coefficientOf, substitute, subtract } from "../affine.js";
import type { Quotient } from "../phases.js";
import type { Axis, Stage } from "../program.js";
import { mapStageForms } from "../visit.js";
import type { GradientDraft } from "./draft.js";
import { padded } from "./padded.js";
import { axesOf, axisLike } from "./renamed.js";

export interface Divided {
  /** A stage in whose forms some variables are quotients. */
  readonly stage: Stage;
  readonly quotients: readonly Quotient[];
}

/**
 * The stages with an axis for the phases of each quotient that has such a form. Others stay as they are. `even` phases
 * of one axis have equally many taps and elements: no term is made up, and no point.
 */
export const withPhaseAxes = (divided: Divided, draft: GradientDraft, even: boolean): Divided[] =>
  divided.quotients.reduce<Divided[]>(
    (parts, { name }) => parts.flatMap((part) => withPhaseAxis(part, name, draft, even)),
    [divided],
  );

function withPhaseAxis(divided: Divided, name: string, draft: GradientDraft, even: boolean): Divided[] {
  const { stage, quotients } = divided;
  const quotient = quotients.find((one) => one.name === name) as Quotient;
  const isUneven = (one: { readonly name: string }) => coefficientOf(quotient.of, one.name) % quotient.by !== 0;
  const [element, tap, ...others] = [...axesOf(stage), ...quotients].filter(isUneven);
  const isPair =
    others.length === 0 && stage.space.some((axis) => axis === element) && stage.reduce.some((axis) => axis === tap);
  const whole = isPair ? runsOf(quotient, element as Axis, tap as Axis) : [];
  const runs = even ? whole.flatMap((run) => evenRuns(run, quotient.by)) : whole;
  return runs.length === 0 ? [divided] : runs.map((run) => split(divided, quotient, run, draft));
}

/** The most runs of even phases: where one ends the first tap begins again, or a phase has a tap or an element less. */
const MOST_RUNS = 4;

/** The most stages of phases along an axis whose taps are `dilation` apart: few where first taps follow one form. */
export const mostStages = (stride: number, dilation: number): number =>
  [dilation - 1, dilation + 1].some((steps) => steps % stride === 0) ? Math.min(stride, MOST_RUNS) : stride;

/** Phases side by side whose first taps follow one form. */
interface Run {
  readonly element: Axis;
  readonly tap: Axis;
  /** The first of the phases, below 0 if it begins before the axis does, and how many there are. */
  readonly phase: number;
  readonly count: number;
  /** The first tap of the first phase, and how far that moves from phase to phase: 1 or -1. */
  readonly first: number;
  readonly turn: number;
}

/** Elements of each phase from which on one more, which may not exist, costs little. */
const LONG = 64;

function runsOf({ of, by }: Quotient, element: Axis, tap: Axis): Run[] {
  const step = coefficientOf(of, tap.name);
  const turn = [1, -1].find((one) => (coefficientOf(of, element.name) + one * step) % by === 0);
  const first = Array.from({ length: by }, (_, i) => i).find((i) => (of.constant + i * step) % by === 0);
  if (turn === undefined || first === undefined) return [];
  const again = turn === 1 ? by - first : first + 1;
  if (again < by && element.extent >= LONG * by) {
    return [{ element, tap, phase: again - by, count: by, first: turn === 1 ? 0 : by - 1, turn }];
  }
  const runs = [
    { phase: 0, count: again, first },
    { phase: again, count: by - again, first: turn === 1 ? 0 : by - 1 },
  ];
  return runs
    .map((run) => ({ ...run, element, tap, turn, count: Math.min(run.count, element.extent - run.phase) }))
    .filter(({ count }) => count > 0);
}

/** The run cut where the number of taps of a phase changes, or that of its elements if the axis is short. */
function evenRuns(run: Run, by: number): Run[] {
  const { element, tap, phase, count, first, turn } = run;
  const sizesOf = (i: number) =>
    [tap.extent - first - turn * i, ...(phase < 0 ? [] : [element.extent - phase - i])].map((left) =>
      Math.max(0, Math.ceil(left / by)),
    );
  const isCut = (i: number) => sizesOf(i).some((size, k) => size !== sizesOf(i - 1)[k]);
  const starts = Array.from({ length: count }, (_, i) => i).filter((i) => i === 0 || isCut(i));
  return starts.map((from, k) => {
    const end = starts[k + 1] ?? count;
    // Phases that all lie before the axis are those by elements later.
    const begin = phase + end <= 0 ? phase + by : phase;
    return { ...run, phase: begin + from, count: end - from, first: first + turn * from };
  });
}

function split({ stage, quotients }: Divided, { by }: Quotient, run: Run, draft: GradientDraft): Divided {
  const { element, tap, phase, count, first, turn } = run;
  const place: Axis = { name: axisLike(`p${element.name}`, stage), extent: count };
  const outer: Axis = { name: element.name, extent: Math.ceil((element.extent - phase) / by) };
  const least = Math.min(first, first + turn * (count - 1));
  const taps: Axis = { name: tap.name, extent: Math.max(0, Math.ceil((tap.extent - least) / by)) };
  // A phase by itself needs no axis.
  const step = count === 1 ? 0 : 1;
  const elementAt = affine(phase, { [element.name]: by, [place.name]: step });
  const tapAt = affine(first, { [tap.name]: by, [place.name]: step * turn });
  const forms = new Map([
    [element.name, elementAt],
    [tap.name, tapAt],
  ]);
  const over = (form: Affine) => substitute(form, forms);
  const isRagged = by * (outer.extent - 1) + phase + count > element.extent;
  const moved = mapStageForms(stage, over);
  const where = [
    ...(moved.where ?? []),
    ...(phase < 0 ? [elementAt] : []),
    ...(isRagged ? [subtract(affine(element.extent - 1), elementAt)] : []),
  ];
  const whole: Stage = {
    ...moved,
    space: stage.space.flatMap((axis) => (axis === element ? [outer, place].slice(0, 1 + step) : [axis])),
    reduce: stage.reduce.map((axis) => (axis === tap ? taps : axis)),
    ...(where.length > 0 ? { where } : {}),
  };
  // A phase by itself has all its taps, and no padding makes taps where there are none.
  const isEven = count === 1 || taps.extent === 0;
  return {
    stage: isEven ? whole : padded(whole, { at: tapAt, size: tap.extent, axes: [taps, place] }, draft),
    quotients: quotients.map((one) => ({ ...one, of: over(one.of) })),
  };
}
