/**
 * Extents of axes, from what a line says and from the shapes of its tensors.
 *
 * An extent that is stated holds. Else it is the size of each dimension that the axis alone moves through. Axes on the
 * left remain, one in a subscript such as `2*q + p`: they are as long as the tensor that is written lets them be.
 */
import { coefficientOf, range, variablesOf } from "../ir/affine.js";
import type { Axis } from "../ir/program.js";
import type { AxisEntry, FormulaLine, IndexNode, ReductionNode, TextSpan, ValueNode } from "./formula.js";
import { IndexForms } from "./indices.js";
import { printElement } from "./print.js";
import { refuseAt } from "./refuse.js";
import { axesIn, axesOfLine, operandsIn } from "./walk.js";

export interface LineAxes {
  readonly line: readonly Axis[];
  readonly of: ReadonlyMap<ReductionNode, readonly Axis[]>;
}

/** The shape of a tensor, if it is known. */
export type ShapeOf = (tensor: string) => readonly number[] | undefined;

/** An axis whose extent is being looked for. */
interface Sought {
  readonly name: string;
  readonly span: TextSpan | undefined;
  readonly stated: number | undefined;
  found: number | undefined;
  /** The extent, and the element that it follows from, in words. */
  because: string;
}

type SoughtAxes = ReadonlyMap<string, Sought>;

/** `isAlone`: no other line writes the tensor, so an axis that is a subscript on the left runs through all of it. */
export function extentsOf(line: FormulaLine, shapeOf: ShapeOf, isAlone: boolean): LineAxes {
  const seeker = new Seeker(shapeOf, isAlone);
  const own = seeker.axesOf(line);
  const axes = axesOfLine(line).map((name) => axisFrom(own.get(name) as Sought, line, shapeOf));
  const of = [...seeker.reductions].map(
    ([node, list]) => [node, list.map((axis) => axisFrom(axis, line, shapeOf))] as const,
  );
  return { line: axes, of: new Map(of) };
}

class Seeker {
  readonly reductions = new Map<ReductionNode, readonly Sought[]>();

  constructor(
    readonly shapeOf: ShapeOf,
    readonly isAlone: boolean,
  ) {}

  axesOf(line: FormulaLine): SoughtAxes {
    const entries = new Map<string, AxisEntry>(line.axes.map((axis) => [axis.name, axis]));
    const left = new Map(line.at.flatMap(axesIn).map((axis) => [axis.name, axis.span]));
    const own = new Map(
      axesOfLine(line).map((name) => {
        const entry = entries.get(name);
        return [name, sought({ name, extent: entry?.extent, span: entry?.span ?? left.get(name) })];
      }),
    );
    if (this.isAlone) this.#element(line.tensor, line.at, own, line.span);
    this.#value(line.value, own);
    this.#leftAlone(line, own);
    return own;
  }

  #value(value: ValueNode, names: SoughtAxes): void {
    if (value.kind === "read") this.#element(value.tensor, value.at, names, value.span);
    if (value.kind !== "reduction") {
      for (const operand of operandsIn(value)) this.#value(operand, names);
      return;
    }
    const own = value.axes.map(sought);
    this.reductions.set(value, own);
    this.#value(value.body, new Map([...names, ...own.map((axis) => [axis.name, axis] as const)]));
  }

  /** An axis that is a subscript by itself has the size of that dimension. */
  #element(tensor: string, at: readonly IndexNode[], names: SoughtAxes, span: TextSpan | undefined): void {
    const shape = this.shapeOf(tensor);
    at.forEach((index, i) => {
      const axis = index.kind === "axis" ? names.get(index.name) : undefined;
      const size = shape?.[i];
      if (!axis || axis.stated !== undefined || size === undefined) return;
      const here = `${size} in ${printElement(tensor, at)}`;
      if (axis.found === undefined) {
        axis.found = size;
        axis.because = here;
      } else if (axis.found !== size) {
        const remedy = "make both sizes equal, or state the extent of the axis";
        refuseAt(index.span ?? span, `the axis ${axis.name} has the extent ${axis.because} and ${here}; ${remedy}`);
      }
    });
  }

  /** The axis that alone is unknown in a subscript on the left. */
  #leftAlone({ tensor, at }: FormulaLine, names: SoughtAxes): void {
    const shape = this.shapeOf(tensor);
    if (!shape) return;
    const isUnknown = (name: string) => extentOf(names.get(name) as Sought) === undefined;
    for (let previous = -1, left = names.size; previous !== left; ) {
      previous = left;
      at.forEach((index, i) => {
        const form = new IndexForms().form(index, "left");
        const unknown = variablesOf(form).filter(isUnknown);
        const [axis] = unknown.map((name) => names.get(name) as Sought);
        if (!axis || unknown.length > 1) return;
        const known = [...names.values()].filter((one) => one !== axis);
        const bounds = new Map(known.map((one) => [one.name, { min: 0, max: (extentOf(one) ?? 0) - 1 }]));
        const { min, max } = range(form, bounds.set(axis.name, { min: 0, max: 0 }));
        const step = coefficientOf(form, axis.name);
        const room = step > 0 ? (shape[i] as number) - 1 - max : min;
        axis.found = Math.max(0, Math.floor(room / Math.abs(step)) + 1);
        axis.because = `${axis.found} in ${printElement(tensor, at)}`;
      });
      left = [...names.keys()].filter(isUnknown).length;
    }
  }
}

const sought = ({ name, extent, span }: AxisEntry): Sought => ({
  name,
  span,
  stated: extent,
  found: undefined,
  because: "",
});

const extentOf = ({ stated, found }: Sought): number | undefined => stated ?? found;

function axisFrom(axis: Sought, { tensor, at, axes }: FormulaLine, shapeOf: ShapeOf): Axis {
  const { name, span } = axis;
  const extent = extentOf(axis);
  if (extent !== undefined) return { name, extent };
  const isOnLeft = [...at.flatMap(axesIn), ...axes].some((one) => one.name === name);
  const remedy = isOnLeft
    ? `state it behind the line, as in "for ${name} < 3"${shapeOf(tensor) ? "" : `, or give the shape of ${tensor}`}`
    : `state it where it is introduced, as in "${name} < 3"`;
  return refuseAt(span, `the extent of the axis ${name} follows from no shape; ${remedy}`);
}
