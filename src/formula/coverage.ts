/**
 * Proves that lines write every element of their tensor once.
 *
 * Dimensions are looked at apart where no axis and no condition joins them. Then a line writes every combination of the
 * places in each group of dimensions, and two lines write nothing twice if the places of one group differ.
 */
import { type Affine, decide, type Guard, valueAt } from "../ir/affine.js";
import { type Axis, elementCount } from "../ir/program.js";
import type { FormulaLine, IndexNode, TextSpan } from "./formula.js";
import { type DimensionGroup, groupDimensions } from "./groups.js";
import { areEmpty, rangesOf, refuseOutside, staysWithin } from "./inside.js";
import { evenPlaces, everyPoint, MarkedPlaces, type PlaceSet, subscriptsOf } from "./places.js";
import { refuseAt } from "./refuse.js";

/** The most elements and points that are looked at one by one. */
const MOST_MARKED = 2 ** 22;

/** A line, and the points at which it writes. */
export interface Writer {
  readonly line: FormulaLine;
  readonly space: readonly Axis[];
  readonly where: Guard;
  readonly at: readonly Affine[];
}

/** Throws `invalid-formula` if an element is written twice or never, or if that cannot be told. */
export function checkWrites(tensor: string, shape: readonly number[], writers: readonly Writer[]): void {
  const busy = writers.filter(({ space }) => !areEmpty(space));
  for (const writer of busy) checkInside(writer, shape);
  const coverage = new Coverage(tensor, shape, busy);
  coverage.checkOnce();
  coverage.checkAll(writers.at(-1)?.line.span);
}

function checkInside({ line, space, where, at }: Writer, shape: readonly number[]): void {
  const bounds = rangesOf(space);
  at.forEach((form, i) => {
    const size = shape[i] as number;
    const isInside = staysWithin(form, size, where, bounds);
    if (!isInside) refuseOutside(line.at[i] as IndexNode, line, form, bounds, size, "shift it, or state other extents");
  });
}

class Coverage {
  readonly #groups: readonly DimensionGroup[];
  /** The places that each line writes, by group. */
  readonly #sets: readonly (readonly PlaceSet[])[];

  constructor(
    readonly tensor: string,
    readonly shape: readonly number[],
    readonly writers: readonly Writer[],
  ) {
    this.#groups = groupDimensions(shape.length, writers);
    this.#sets = writers.map((writer, i) => this.#groups.map((group) => this.#placesOf(writer, i, group)));
  }

  checkOnce(): void {
    for (let i = 0; i < this.#sets.length; i++) for (let j = 0; j < i; j++) this.#checkApart(i, j);
  }

  #checkApart(i: number, j: number): void {
    const both = this.#groups.map((_, group) => {
      const [one, other] = [this.#sets[i]?.[group], this.#sets[j]?.[group]] as [PlaceSet, PlaceSet];
      return one.firstIn(other);
    });
    if (both.includes(undefined)) return;
    const before = lineNumber(this.writers[j]?.line.span);
    const element = this.#elementAt(both as number[]);
    refuseAt(this.writers[i]?.line.span, `${element} is written by ${before}, too; let one of them write it`);
  }

  checkAll(span: TextSpan | undefined): void {
    const counts = this.#sets.map((set) => set.reduce((count, places) => count * places.count, 1));
    const written = counts.reduce((sum, count) => sum + count, 0);
    const all = elementCount(this.shape);
    if (written === all) return;
    const missing = this.#firstMissing() ?? `${all - written} of the ${all} elements of ${this.tensor}`;
    const remedy = "write it in a line of its own, or give the tensor another shape";
    refuseAt(
      span,
      `${missing} is never written, as ${this.tensor} has the shape [${this.shape.join(", ")}]; ${remedy}`,
    );
  }

  #placesOf({ line, space, where, at }: Writer, writer: number, group: DimensionGroup): PlaceSet {
    const axes = space.filter(({ name }) => group.hasAxis(writer, name));
    const bounds = rangesOf(axes);
    const guard = where.filter((form, i) => group.hasCondition(writer, i) && decide([form], bounds) !== "always");
    const forms = group.dimensions.map((i) => at[i] as Affine);
    const even = forms.length === 1 && guard.length === 0 ? evenPlaces(forms[0] as Affine, axes) : undefined;
    if (even) return even;
    const sizes = group.dimensions.map((i) => this.shape[i] as number);
    const most = Math.max(elementCount(sizes), elementCount(axes.map(({ extent }) => extent)));
    if (most > MOST_MARKED) {
      const rule = `${most} elements of ${this.tensor} are too many to check that each is written once`;
      refuseAt(line.span, `${rule}; give each dimension axes of its own`);
    }
    const marked = new MarkedPlaces(elementCount(sizes));
    everyPoint(axes, guard, (point) => {
      const place = forms.reduce((sum, form, i) => sum * (sizes[i] as number) + valueAt(form, point), 0);
      if (marked.mark(place)) return;
      const said = axes.map(({ name }) => `${name} = ${point.get(name)}`).join(", ");
      refuseAt(line.span, `the line writes an element twice, the second time where ${said}; let its points differ`);
    });
    return marked;
  }

  #elementAt(places: readonly number[]): string {
    const at = this.shape.map(() => 0);
    this.#groups.forEach(({ dimensions }, group) => {
      const inside = subscriptsOf(places[group] as number, this.#sizesOf(dimensions));
      dimensions.forEach((dimension, i) => {
        at[dimension] = inside[i] as number;
      });
    });
    return `${this.tensor}[${at.join(", ")}]`;
  }

  #firstMissing(): string | undefined {
    const all = elementCount(this.shape);
    for (let place = 0; place < Math.min(all, MOST_MARKED); place++) {
      const at = subscriptsOf(place, this.shape);
      const places = this.#groups.map(({ dimensions }) =>
        dimensions.reduce((sum, i) => sum * (this.shape[i] as number) + (at[i] as number), 0),
      );
      const isWritten = this.#sets.some((set) => set.every((one, group) => one.has(places[group] as number)));
      if (!isWritten) return `${this.tensor}[${at.join(", ")}]`;
    }
    return undefined;
  }

  #sizesOf = (dimensions: readonly number[]): number[] => dimensions.map((i) => this.shape[i] as number);
}

const lineNumber = (span: TextSpan | undefined): string =>
  span ? `line ${span.text.slice(0, span.from).split("\n").length}` : "another line";
