/** A scatter chart of the predicted cost and the measured time of every candidate. */
import type { TopLevelSpec } from "vega-lite";
import { COLOUR, HOVERED, haloed, type Layer, layered, PLOT } from "./chartBase.js";
import type { CandidateReport, ShapeReport } from "./data.js";
import { bounds, figure, times } from "./format.js";
import { encodingOf, type LogAxis, logAxis, placeOn } from "./logAxis.js";
import { isPositive, measuredOf, shownGain, untunedOf, winnerOf } from "./measures.js";

interface Point {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
  /** Knobs, time and gain in words. */
  readonly hover: string;
}

/** The most points whose intervals are drawn. More lines would be a thicket. */
const MOST_INTERVALS = 80;
/** The most points that are drawn. More would make the page heavy, and would cover each other anyway. */
const MOST_POINTS = 700;

export interface Scatter {
  readonly spec: TopLevelSpec;
  readonly drawn: number;
  readonly all: number;
}

/** The chart; undefined if no candidate has both numbers. */
export function scatterOf(shape: ShapeReport): Scatter | undefined {
  const points = measuredOf(shape).flatMap((candidate) => pointOf(candidate, shape));
  if (points.length === 0) return undefined;
  const hasIntervals = points.length <= MOST_INTERVALS;
  const heights = points.flatMap(({ y, low, high }) => (hasIntervals ? [low, high] : [y]));
  const x = logAxis(
    points.map((point) => point.x),
    PLOT.width,
  );
  const y = logAxis(heights, PLOT.height, 0.12);
  const drawn = thinned(points, x, y);
  const encoding = {
    x: { field: "x", ...encodingOf(x, "predicted cost") },
    y: { field: "y", ...encodingOf(y, "measured, ms") },
  };
  const spec = layered(PLOT, [
    ...(hasIntervals ? [intervalLayer(points, encoding)] : []),
    {
      data: { values: drawn },
      mark: { type: "circle", size: drawn.length > 200 ? 18 : 30, opacity: 0.6, color: COLOUR.point, ...HOVERED.mark },
      encoding: { ...encoding, ...HOVERED.encoding },
    },
    ...highlights(shape, x, encoding),
  ]);
  return { spec, drawn: drawn.length, all: points.length };
}

type Encoding = Readonly<Record<"x" | "y", { readonly field: string } & ReturnType<typeof encodingOf>>>;

function pointOf(candidate: CandidateReport, shape: ShapeReport): Point[] {
  const { predicted, ms } = candidate;
  if (!isPositive(predicted) || !isPositive(ms?.median)) return [];
  const { low, median, high } = ms;
  const isRange = isPositive(low) && isPositive(high);
  const hover = hoverOf(candidate, shape);
  return [{ x: predicted, y: median, low: isRange ? low : median, high: isRange ? high : median, hover }];
}

function hoverOf(candidate: CandidateReport, shape: ShapeReport): string {
  const { knobs, ms, predicted } = candidate;
  const range = bounds(ms, figure);
  const time = `${figure(ms?.median)} ms${range === "" ? "" : ` (${range})`}`;
  return `${knobs}: ${time}, gain ${times(shownGain(shape, candidate)?.median)}, predicted ${figure(predicted)}`;
}

const intervalLayer = (values: readonly Point[], { x, y }: Encoding): Layer => ({
  data: { values: [...values] },
  mark: { type: "rule", stroke: COLOUR.point, strokeWidth: 1, opacity: 0.55 },
  encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } },
});

/** One point for each cell of a grid. The grid gets coarser until the points are few enough. */
function thinned(points: readonly Point[], x: LogAxis, y: LogAxis): Point[] {
  let kept = [...points];
  for (let cell = 2; kept.length > MOST_POINTS; cell *= 1.4) {
    const cells = new Map<string, Point>();
    for (const point of points) {
      const at = `${Math.floor(placeOn(x, point.x) / cell)} ${Math.floor(placeOn(y, point.y) / cell)}`;
      if (!cells.has(at)) cells.set(at, point);
    }
    kept = [...cells.values()];
  }
  return kept;
}

/** Marks the model's pick and the winner. The winner is faster and so lower: its name goes below, the other above. */
function highlights(shape: ShapeReport, x: LogAxis, encoding: Encoding): Layer[] {
  const isSame = shape.winner === shape.untuned;
  const marks = [
    { label: "untuned", colour: COLOUR.untuned, candidate: isSame ? undefined : untunedOf(shape), dy: -13 },
    { label: isSame ? "untuned = tuned" : "tuned", colour: COLOUR.tuned, candidate: winnerOf(shape), dy: 14 },
  ];
  return marks.flatMap(({ label, colour, candidate, dy }) => {
    const [point] = candidate === undefined ? [] : pointOf(candidate, shape);
    if (point === undefined) return [];
    const place = placeOn(x, point.x) / x.length;
    const align = place < 0.15 ? ("left" as const) : place > 0.85 ? ("right" as const) : ("center" as const);
    const data = { values: [{ ...point, label }] };
    return [
      {
        data,
        mark: {
          type: "point" as const,
          filled: true,
          size: 80,
          opacity: 1,
          fill: colour,
          stroke: COLOUR.surface,
          ...HOVERED.mark,
        },
        encoding: { ...encoding, ...HOVERED.encoding },
      },
      ...haloed({ align, dy, fill: colour, fontWeight: "bold" }).map((mark) => ({
        data,
        mark,
        encoding: { ...encoding, text: { field: "label", type: "nominal" as const } },
      })),
    ];
  });
}
