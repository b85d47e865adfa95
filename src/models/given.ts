/** The facts that a user gives about a model: sizes of free dimensions, and shapes that are lost on the way. */
import { fail } from "../ir/errors.js";
import { legible, quoted } from "./report.js";
import { isGap, type Shape, sizesOr } from "./shapes.js";

/** Sizes of dimensions that the model leaves free, by name. */
export type Dims = Readonly<Record<string, number>>;

/** Shapes of tensors, by the name of the tensor and in the layout of the model. */
export type StatedShapes = Readonly<Record<string, readonly number[]>>;

export interface GivenFacts {
  readonly dims: ReadonlyMap<string, number>;
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

/** Refuses a name that the model does not have: a mistyped name must not be ignored. */
export function checkNamesOf(
  path: string,
  given: ReadonlyMap<string, unknown>,
  known: ReadonlySet<string>,
  { what, ifNone }: { readonly what: string; readonly ifNone: string },
): void {
  const strange = [...given.keys()].find((name) => !known.has(name));
  if (strange === undefined) return;
  const names = [...known].slice(0, 20).join(", ");
  const there = names === "" ? ifNone : `it has ${legible(names)}`;
  fail("invalid-argument", `${path} has no ${what} ${legible(strange)}; ${there}`);
}

/** The remedy for a tensor whose shape is not known. */
export const stateIt = (name: string): string => `state it by --shape ${legible(name, 80)}=1x2x3x4`;

/** The shape of a tensor, or the one that is stated for it, which must not contradict what is known. */
export function confirmed(name: string, shape: Shape, stated: readonly number[] | undefined): Shape {
  if (stated === undefined) return shape;
  const known = sizesOr(shape, stated);
  if (known.length === stated.length && known.every((size, axis) => isGap(size) || size === stated[axis]))
    return stated;
  const right = known.map((size) => (isGap(size) ? "?" : size)).join("x");
  return fail(
    "invalid-argument",
    `--shape ${legible(name, 80)}=${stated.join("x")}: tensor ${quoted(name)} is ${right}; correct or drop the shape`,
  );
}
