/** The output shape of Einsum, from an equation such as `nchw,cd->ndhw`. Letters name axes; `...` broadcasts. */
import { broadcast, gap, isGap, type Shape, type Size } from "./shapes.js";

/** The most characters of an equation: every axis of a tensor has one letter. */
const MAX_EQUATION = 1024;

export function einsumShape(equation: string, shapes: readonly Shape[]): Shape {
  const refused = gap(`the equation ${equation.slice(0, 80)} does not fit its tensors`);
  if (equation.length > MAX_EQUATION) return refused;
  const [left = "", right] = equation.replaceAll(" ", "").split("->");
  const terms = left.split(",");
  if (terms.length !== shapes.length) return refused;
  const sizes = new Map<string, Size>();
  const outer: (readonly Size[])[] = [];
  for (const [i, term] of terms.entries()) {
    const shape = shapes[i] as Shape;
    if (isGap(shape)) return shape;
    const [before = "", after] = term.split("...");
    const rest = shape.length - before.length - (after ?? "").length;
    if (rest < 0 || (after === undefined && rest > 0)) return refused;
    const own = shape as readonly Size[];
    outer.push(own.slice(before.length, before.length + rest));
    const named = [...own.slice(0, before.length), ...own.slice(before.length + rest)];
    for (const [axis, letter] of [...before, ...(after ?? "")].entries()) note(sizes, letter, named[axis] as Size);
  }
  const output = right ?? implied(terms);
  const around = broadcast(outer);
  const [before = "", after] = output.split("...");
  const named = (letters: string): readonly Size[] => [...letters].map((letter) => sizes.get(letter) ?? refused);
  if (isGap(around)) return around;
  return [...named(before), ...(after === undefined ? [] : around), ...named(after ?? "")];
}

/** A letter has one size. A known size is kept beside an unknown one, and another one beside 1. */
function note(sizes: Map<string, Size>, letter: string, size: Size): void {
  const known = sizes.get(letter);
  if (known === undefined || known === 1 || (isGap(known) && size !== 1)) sizes.set(letter, size);
}

/** The output of an equation without one: the letters that stand there once, in the order of the alphabet. */
function implied(terms: readonly string[]): string {
  const letters = terms.join("").replaceAll("...", "");
  const once = [...letters].filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter));
  return `${terms.some((term) => term.includes("...")) ? "..." : ""}${once.sort().join("")}`;
}
