/**
 * Logarithmic axes. Ends, ticks and places are computed here and not by Vega, so that labels can go where there is
 * room.
 */

export interface LogAxis {
  readonly domain: readonly [number, number];
  /** The length in pixels. */
  readonly length: number;
}

const MANTISSAS = [[1], [1, 3], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]] as const;

/** An axis around these positive values, with room at both ends. */
export function logAxis(values: readonly number[], length: number, room = 0.08): LogAxis {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), 0);
  const factor = Math.max((high / low) ** room, 1.12);
  return { domain: [low / factor, high * factor], length };
}

/** The distance from the low end in pixels. */
export const placeOn = ({ domain: [low, high], length }: LogAxis, value: number): number =>
  (length * Math.log(value / low)) / Math.log(high / low);

/** Round values: powers of ten if there are enough of them, else finer steps. */
function ticksOf({ domain: [low, high] }: LogAxis, enough = 4): number[] {
  const first = Math.floor(Math.log10(low));
  const decades = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, i) => first + i);
  for (const mantissas of MANTISSAS) {
    const ticks = decades
      .flatMap((exponent) => mantissas.map((mantissa) => Number(`${mantissa}e${exponent}`)))
      .filter((tick) => tick >= low && tick <= high);
    if (ticks.length >= enough) return everyOther(ticks, 3 * enough);
  }
  return evenTicks(low, high, enough);
}

/** Evenly spaced round values. In less than half a decade a logarithmic axis is nearly linear. */
function evenTicks(low: number, high: number, enough: number): number[] {
  const exponent = Math.floor(Math.log10((high - low) / enough));
  const rough = (high - low) / enough / 10 ** exponent;
  const step = [5, 2, 1].find((mantissa) => mantissa <= rough) ?? 1;
  const unit = Number(`${step}e${exponent}`);
  const first = Math.ceil(low / unit);
  const ticks = Array.from({ length: Math.floor(high / unit) - first + 1 }, (_, i) => (first + i) * unit);
  return ticks.map((tick) => Number(tick.toPrecision(12)));
}

const everyOther = (ticks: readonly number[], most: number): number[] => {
  const step = Math.ceil(ticks.length / most);
  return ticks.filter((_, i) => i % step === 0);
};

/** The scale and the axis for Vega-Lite. */
export const encodingOf = (axis: LogAxis, title: string) => ({
  type: "quantitative" as const,
  scale: { type: "log" as const, domain: [...axis.domain], nice: false },
  axis: { title, format: axis.domain[1] < 1e4 ? "~g" : "~s", values: ticksOf(axis), labelOverlap: "greedy" as const },
});

/** Moves places between 0 and `length` apart until the gap to the next is `wanted`, or less if there is no room. */
export function spread(places: readonly number[], wanted: number, length: number): number[] {
  const gap = Math.min(wanted, length / places.length);
  const order = places.map((_, i) => i).sort((a, b) => (places[a] as number) - (places[b] as number));
  const moved = [...places];
  let floor = gap / 2;
  for (const i of order) {
    moved[i] = Math.max(moved[i] as number, floor);
    floor = (moved[i] as number) + gap;
  }
  let ceiling = length - gap / 2;
  for (const i of order.toReversed()) {
    moved[i] = Math.min(moved[i] as number, ceiling);
    ceiling = (moved[i] as number) - gap;
  }
  return moved;
}
