/**
 * Sets of places along some dimensions of a tensor, as one line writes them: in even steps where one subscript says so,
 * else marked one by one.
 */
import { type Affine, type Guard, valueAt } from "../ir/affine.js";
import { type Axis, elementCount } from "../ir/program.js";

export interface PlaceSet {
  readonly count: number;
  has(place: number): boolean;
  /** The first place that both have. */
  firstIn(other: PlaceSet): number | undefined;
}

/** The places `start`, `start + step`, ...: any number of them. */
export class EvenPlaces implements PlaceSet {
  constructor(
    readonly start: number,
    readonly step: number,
    readonly count: number,
  ) {}

  has(place: number): boolean {
    const i = (place - this.start) / this.step;
    return Number.isInteger(i) && i >= 0 && i < this.count;
  }

  firstIn(other: PlaceSet): number | undefined {
    if (!(other instanceof EvenPlaces)) return other.firstIn(this);
    // Beside even steps the distance repeats, so no more of them need to be tried than the other has in a step.
    const skipped = Math.max(0, Math.ceil((other.start - this.start) / this.step));
    const end = Math.min(this.count, skipped + other.step);
    for (let i = skipped; i < end; i++) {
      const place = this.start + i * this.step;
      if (other.has(place)) return place;
    }
    return undefined;
  }
}

/** Any places below a limit. */
export class MarkedPlaces implements PlaceSet {
  count = 0;
  readonly #marks: Uint8Array;

  constructor(size: number) {
    this.#marks = new Uint8Array(size);
  }

  /** False if the place is marked already. */
  mark(place: number): boolean {
    if (this.#marks[place] === 1) return false;
    this.#marks[place] = 1;
    this.count++;
    return true;
  }

  has(place: number): boolean {
    return this.#marks[place] === 1;
  }

  firstIn(other: PlaceSet): number | undefined {
    const place = this.#marks.findIndex((mark, i) => mark === 1 && other.has(i));
    return place < 0 ? undefined : place;
  }
}

/** The values of a form, if each is met once and they are in even steps, as those of `4*y + 2*x + 1` with x < 2. */
export function evenPlaces(form: Affine, axes: readonly Axis[]): EvenPlaces | undefined {
  const moving = axes
    .map(({ name, extent }) => ({ by: form.terms[name] ?? 0, extent }))
    .filter(({ extent }) => extent > 1)
    .sort((a, b) => Math.abs(a.by) - Math.abs(b.by));
  const step = Math.abs(moving[0]?.by ?? 1);
  let [start, count] = [form.constant, 1];
  for (const { by, extent } of moving) {
    if (by === 0 || Math.abs(by) !== step * count) return undefined;
    if (by < 0) start += by * (extent - 1);
    count *= extent;
  }
  return new EvenPlaces(start, step, count);
}

/** Visits the points for which the guard holds, one by one. */
export function everyPoint(
  axes: readonly Axis[],
  guard: Guard,
  visit: (at: ReadonlyMap<string, number>) => void,
): void {
  const at = new Map(axes.map(({ name }) => [name, 0]));
  const sweep = (i: number): void => {
    const axis = axes[i];
    if (!axis) {
      if (guard.every((form) => valueAt(form, at) >= 0)) visit(at);
      return;
    }
    for (let value = 0; value < axis.extent; value++) {
      at.set(axis.name, value);
      sweep(i + 1);
    }
  };
  sweep(0);
}

/** The subscripts of the place, of places that are counted row by row. */
export function subscriptsOf(place: number, sizes: readonly number[]): number[] {
  let rest = place;
  let block = elementCount(sizes);
  return sizes.map((size) => {
    block /= size;
    const subscript = Math.floor(rest / block);
    rest -= subscript * block;
    return subscript;
  });
}
