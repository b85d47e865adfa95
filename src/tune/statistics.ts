/** Medians and ranks of samples. No distribution is assumed, as the noise of a shared machine has no known one. */

/**
 * A median and its bounds. With six samples or more, the true median is between them with a probability of 95 %. With
 * fewer, they are the least and the largest sample.
 */
export interface Interval {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

const FEW = 6;

/** `values` holds at least one number. */
export function intervalOf(values: readonly number[]): Interval {
  const sorted = values.toSorted((a, b) => a - b);
  const count = sorted.length;
  // The median's rank is binomial; 1.96 standard deviations of it are 0.98 times the root of the count.
  const outside = count < FEW ? 0 : Math.max(0, Math.floor(count / 2 - 0.98 * Math.sqrt(count)));
  return { low: sorted[outside] as number, median: medianOf(sorted), high: sorted[count - 1 - outside] as number };
}

function medianOf(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  const [below, above] = [sorted[Math.ceil(middle) - 1] as number, sorted[Math.floor(middle)] as number];
  return (below + above) / 2;
}

/** The geometric mean, 1 if there are no values. */
export const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / Math.max(1, values.length));

/** Spearman's coefficient: 1 if both orders agree, -1 if one reverses the other. Undefined if all values of one tie. */
export function rankCorrelation(pairs: readonly (readonly [number, number])[]): number | undefined {
  const [a, b] = [ranksOf(pairs.map(([first]) => first)), ranksOf(pairs.map(([, second]) => second))];
  const middle = (pairs.length - 1) / 2;
  const product = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, rank, i) => sum + (rank - middle) * ((y[i] as number) - middle), 0);
  const scale = Math.sqrt(product(a, a) * product(b, b));
  return scale > 0 ? product(a, b) / scale : undefined;
}

/** Ranks from 0; equal values share the mean of their ranks. */
function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((i, j) => (values[i] as number) - (values[j] as number));
  const ranks = new Array<number>(values.length);
  for (let first = 0; first < order.length; ) {
    const value = values[order[first] as number];
    let last = first;
    while (last + 1 < order.length && values[order[last + 1] as number] === value) last++;
    for (let i = first; i <= last; i++) ranks[order[i] as number] = (first + last) / 2;
    first = last + 1;
  }
  return ranks;
}
