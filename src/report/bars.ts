/** Bar charts with intervals: for the gains of all shapes, and for the times of one shape. */
import type { TopLevelSpec } from "vega-lite";
import type { Interval } from "../tune/statistics.js";
import { COLOUR, type Colour, HOVERED, layered } from "./chartBase.js";
import { bounds, figure, shorten } from "./format.js";

export interface Bar {
  readonly label: string;
  readonly estimate: Interval;
  /** The value in words, which stands at the end of the bar. */
  readonly text: string;
  readonly colour: Colour;
}

const ROW = 27;
const LONGEST_LABEL = 25;
/** As wide as `PLOT`. The longest label fits into the left padding. */
const FRAME = { width: 220, padding: { left: 180, right: 60, top: 8, bottom: 44 } };

/** The bars whose numbers can all be drawn. */
export const drawable = (bars: readonly Bar[]): Bar[] =>
  bars.filter(({ estimate: { low, median, high } }) => [low, median, high].every((end) => end >= 0 && end < Infinity));

/** Horizontal bars in the given order, with a dashed line at `reference`. */
export function barsSpec(bars: readonly Bar[], title: string, reference?: number): TopLevelSpec {
  const values = bars.map(({ label, estimate, text, colour }, row) => ({
    row,
    label: shorten(label, LONGEST_LABEL),
    text,
    hover: [`${label}: ${text}`, bounds(estimate, figure)].filter((part) => part !== "").join(", "),
    colour,
    ...estimate,
  }));
  const most = values.reduce((end, { high }) => Math.max(end, high), reference ?? 0);
  const x = {
    type: "quantitative" as const,
    scale: { domain: [0, most === 0 ? 1 : most], nice: false },
    axis: { title, tickCount: 5, format: "~g", domain: false, ticks: false },
  };
  const y = { field: "row", type: "ordinal" as const, axis: null };
  const fixed = { data: { values } };
  return layered({ ...FRAME, height: ROW * bars.length }, [
    {
      ...fixed,
      mark: { type: "bar", height: 12, opacity: 0.65, ...HOVERED.mark },
      encoding: {
        x: { field: "median", ...x },
        y,
        color: { field: "colour", type: "nominal", scale: null },
        ...HOVERED.encoding,
      },
    },
    {
      data: { values: values.filter(({ low, high }) => low < high) },
      mark: { type: "rule", stroke: COLOUR.ink, strokeWidth: 2 },
      encoding: { x: { field: "low", ...x }, x2: { field: "high" }, y },
    },
    {
      ...fixed,
      mark: { type: "text", align: "right", baseline: "middle" },
      encoding: { x: { value: -10 }, y, text: { field: "label", type: "nominal" } },
    },
    {
      ...fixed,
      mark: { type: "text", align: "left", baseline: "middle", dx: 7 },
      encoding: { x: { field: "high", ...x }, y, text: { field: "text", type: "nominal" } },
    },
    ...(reference === undefined
      ? []
      : [
          {
            data: { values: [{ at: reference }] },
            mark: { type: "rule" as const, stroke: COLOUR.muted, strokeDash: [3, 3] },
            encoding: { x: { field: "at", ...x } },
          },
        ]),
  ]);
}
