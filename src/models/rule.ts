/** Rules say what an op makes of the shapes of its inputs. Here are the parts of rules that both formats share. */
import {
  axisFrom,
  broadcast,
  concat,
  gap,
  type Info,
  type Inputs,
  isGap,
  isNumber,
  numbersOf,
  product,
  reduce,
  type Shape,
  type Size,
  sizeFrom,
  sizesOr,
  transpose,
  withAxes,
  withSizes,
} from "./shapes.js";
import {
  BINARY,
  type Binary,
  folded,
  mapped,
  rangeOf,
  rearranged,
  type SliceRange,
  valueIn,
  valuesAt,
  withValues,
} from "./values.js";

/** The first output of a node. */
export type Rule<Node> = (node: Node, inputs: Inputs) => Info;

export const UNKNOWN: Info = { shape: gap("an input is left out") };

export const at = (inputs: Inputs, i: number): Info => inputs[i] ?? UNKNOWN;

/** The same rule for several ops, whose names stand between spaces. */
export const named = <Node>(names: string, rule: Rule<Node>): [string, Rule<Node>][] =>
  names.split(" ").map((name) => [name, rule]);

/** The output is the first input. */
export const first: Rule<unknown> = (_, inputs) => at(inputs, 0);

/** The output has the shape of the first input and other values. */
export const elementwise: Rule<unknown> = (_, inputs) => ({ shape: at(inputs, 0).shape });

/** The shape of the output follows from the shape of the first input. */
export const shaped =
  <Node>(rule: (shape: Shape, node: Node, inputs: Inputs) => Shape): Rule<Node> =>
  (node, inputs) => ({ shape: rule(at(inputs, 0).shape, node, inputs) });

/** The output has the shape of the first input, and each of its values is changed. */
export const changed =
  (change: (value: number) => number): Rule<unknown> =>
  (_, inputs) =>
    withValues(at(inputs, 0).shape, mapped(at(inputs, 0), change));

/** The output has the shape to which all inputs broadcast. `fold` computes the values of two inputs. */
export const broadcasting =
  (fold?: Binary): Rule<unknown> =>
  (_, inputs) => {
    const given = inputs.map((input) => input ?? UNKNOWN);
    const shape = broadcast(given.map((input) => input.shape));
    return withValues(shape, fold && given.length === 2 ? folded(shape, given, fold as never) : undefined);
  };

/** Rules for ops of two inputs whose values are computed: the name of each op with its name in BINARY. */
export const folding = (folds: Readonly<Record<string, keyof typeof BINARY>>): [string, Rule<unknown>][] =>
  Object.entries(folds).map(([name, fold]) => [name, broadcasting(BINARY[fold])]);

/** The values of the second or of the third input, by what the first says. */
export const selecting: Rule<unknown> = (_, inputs) => {
  const [condition, yes, no] = [at(inputs, 0), at(inputs, 1), at(inputs, 2)];
  const shape = broadcast([condition.shape, yes.shape, no.shape]);
  const isKnown = [condition, yes, no].every(({ values }) => values !== undefined);
  const chosen = (place: readonly number[]): Size | undefined => {
    const says = valueIn(condition, place);
    return says === undefined || isGap(says) ? says : valueIn(says === 0 ? no : yes, place);
  };
  return withValues(shape, isKnown ? valuesAt(shape, chosen) : undefined);
};

/** True if these are numbers, false if a size or all of them are unknown. */
export const isNumbers = (given: readonly number[] | Shape | undefined): given is readonly number[] =>
  Array.isArray(given) && given.every((one) => typeof one === "number");

/** Tensors joined along an axis. */
export function joined(parts: readonly Info[], axis: number): Info {
  const shape = concat(
    parts.map((part) => part.shape),
    axis,
  );
  if (isGap(shape) || parts.some(({ values }) => values === undefined)) return { shape };
  const along = axisFrom(axis, shape.length);
  const lengths = parts.map((part) => sizesOr(part.shape)[along] as Size);
  return withValues(
    shape,
    valuesAt(shape, (place) => {
      let before = 0;
      const i = lengths.findIndex((length) => {
        if ((place[along] as number) < before + (length as number)) return true;
        before += length as number;
        return false;
      });
      const part = parts[i];
      return (
        part &&
        valueIn(
          part,
          place.map((index, axis) => (axis === along ? index - before : index)),
        )
      );
    }),
  );
}

/** A tensor of which each axis is cut to a range, or is kept as a whole if `rangeAt` gives none. */
export function sliced(from: Info, rangeAt: (axis: number) => SliceRange | undefined): Info {
  const cut = withSizes(from.shape, (sizes) =>
    sizes.map((size, axis): Size => {
      const range = rangeAt(axis);
      return range ? sizeFrom([size], (known) => rangeOf(known, range).count) : size;
    }),
  );
  return rearranged(from, cut, (place) =>
    place.map((index, axis) => {
      const [range, size] = [rangeAt(axis), sizesOr(from.shape)[axis]];
      return range && isNumber(size) ? rangeOf(size, range).first + index * range[2] : index;
    }),
  );
}

/** A tensor with its axes in another order; without one they are reversed. */
export function transposed(from: Info, order: readonly number[] | undefined): Info {
  const shape = transpose(from.shape, order);
  const axes = [...sizesOr(shape).keys()];
  const source = order?.map((axis) => axisFrom(axis, axes.length)) ?? axes.toReversed();
  return rearranged(from, shape, (place) => axes.map((axis) => place[source.indexOf(axis)] as number));
}

/** A tensor that is repeated along each axis. */
export function tiled(from: Info, times: readonly Size[]): Info {
  const shape = withSizes(from.shape, (sizes) =>
    times.length === sizes.length
      ? sizes.map((size, axis) => product([size, times[axis] as Size]))
      : gap(`${times.length} repeats of ${sizes.length} dimensions`),
  );
  return rearranged(from, shape, (place) => place.map((index, axis) => index % (sizesOr(from.shape)[axis] as number)));
}

/** A tensor that broadcasts to other sizes, and to its own where these are 1. */
export function expanded(from: Info, sizes: readonly Size[]): Info {
  const shape = broadcast([from.shape, sizes]);
  return rearranged(from, shape, (place) => place);
}

/** Entries of `data` along an axis, at the places that `indices` name. The first axes of both may be `shared`. */
export function gathered(data: Info, indices: Info, axis: number, shared = 0): Info {
  const inner = withSizes(indices.shape, (sizes) => sizes.slice(shared));
  if (isGap(inner)) return { shape: inner };
  const shape = withAxes(data.shape, [axis], (sizes, [along = 0]) => [
    ...sizes.slice(0, along),
    ...inner,
    ...sizes.slice(along + 1),
  ]);
  const along = axisFrom(axis, sizesOr(data.shape).length);
  const size = sizesOr(data.shape)[along];
  const known = data.values !== undefined && indices.values !== undefined && shared === 0 && isNumber(size);
  const entry = (place: readonly number[]): Size | undefined => {
    const index = valueIn(indices, place.slice(along, along + inner.length));
    if (!isNumber(index) || !known) return index;
    const found = axisFrom(index, size);
    const source = [...place.slice(0, along), found, ...place.slice(along + inner.length)];
    return found >= 0 && found < size ? valueIn(data, source) : undefined;
  };
  return withValues(shape, known ? valuesAt(shape, entry) : undefined);
}

/** A reduction over axes, or over all. `fold` combines the values where one is left. */
export function reduced(from: Info, axes: readonly number[] | undefined, keep: boolean, fold?: Binary): Info {
  const shape = reduce(from.shape, axes, keep);
  const isOne = !isGap(shape) && product(shape) === 1;
  const [first, ...rest] = numbersOf(from.values) ?? [];
  return withValues(shape, fold && isOne && first !== undefined ? [rest.reduce(fold, first)] : undefined);
}

/** The parts of an axis of these sizes; without sizes they are equal, but the last may be smaller. */
export function partsOf(from: Info, axis: number, count: number, sizes: readonly Size[] | undefined): readonly Info[] {
  const whole = withAxes(from.shape, [axis], (all, [at = 0]) => [all[at] as Size]);
  if (isGap(whole)) return Array.from({ length: count }, () => ({ shape: whole }));
  const [length = 0] = whole as readonly Size[];
  const tooFew = gap("a split into more parts than it has sizes for");
  const most = sizeFrom([length], (known) => Math.ceil(known / count));
  const lengthAt = (i: number): Size =>
    sizes ? (sizes[i] ?? tooFew) : sizeFrom([length, most], (all, each) => Math.max(0, Math.min(each, all - i * each)));
  // Parts of one size share their shape: a model may ask for any number of them.
  const shapes = new Map<Size, Shape>();
  const along = axisFrom(axis, sizesOr(from.shape).length);
  const shapeOf = (size: Size): Shape => {
    const shape = shapes.get(size) ?? sizesOr(from.shape).map((own, at) => (at === along ? size : own));
    shapes.set(size, shape);
    return shape;
  };
  let before = 0;
  return Array.from({ length: count }, (_, i) => {
    const size = lengthAt(i);
    if (from.values === undefined || !isNumber(size)) return { shape: shapeOf(size) };
    const begin = before;
    before += size;
    return rearranged(from, shapeOf(size), (place) => place.map((index, at) => (at === along ? index + begin : index)));
  });
}

/** The product of matrices in the last two axes. All axes before these broadcast. A vector is a row, or a column. */
export function matrixProduct(a: Shape, b: Shape): Shape {
  return withSizes(a, (left) =>
    withSizes(b, (right) => {
      if (left.length === 0 || right.length === 0) return gap("a product of matrices with a single number");
      const [rows, columns] = [left.slice(-2, -1), right.length === 1 ? [] : right.slice(-1)];
      const outer = broadcast([left.slice(0, -2), right.slice(0, -2)]);
      return withSizes(outer, (sizes) => [...sizes, ...rows, ...columns]);
    }),
  );
}

/** The height, width and channels of an image after blocks of pixels become channels, or channels become blocks. */
export function spaceAndDepth(
  [height, width, channels]: readonly [Size, Size, Size],
  block: number,
  toDepth: boolean,
): readonly [Size, Size, Size] {
  const side = (size: Size): Size => sizeFrom([size], (known) => (toDepth ? known / block : known * block));
  const depth = sizeFrom([channels], (known) => (toDepth ? known * block ** 2 : known / block ** 2));
  return [side(height), side(width), depth];
}
