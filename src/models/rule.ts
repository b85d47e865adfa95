/** Rules say what an op makes of the shapes of its inputs. Here are the parts of rules that both formats share. */
import {
  broadcast,
  concat,
  gap,
  type Info,
  type Inputs,
  isGap,
  type Shape,
  type Size,
  sizeFrom,
  withSizes,
} from "./shapes.js";
import { BINARY, foldBinary, rangeOf, type SliceRange, slice, withValues } from "./values.js";

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

/**
 * The output has the shape to which all inputs broadcast. `fold`, a name in BINARY, computes the values of two inputs.
 */
export const broadcasting =
  (fold?: string): Rule<unknown> =>
  (_, inputs) => {
    const shape = broadcast(inputs.map((input) => (input ?? UNKNOWN).shape));
    const op = fold === undefined ? undefined : BINARY[fold];
    return withValues(shape, op && inputs.length === 2 ? foldBinary(op, at(inputs, 0), at(inputs, 1)) : undefined);
  };

/** Rules for ops of two inputs whose values are computed: the name of each op with its name in BINARY. */
export const folding = (folds: Readonly<Record<string, string>>): [string, Rule<unknown>][] =>
  Object.entries(folds).map(([name, fold]) => [name, broadcasting(fold)]);

/** True if these are numbers, false if a size or all of them are unknown. */
export const isNumbers = (given: readonly number[] | Shape | undefined): given is readonly number[] =>
  Array.isArray(given) && given.every((one) => typeof one === "number");

/** Tensors joined along an axis. */
export function joined(parts: readonly Info[], axis: number): Info {
  const shape = concat(
    parts.map((part) => part.shape),
    axis,
  );
  const isList = !isGap(shape) && (shape as readonly Size[]).length === 1;
  const isKnown = parts.every(({ values }) => values !== undefined);
  return withValues(shape, isList && isKnown ? parts.flatMap(({ values }) => values ?? []) : undefined);
}

/** A tensor of which each axis is cut to a range, or is kept as a whole if `rangeAt` gives none. */
export function sliced({ shape, values }: Info, rangeAt: (axis: number) => SliceRange | undefined): Info {
  const cut = withSizes(shape, (sizes) =>
    sizes.map((size, axis): Size => {
      const range = rangeAt(axis);
      return range ? sizeFrom([size], (known) => rangeOf(known, ...range).count) : size;
    }),
  );
  const along = rangeAt(0);
  const isList = !isGap(shape) && (shape as readonly Size[]).length === 1;
  return withValues(cut, values && along && isList ? slice(values, ...along) : undefined);
}

/** The product of matrices in the last two axes. All axes before these broadcast. */
export function matrixProduct(a: Shape, b: Shape): Shape {
  return withSizes(a, (left) =>
    withSizes(b, (right) => {
      if (left.length < 2 || right.length < 2) return gap("a product with a vector");
      const outer = broadcast([left.slice(0, -2), right.slice(0, -2)]) as readonly Size[];
      return [...outer, left.at(-2) as Size, right.at(-1) as Size];
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
