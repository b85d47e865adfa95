/**
 * Minimal filtering, after Cook, Toom and Winograd. It computes `outputs` results of a correlation with `taps` taps
 * from outputs + taps - 1 products instead of outputs * taps.
 *
 *     y[j] = sum over s of d[j+s] * g[s]        y = output * ((scale . (filter * g)) . (input * d))
 *
 * Only the points are free to choose. In exact arithmetic all points serve; in float32 the errors differ by factors.
 */
import { failInternally } from "../errors.js";

type Matrix = readonly (readonly number[])[];

export interface Transforms {
  readonly outputs: number;
  readonly taps: number;
  /** outputs + taps - 1: a tile reads that many numbers and takes that many products. */
  readonly products: number;
  /** [products][products]: dyadic rationals, exact in float32. The rows of points p and -p lie next to each other. */
  readonly input: Matrix;
  /** [products][taps]: integers. */
  readonly filter: Matrix;
  /** [products]: positive factors of the rows of `filter`. Only these may need rounding, as 1/6 does. */
  readonly scale: readonly number[];
  /** [outputs][products]: dyadic rationals, exact in float32. */
  readonly output: Matrix;
  /**
   * The factor by which intermediate numbers can exceed |d| * |g|: the maximum over j and s of the sum over e of
   * |output[j][e]| * scale[e] * |filter[e][s]| * (sum over i of |input[e][i]|). It is at least 1.
   */
  readonly growth: number;
}

/**
 * The points to evaluate at, by the number of products. Every point but 0 is used with both signs. If that gives one
 * point too few, infinity is the last. All points are dyadic, so the matrices are exact. Among dyadic points these have
 * the least error in nested float32 transforms of normally distributed data. For example, F(4, 3) at the points 0, 1,
 * -1, 2, -2, infinity would multiply less, but its error is three times as large. With an odd number of points, 0 or
 * infinity is left out, because a point without its negative makes the error three times as large, too.
 */
const POINTS: Readonly<Record<number, readonly number[]>> = {
  3: [0, 1],
  4: [0, 1],
  5: [0, 3 / 4, 5 / 2],
  6: [0, 3 / 4, 3 / 2],
  7: [1 / 4, 7 / 8, 7 / 4],
  8: [0, 1, 2, 1 / 2],
  9: [1, 2, 1 / 4, 3 / 4],
  10: [0, 1 / 2, 3 / 4, 5 / 4, 5 / 2],
  11: [0, 1, 2, 4, 3 / 8, 3 / 4],
  12: [0, 1, 3 / 8, 3 / 4, 3 / 2, 5 / 2],
  13: [1, 4, 1 / 4, 1 / 2, 3 / 4, 3 / 2],
  14: [0, 1, 2, 4, 1 / 4, 1 / 2, 3 / 4],
  15: [0, 1, 2, 4, 1 / 4, 1 / 2, 3 / 4, 3 / 2],
  16: [0, 1, 2, 4, 1 / 4, 1 / 2, 3 / 4, 3 / 2],
};

/** By outputs and taps: whoever looks for the best tile asks for the same transforms many times. */
const known = new Map<string, Transforms>();

/** Throws an internal error unless both are integers >= 1 and their sum is at most 17, which is 16 products. */
export function cookToom(outputs: number, taps: number): Transforms {
  const name = `${outputs} ${taps}`;
  const transforms = known.get(name) ?? transformsFor(outputs, taps);
  known.set(name, transforms);
  return transforms;
}

function transformsFor(outputs: number, taps: number): Transforms {
  const products = outputs + taps - 1;
  if (!Number.isInteger(outputs) || !Number.isInteger(taps) || outputs < 1 || taps < 1 || products > 16)
    failInternally(`no transforms for ${outputs} outputs of ${taps} taps`);
  const rows = outputs === 1 || taps === 1 ? range(products).map(direct) : evaluated();
  const filter = rows.map((row) => row.filter);
  const input = rows.map((row) => row.input);
  const scale = rows.map((row) => row.scale);
  const output = range(outputs).map((j) => rows.map((row) => row.output[j] as number));
  return { outputs, taps, products, input, filter, scale, output, growth: growthOf({ input, filter, scale, output }) };

  /** With one tap or one output there is nothing to save: product e is d[e] times one tap. */
  function direct(e: number): ProductRow {
    const one = (length: number) => range(length).map((i) => (length === 1 || i === e ? 1 : 0));
    return { input: one(products), filter: one(taps), output: one(outputs), scale: 1 };
  }

  function evaluated(): ProductRow[] {
    const points = (POINTS[products] ?? []).flatMap((point) => (point === 0 ? [0] : [point, -point]));
    const rows = points.map((point): ProductRow => {
      const others = points.filter((other) => other !== point);
      const distance = others.reduce((product, other) => product * (point - other), 1);
      const denominator = denominatorOf(point) ** (taps - 1);
      const basis = monic(others).map((coefficient) => coefficient * Math.sign(distance));
      return {
        input: padded(basis),
        filter: powers(point, taps).map((power) => power * denominator),
        output: powers(point, outputs),
        scale: 1 / (Math.abs(distance) * denominator),
      };
    });
    const last = (length: number) => range(length).map((i) => (i === length - 1 ? 1 : 0));
    const infinity: ProductRow = { input: padded(monic(points)), filter: last(taps), output: last(outputs), scale: 1 };
    return points.length === products ? rows : [...rows, infinity];
  }

  function padded(coefficients: readonly number[]): number[] {
    return range(products).map((i) => coefficients[i] || 0); // no -0
  }
}

/** One product: its row of `input` and `filter`, its column of `output`, and its scale. */
interface ProductRow {
  readonly input: readonly number[];
  readonly filter: readonly number[];
  readonly output: readonly number[];
  readonly scale: number;
}

function growthOf({ input, filter, scale, output }: Pick<Transforms, "input" | "filter" | "scale" | "output">): number {
  const norms = input.map((row) => row.reduce((sum, x) => sum + Math.abs(x), 0));
  const weigh = (row: readonly number[], tap: number) =>
    row.reduce((sum, x, e) => sum + Math.abs(x * (filter[e]?.[tap] ?? 0)) * (scale[e] ?? 0) * (norms[e] ?? 0), 0);
  return Math.max(...output.flatMap((row) => (filter[0] ?? []).map((_, tap) => weigh(row, tap))));
}

/** The coefficients of the product of all x - root, lowest power first. Exact, as the roots are dyadic and few. */
function monic(roots: readonly number[]): number[] {
  let product = [1];
  for (const root of roots)
    product = range(product.length + 1).map((i) => (product[i - 1] ?? 0) - root * (product[i] ?? 0));
  return product;
}

const powers = (base: number, length: number) => range(length).map((i) => base ** i);

/** The smallest power of two that turns a dyadic number into an integer. */
const denominatorOf = (x: number): number => (Number.isInteger(x) ? 1 : 2 * denominatorOf(2 * x));

const range = (length: number) => Array.from({ length }, (_, i) => i);
