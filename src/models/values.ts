/** Arithmetic on small tensors of sizes. Exporters use it to compute the shapes for reshapes and resizes. */
import { axisFrom, type Info, isGap, isNumber, MAX_VALUES, type Shape, type Size } from "./shapes.js";

export const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  // Integers divide towards zero. The type of a tensor is not followed: a fraction is refused where a size is needed.
  div: (a, b) => (Number.isInteger(a) && Number.isInteger(b) && b !== 0 ? Math.trunc(a / b) : a / b),
  floorDiv: (a, b) => Math.floor(a / b),
  maximum: Math.max,
  minimum: Math.min,
};

/** The values of an elementwise op on two tensors of the same length. One of them may be a single number. */
export function foldBinary(op: (a: number, b: number) => number, a: Info, b: Info): readonly Size[] | undefined {
  const [left, right] = [a.values, b.values];
  if (left === undefined || right === undefined) return undefined;
  if (left.length !== right.length && left.length !== 1 && right.length !== 1) return undefined;
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => {
    const [x, y] = [left[left.length === 1 ? 0 : i] as Size, right[right.length === 1 ? 0 : i] as Size];
    return isNumber(x) ? (isNumber(y) ? op(x, y) : y) : x;
  });
}

/** A tensor whose values are the sizes of a shape. */
export function shapeAsValues(shape: Shape, begin = 0, end?: number): Info {
  if (isGap(shape)) return { shape: [shape] };
  const values = (shape as readonly Size[]).slice(begin, end);
  return { shape: [values.length], values };
}

/** The values at these indices; undefined if one of them does not exist. */
export function pick(
  values: readonly Size[] | undefined,
  indices: readonly number[] | undefined,
): readonly Size[] | undefined {
  if (values === undefined || indices === undefined) return undefined;
  const picked = indices.map((index) => values[axisFrom(index, values.length)]);
  return picked.every((size) => size !== undefined) ? picked : undefined;
}

/** A start, an end and a step. They may lie beyond the ends of a dimension, as in Python. */
export type SliceRange = readonly [start: number, end: number, step: number];

/** The first index of a range in a dimension of `size`, and the number of its indices. */
export function rangeOf(size: number, start: number, end: number, step: number): { first: number; count: number } {
  const clamp = (at: number): number => {
    const from = at < 0 ? at + size : at;
    return step > 0 ? Math.min(Math.max(from, 0), size) : Math.min(Math.max(from, -1), size - 1);
  };
  const count = step === 0 ? 0 : Math.max(0, Math.ceil((clamp(end) - clamp(start)) / step));
  return { first: clamp(start), count };
}

/** The values at the indices of a range. */
export function slice(values: readonly Size[], start: number, end: number, step: number): readonly Size[] {
  const { first, count } = rangeOf(values.length, start, end, step);
  return Array.from({ length: count }, (_, i) => values[first + i * step] as Size);
}

/** A tensor with its values, if these are known and few. */
export const withValues = (shape: Shape, values: readonly Size[] | undefined): Info =>
  values === undefined || values.length > MAX_VALUES ? { shape } : { shape, values };
