/** The middle and the spread of many times. */

/** The number below which this share of all lie, between two of them if need be. `sorted` is not empty. */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const [from = 0, to = from] = sorted.slice(low, low + 2);
  return from + (place - low) * (to - from);
}

export interface Summary {
  readonly median: number;
  /** The middle half lies between these. */
  readonly low: number;
  readonly high: number;
}

/** Undefined for no times at all. */
export function summaryOf(times: readonly number[]): Summary | undefined {
  if (times.length === 0) return undefined;
  const sorted = [...times].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}
