/** Arithmetic on small tensors of sizes. Exporters use it to compute the shapes for reshapes and resizes. */
import { type Info, isGap, isNumber, MAX_VALUES, numbersOf, product, type Shape, type Size } from "./shapes.js";

export type Binary = (a: number, b: number) => number;

const truth =
  (holds: (a: number, b: number) => boolean): Binary =>
  (a, b) =>
    Number(holds(a, b));

export const BINARY = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  // Integers divide towards zero. The type of a tensor is not followed: a fraction is refused where a size is needed.
  div: (a, b) => (Number.isInteger(a) && Number.isInteger(b) && b !== 0 ? Math.trunc(a / b) : a / b),
  ratio: (a, b) => a / b,
  floorDiv: (a, b) => Math.floor(a / b),
  floorMod: (a, b) => a - Math.floor(a / b) * b,
  maximum: Math.max,
  minimum: Math.min,
  equal: truth((a, b) => a === b),
  notEqual: truth((a, b) => a !== b),
  less: truth((a, b) => a < b),
  lessEqual: truth((a, b) => a <= b),
  greater: truth((a, b) => a > b),
  greaterEqual: truth((a, b) => a >= b),
  and: truth((a, b) => a !== 0 && b !== 0),
  or: truth((a, b) => a !== 0 || b !== 0),
} as const satisfies Readonly<Record<string, Binary>>;

/** A tensor with its values, if these are known and few. */
export const withValues = (shape: Shape, values: readonly Size[] | undefined): Info =>
  values === undefined || values.length > MAX_VALUES ? { shape } : { shape, values };

/** One value for each place of a small tensor, in row-major order. Undefined if the tensor is large or unknown. */
export function valuesAt(
  shape: Shape,
  valueIn: (place: readonly number[]) => Size | undefined,
): readonly Size[] | undefined {
  const sizes = isGap(shape) ? undefined : numbersOf(shape);
  const count = sizes && product(sizes);
  if (sizes === undefined || !isNumber(count) || count > MAX_VALUES) return undefined;
  const values = Array.from({ length: count }, (_, i) => {
    const place: number[] = [];
    for (let axis = sizes.length - 1, rest = i; axis >= 0; axis--) {
      const size = sizes[axis] as number;
      place.unshift(rest % size);
      rest = Math.floor(rest / size);
    }
    return valueIn(place);
  });
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** The value of a tensor at a place. Axes of size 1 broadcast, and so do axes that are missing in front. */
export function valueIn({ shape, values }: Info, place: readonly number[]): Size | undefined {
  const sizes = isGap(shape) ? undefined : numbersOf(shape);
  if (values === undefined || sizes === undefined) return undefined;
  const skipped = place.length - sizes.length;
  const offset = sizes.reduce(
    (sum, size, axis) => sum * size + (size === 1 ? 0 : (place[axis + skipped] as number)),
    0,
  );
  return values[offset];
}

/** A tensor whose value at each place is a value of another tensor. */
export const rearranged = (from: Info, shape: Shape, source: (place: readonly number[]) => readonly number[]): Info =>
  withValues(shape, from.values && valuesAt(shape, (place) => valueIn(from, source(place))));

/** An elementwise op on tensors that broadcast to `shape`. A value is unknown where one that it needs is. */
export function folded(
  shape: Shape,
  inputs: readonly Info[],
  op: (...values: readonly number[]) => number,
): readonly Size[] | undefined {
  if (inputs.some(({ values }) => values === undefined)) return undefined;
  return valuesAt(shape, (place) => {
    const values = inputs.map((input) => valueIn(input, place));
    const odd = values.find((value) => value === undefined || isGap(value));
    return odd ?? (values.every(isNumber) ? op(...values) : undefined);
  });
}

/** Each known value changed on its own. */
export const mapped = ({ values }: Info, change: (value: number) => number): readonly Size[] | undefined =>
  values?.map((value) => (isNumber(value) ? change(value) : value));

/** A tensor whose values are the sizes of a shape. */
export function shapeAsValues(shape: Shape, begin = 0, end?: number): Info {
  if (isGap(shape)) return { shape: [shape] };
  const values = shape.slice(begin, end);
  return withValues([values.length], values);
}

/** The tensor `start`, `start + step`, ... before `limit`. */
export function rangeFrom(start: number, limit: number, step: number, otherwise: Shape): Info {
  const count = Math.max(0, Math.ceil((limit - start) / step));
  if (!Number.isSafeInteger(count)) return { shape: otherwise };
  return count > MAX_VALUES
    ? { shape: [count] }
    : { shape: [count], values: Array.from({ length: count }, (_, i) => start + i * step) };
}

/** A start, an end and a step. They may lie beyond the ends of a dimension, as in Python. */
export type SliceRange = readonly [start: number, end: number, step: number];

/** The first index of a range in a dimension of `size`, and the number of its indices. */
export function rangeOf(size: number, [start, end, step]: SliceRange): { first: number; count: number } {
  const clamp = (at: number): number => {
    const from = at < 0 ? at + size : at;
    return step > 0 ? Math.min(Math.max(from, 0), size) : Math.min(Math.max(from, -1), size - 1);
  };
  const count = step === 0 ? 0 : Math.max(0, Math.ceil((clamp(end) - clamp(start)) / step));
  return { first: clamp(start), count };
}
