/** The roofline of one shape: the speed that its machine can reach, and the speed of its kernels. */
import type { TopLevelSpec } from "vega-lite";
import { COLOUR, type Colour, HOVERED, haloed, type Layer, layered, PLOT, type TextStyle } from "./chartBase.js";
import type { ShapeReport } from "./data.js";
import { figure, shorten } from "./format.js";
import { encodingOf, type LogAxis, logAxis, placeOn, spread } from "./logAxis.js";
import { intensityOf, isPositive, rate, untunedOf, winnerOf } from "./measures.js";

interface Point {
  readonly name: string;
  readonly colour: Colour;
  /** The speed in GFLOP/s. */
  readonly y: number;
}

const LINE_HEIGHT = 15;
/** The width of a wide character in pixels. */
const CHARACTER = 7.2;
/** The most names that have room beside the points. */
export const MOST_PEERS = 8;

/**
 * The chart. Only operations that have to be computed count, so that no kernel passes the roof by skipping taps.
 * Undefined if the shape has no work or the machine is unknown.
 */
export function rooflineSpec(shape: ShapeReport): TopLevelSpec | undefined {
  const intensity = intensityOf(shape);
  const { peak, bandwidth } = shape.machine;
  if (intensity === undefined || !isPositive(peak) || !isPositive(bandwidth)) return undefined;
  const points = pointsOf(shape);
  const ridge = peak / bandwidth;
  const ends = [Math.min(intensity, ridge) / 4, Math.max(intensity, ridge) * 4];
  const x = logAxis(ends, PLOT.width, 0);
  const y = logAxis([...points.map((point) => point.y / 1.5), peak / 40, peak * 1.6], PLOT.height);
  return layered(PLOT, [
    ...roofLayers(shape, x, y),
    intensityLayer(shape, intensity, x, y),
    ...pointLayers(points, intensity, x, y),
  ]);
}

/** The points to draw. The winner is the last, so it lies on top. */
function pointsOf(shape: ShapeReport): Point[] {
  const isSame = shape.winner === shape.untuned;
  const fastest = shape.peers.filter(({ ms }) => isPositive(ms)).toSorted((a, b) => a.ms - b.ms);
  const kernels = [
    ...fastest.slice(0, MOST_PEERS).map(({ name, ms }) => ({ name, colour: COLOUR.peer, ms })),
    ...(isSame ? [] : [{ name: "untuned", colour: COLOUR.untuned, ms: untunedOf(shape)?.ms?.median }]),
    { name: isSame ? "untuned = tuned" : "tuned", colour: COLOUR.tuned, ms: winnerOf(shape)?.ms?.median },
  ];
  return kernels.flatMap(({ name, colour, ms }) => {
    const y = rate(shape.work.liveFlops, ms);
    return isPositive(y) ? [{ name, colour, y }] : [];
  });
}

/** The roof: it rises from the left or lower edge to the ridge, and is level from there. */
function roofLayers({ machine: { peak, bandwidth } }: ShapeReport, x: LogAxis, y: LogAxis): Layer[] {
  const start = Math.max(x.domain[0], y.domain[0] / bandwidth);
  const ridge = peak / bandwidth;
  const roof = [
    { x: start, y: start * bandwidth },
    { x: ridge, y: peak },
    { x: x.domain[1], y: peak },
  ];
  const encoding = {
    x: { field: "x", ...encodingOf(x, "FLOP per byte") },
    y: { field: "y", ...encodingOf(y, "GFLOP/s") },
  };
  const middle = Math.sqrt(start * ridge);
  const slope = (placeOn(y, peak) - placeOn(y, start * bandwidth)) / (placeOn(x, ridge) - placeOn(x, start));
  const text = (label: string, at: { x: number; y: number }, style: TextStyle) =>
    haloed({ fill: COLOUR.muted, dy: -9, ...style }).map((mark) => ({
      data: { values: [{ label, ...at }] },
      mark,
      encoding: { ...encoding, text: { field: "label", type: "nominal" as const } },
    }));
  return [
    { data: { values: roof }, mark: { type: "line" as const, stroke: COLOUR.ink, strokeWidth: 1.75 }, encoding },
    ...text(`${figure(peak)} GFLOP/s`, { x: x.domain[1], y: peak }, { align: "right", dx: -4 }),
    ...text(`${figure(bandwidth)} GB/s`, { x: middle, y: middle * bandwidth }, { angle: degrees(slope) }),
  ];
}

/** A line from the operations for each byte of the shape up to the roof: on it lies whatever speed it may have. */
function intensityLayer({ machine }: ShapeReport, intensity: number, x: LogAxis, y: LogAxis): Layer {
  const roof = Math.min(machine.peak, intensity * machine.bandwidth);
  return {
    data: { values: [{ x: intensity, y: y.domain[0], roof }] },
    mark: { type: "rule", stroke: COLOUR.muted, strokeWidth: 1, strokeDash: [3, 3] },
    encoding: {
      x: { field: "x", ...encodingOf(x, "FLOP per byte") },
      y: { field: "y", ...encodingOf(y, "GFLOP/s") },
      y2: { field: "roof" },
    },
  };
}

const degrees = (slope: number): number => Number(((-180 / Math.PI) * Math.atan(slope)).toFixed(2));

/**
 * The points and their names. All points stand above each other, as all kernels do the same work. So the names go to
 * one side, spread out, with a line from each to its point.
 */
function pointLayers(points: readonly Point[], intensity: number, x: LogAxis, y: LogAxis): Layer[] {
  const px = placeOn(x, intensity);
  const side = px > PLOT.width / 2 ? -1 : 1;
  const heights = points.map((point) => PLOT.height - placeOn(y, point.y));
  const spreadHeights = spread(heights, LINE_HEIGHT, PLOT.height);
  const room = (side === 1 ? PLOT.width - px : px) / CHARACTER - 10;
  const values = points.map(({ name, colour, y: gflops }, i) => ({
    label: `${shorten(name, Math.floor(room))} ${figure(gflops)}`,
    hover: `${name}: ${figure(gflops)} GFLOP/s`,
    colour,
    px,
    py: heights[i] as number,
    labelX: px + 22 * side,
    labelY: spreadHeights[i] as number,
  }));
  const at = (field: string) => ({ field, type: "quantitative" as const, scale: null, axis: null });
  const colour = { field: "colour", type: "nominal" as const, scale: null };
  const align = side === 1 ? ("left" as const) : ("right" as const);
  return [
    {
      data: { values },
      mark: { type: "rule" as const, strokeWidth: 1, opacity: 0.7 },
      encoding: { x: at("px"), x2: { field: "labelX" }, y: at("py"), y2: { field: "labelY" }, stroke: colour },
    },
    {
      data: { values },
      mark: {
        type: "point" as const,
        filled: true,
        size: 64,
        opacity: 1,
        stroke: COLOUR.surface,
        strokeWidth: 1.5,
        ...HOVERED.mark,
      },
      encoding: { x: at("px"), y: at("py"), fill: colour, ...HOVERED.encoding },
    },
    ...haloed({ align, dx: 4 * side }).map((mark) => ({
      data: { values },
      mark,
      encoding: { x: at("labelX"), y: at("labelY"), text: { field: "label", type: "nominal" as const }, fill: colour },
    })),
  ];
}
