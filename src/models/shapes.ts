/**
 * Shapes with sizes that may be unknown. An unknown size carries the reason as a sentence, so that a convolution at the
 * far end of a model can name the op that lost its shape.
 */
import { legible } from "./report.js";
import type { StoredTensor } from "./stored.js";

/** Something unknown. `missing` says why; `free` is the name of a free dimension, if that is why. */
export interface Gap {
  readonly missing: string;
  readonly free?: string;
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
  /** The type of the elements where they are floats and no float32. */
  readonly type?: string;
  /** Where the files of the model have it, if it is a constant. */
  readonly stored?: StoredTensor;
}

/** The inputs of a node; undefined for an input that is left out. */
export type Inputs = readonly (Info | undefined)[];

/** The most values that are followed. Shapes, axes and paddings are shorter. */
export const MAX_VALUES = 64;

/** The most characters of a reason. A reason that quotes another one cannot grow from node to node. */
const MAX_REASON = 300;

export const gap = (missing: string): Gap => ({
  missing: missing.length > MAX_REASON ? missing.slice(0, MAX_REASON) : missing,
});

/** The size of a free dimension that has got none. */
export const freeSize = (name: string): Gap => ({
  ...gap(`dimension ${legible(name, 80)} is free; give --dim ${legible(name, 80)}=1`),
  free: name,
});

export const isGap = (given: unknown): given is Gap => typeof given === "object" && !Array.isArray(given);

/** The sizes of a shape, or something else if even their number is unknown. */
export const sizesOr = (shape: Shape, otherwise: readonly Size[] = []): readonly Size[] =>
  isGap(shape) ? otherwise : shape;

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

/** A shape without sizes that no tensor has. Rules take sizes from constants as they find them. */
export const legal = (shape: Shape): Shape =>
  isGap(shape) || shape.every((size) => isGap(size) || (Number.isSafeInteger(size) && size >= 0))
    ? shape
    : shape.map((size) => sizeFrom([size], (known) => known));

/** Applies a rule to the sizes of a shape. A shape whose number of dimensions is unknown stays as it is. */
export function withSizes(shape: Shape, rule: (sizes: readonly Size[]) => Shape): Shape {
  return isGap(shape) ? shape : rule(shape);
}

export const product = (sizes: readonly Size[]): Size => combined(sizes, 1, (a, b) => a * b);

/** All sizes combined to one, however many there are. */
function combined(sizes: readonly Size[], start: number, combine: (a: number, b: number) => number): Size {
  const unknown = sizes.find(isGap);
  return unknown ?? sizeFrom([(sizes as readonly number[]).reduce(combine, start)], (all) => all);
}

/** The shape that all of these are. A size on which they do not agree is a gap. */
export function agreed(shapes: readonly Shape[], otherwise: Gap): Shape {
  const [first = otherwise, ...rest] = shapes;
  return rest.reduce((a, b): Shape => {
    if (isGap(a) || isGap(b)) return isGap(a) ? a : b;
    const [left, right] = [a as readonly Size[], b as readonly Size[]];
    return left.length === right.length ? left.map((size, i) => (size === right[i] ? size : otherwise)) : otherwise;
  }, first);
}

/** The axis from 0. A negative axis counts from the end. */
export const axisFrom = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

/** Axes from 0, or a gap if an axis does not exist or stands there twice. */
function axesFrom(axes: readonly number[], rank: number): readonly number[] | Gap {
  const found = axes.map((axis) => axisFrom(axis, rank));
  const odd = found.findIndex((axis) => !(axis >= 0 && axis < rank));
  if (odd >= 0) return gap(`an axis ${axes[odd]} of a tensor with ${rank} dimensions`);
  return new Set(found).size === found.length ? found : gap("an axis that is named twice");
}

/** Applies a rule to the sizes of a shape and to these axes from 0. */
export const withAxes = (
  shape: Shape,
  axes: readonly number[],
  rule: (sizes: readonly Size[], axes: readonly number[]) => Shape,
): Shape =>
  withSizes(shape, (sizes) => {
    const found = axesFrom(axes, sizes.length);
    return isGap(found) ? found : rule(sizes, found as readonly number[]);
  });

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
  const rank = known.reduce((most, { length }) => Math.max(most, length), 0);
  return Array.from({ length: rank }, (_, axis) => broadcastAxis(known, rank - axis));
}

/** The size to which these shapes broadcast along one axis, which is counted from the end. */
function broadcastAxis(shapes: readonly (readonly Size[])[], fromEnd: number): Size {
  let found: Size = 1;
  for (const shape of shapes) {
    const size = shape[shape.length - fromEnd] ?? 1;
    if (isNumber(size) && isNumber(found) && size !== 1 && found !== 1 && size !== found)
      return gap(`sizes ${found} and ${size} do not broadcast: the model does not fit its own shapes`);
    // Beside a known size above 1, an unknown size is 1 or equal to the known one.
    if (found === 1 || (isGap(found) && isNumber(size) && size !== 1)) found = size;
  }
  return found;
}

/**
 * The shape of tensors joined along `axis`. Sizes along the axis add up; any other size is taken from a shape that
 * knows it.
 */
export function concat(shapes: readonly Shape[], axis: number): Shape {
  const unknown = shapes.find(isGap);
  if (unknown !== undefined) return unknown;
  const known = shapes as readonly (readonly Size[])[];
  const rank = known[0]?.length ?? 0;
  if (known.some(({ length }) => length !== rank)) return gap("tensors of different ranks are joined");
  return withAxes(known[0] ?? [], [axis], (first, [along]) =>
    first.map((size, i) =>
      i === along
        ? combined(
            known.map((shape) => shape[i] as Size),
            0,
            (a, b) => a + b,
          )
        : (known.find((shape) => isNumber(shape[i]))?.[i] ?? size),
    ),
  );
}

export const transpose = (shape: Shape, order: readonly number[] | undefined): Shape =>
  withSizes(shape, (sizes) => {
    if (order === undefined) return [...sizes].reverse();
    if (order.length !== sizes.length) return gap(`${order.length} axes for a transposition of ${sizes.length}`);
    return withAxes(sizes, order, (own, axes) => axes.map((axis) => own[axis] as Size));
  });

/**
 * A tensor with the same elements in other sizes. A size of -1 is the rest; with `keepZeros`, 0 is the size of the
 * input.
 */
export function reshape(shape: Shape, given: readonly Size[], keepZeros: boolean): Shape {
  const own = isGap(shape) ? [] : shape;
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
  axes === undefined
    ? withSizes(shape, (sizes) => sizes.filter((size) => size !== 1))
    : withAxes(shape, axes, (sizes, gone) => sizes.filter((_, i) => !gone.includes(i)));

/** Inserts dimensions of size 1, which stand at `axes` of the result. */
export const unsqueeze = (shape: Shape, axes: readonly number[]): Shape =>
  withSizes(shape, (sizes) => {
    const rank = sizes.length + axes.length;
    const found = axesFrom(axes, rank);
    if (isGap(found)) return found;
    const made = new Set(found as readonly number[]);
    const rest = sizes.values();
    return Array.from({ length: rank }, (_, i) => (made.has(i) ? 1 : (rest.next().value as Size)));
  });

/** The shape after a reduction over `axes`, or over all. Reduced axes are dropped, or get size 1 with `keep`. */
export const reduce = (shape: Shape, axes: readonly number[] | undefined, keep: boolean): Shape =>
  withSizes(shape, (sizes) =>
    withAxes(sizes, axes ?? [...sizes.keys()], (own, reduced) =>
      keep ? own.map((size, i) => (reduced.includes(i) ? 1 : size)) : own.filter((_, i) => !reduced.includes(i)),
    ),
  );
