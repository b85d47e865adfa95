/**
 * Shapes with sizes that may be unknown. An unknown size carries the reason as a sentence, so that a convolution at the
 * far end of a model can name the op that lost its shape.
 */

/** Something unknown. `missing` says why. */
export interface Gap {
  readonly missing: string;
}
export type Size = number | Gap;
/** Sizes, some of which may be unknown; or a gap if even their number is unknown. */
export type Shape = readonly Size[] | Gap;

/**
 * The known facts about a tensor. Small tensors of numbers, such as the sizes for a reshape, come with their values.
 */
export interface Info {
  readonly shape: Shape;
  /** All values in row-major order. */
  readonly values?: readonly Size[];
}

/** The inputs of a node; undefined for an input that is left out. */
export type Inputs = readonly (Info | undefined)[];

/** The most values that are followed. Shapes, axes and paddings are shorter. */
export const MAX_VALUES = 64;

export const gap = (missing: string): Gap => ({ missing });

export const isGap = (given: Size | Shape): given is Gap => typeof given === "object" && !Array.isArray(given);

export const isNumber = (size: Size | undefined): size is number => typeof size === "number";

/** The sizes as numbers; undefined if one is unknown. */
export function numbersOf(sizes: readonly Size[] | undefined): readonly number[] | undefined {
  return sizes?.every(isNumber) ? sizes : undefined;
}

/** A size computed from others. It is unknown if one of them is, or if no tensor can have the result. */
export function sizeFrom(sizes: readonly Size[], calculate: (...known: number[]) => number): Size {
  const unknown = sizes.find(isGap);
  if (unknown !== undefined) return unknown;
  const size = calculate(...(sizes as readonly number[]));
  if (Number.isSafeInteger(size) && size >= 0) return size;
  return gap(`a size comes to ${size}, which no tensor has: the model does not fit its own shapes`);
}

/** Applies a rule to the sizes of a shape. A shape whose number of dimensions is unknown stays as it is. */
export function withSizes(shape: Shape, rule: (sizes: readonly Size[]) => Shape): Shape {
  return isGap(shape) ? shape : rule(shape as readonly Size[]);
}

export const product = (sizes: readonly Size[]): Size => sizeFrom(sizes, (...all) => all.reduce((a, b) => a * b, 1));

/** The axis from 0. A negative axis counts from the end. */
export const axisFrom = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** One axis of a window, which belongs to a convolution or a pool. */
export interface WindowAxis {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** The padding before and after, in pixels; or SAME, which makes one output for each `stride` inputs. */
  readonly pads: readonly [number, number] | "SAME";
  readonly ceil?: boolean;
}

export function windowOutput(input: Size, { kernel, stride, dilation, pads, ceil }: WindowAxis): Size {
  if (stride < 1) return gap(`a stride of ${stride}, which no window has`);
  if (pads === "SAME") return sizeFrom([input], (size) => Math.ceil(size / stride));
  const [begin, end] = pads;
  return sizeFrom([input], (size) => {
    const steps = (size + begin + end - ((kernel - 1) * dilation + 1)) / stride;
    if (!ceil) return Math.floor(steps) + 1;
    const output = Math.ceil(steps) + 1;
    // A last window that begins in the padding at the end does not count.
    return (output - 1) * stride >= size + begin ? output - 1 : output;
  });
}

/** The shape of an elementwise op on tensors of these shapes. */
export function broadcast(shapes: readonly Shape[]): Shape {
  const unknown = shapes.find(isGap);
  if (unknown !== undefined) return unknown;
  const known = shapes as readonly (readonly Size[])[];
  const rank = Math.max(0, ...known.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) =>
    broadcastSizes(known.map((shape) => shape[axis - rank + shape.length]).filter((size) => size !== undefined)),
  );
}

function broadcastSizes(sizes: readonly Size[]): Size {
  const large = sizes.filter((size) => size !== 1);
  const numbers = large.filter(isNumber);
  const odd = numbers.find((size) => size !== numbers[0]);
  if (odd !== undefined)
    return gap(`sizes ${numbers[0]} and ${odd} do not broadcast: the model does not fit its own shapes`);
  // Beside a known size above 1, an unknown size is 1 or equal to the known one.
  return numbers[0] ?? large[0] ?? 1;
}

/**
 * The shape of tensors joined along `axis`. Sizes along the axis add up; any other size is taken from a shape that
 * knows it.
 */
export function concat(shapes: readonly Shape[], axis: number): Shape {
  const unknown = shapes.find(isGap);
  if (unknown !== undefined) return unknown;
  const known = shapes as readonly (readonly Size[])[];
  const first = known[0] ?? [];
  const along = axisFrom(axis, first.length);
  const column = (i: number): readonly Size[] =>
    known.map((shape) => shape[i] ?? gap("tensors of different ranks are joined"));
  return first.map((_, i) =>
    i === along
      ? sizeFrom(column(i), (...sizes) => sizes.reduce((a, b) => a + b, 0))
      : (column(i).find(isNumber) ?? (column(i)[0] as Size)),
  );
}

export const transpose = (shape: Shape, order: readonly number[] | undefined): Shape =>
  withSizes(shape, (sizes) => {
    if (order === undefined) return [...sizes].reverse();
    return order.map(
      (axis) => sizes[axisFrom(axis, sizes.length)] ?? gap(`a transposition of an axis ${axis} that is not there`),
    );
  });

/**
 * A tensor with the same elements in other sizes. A size of -1 is the rest; with `keepZeros`, 0 is the size of the
 * input.
 */
export function reshape(shape: Shape, given: readonly Size[], keepZeros: boolean): Shape {
  const own = isGap(shape) ? [] : (shape as readonly Size[]);
  const asked = given.map((size, i) => (size === 0 && keepZeros ? (own[i] ?? (shape as Gap)) : size));
  if (!asked.includes(-1)) return asked;
  // Equal unknown sizes of both sides cancel, each once: [batch, 3, 4] as [batch, -1] needs no batch.
  const right = asked.filter((size) => size !== -1);
  const left = (isGap(shape) ? [shape] : own).filter((size) => {
    const i = isGap(size) ? right.indexOf(size) : -1;
    if (i >= 0) right.splice(i, 1);
    return i < 0;
  });
  const rest = sizeFrom([product(left), product(right)], (all, known) => (known === 0 ? 0 : all / known));
  return asked.map((size) => (size === -1 ? rest : size));
}

/** Drops dimensions of size 1: those at `axes`, or all. */
export const squeeze = (shape: Shape, axes: readonly number[] | undefined): Shape =>
  withSizes(shape, (sizes) => {
    const gone = axes?.map((axis) => axisFrom(axis, sizes.length));
    return sizes.filter((size, i) => (gone === undefined ? size !== 1 : !gone.includes(i)));
  });

/** Inserts dimensions of size 1, which stand at `axes` of the result. */
export const unsqueeze = (shape: Shape, axes: readonly number[]): Shape =>
  withSizes(shape, (sizes) => {
    const rank = sizes.length + axes.length;
    const made = new Set(axes.map((axis) => axisFrom(axis, rank)));
    const rest = sizes.values();
    return Array.from({ length: rank }, (_, i) =>
      made.has(i) ? 1 : (rest.next().value ?? gap("axes that are not there")),
    );
  });

/** The shape after a reduction over `axes`, or over all. Reduced axes are dropped, or get size 1 with `keep`. */
export const reduce = (shape: Shape, axes: readonly number[] | undefined, keep: boolean): Shape =>
  withSizes(shape, (sizes) => {
    const reduced = axes?.map((axis) => axisFrom(axis, sizes.length)) ?? [...sizes.keys()];
    return keep
      ? sizes.map((size, i) => (reduced.includes(i) ? 1 : size))
      : sizes.filter((_, i) => !reduced.includes(i));
  });
