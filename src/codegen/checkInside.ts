/**
 * Checks that the subscripts of a program stay inside their buffers. Schedules differ in what they do outside: a packed
 * copy is zero there, and a plain read is refused.
 */
import {
  type Affine,
  affine,
  type Bounds,
  type Guard,
  holds,
  key,
  subtract,
  valueAt,
  variablesOf,
} from "../ir/affine.js";
import { fail } from "../ir/errors.js";
import { loadsOf } from "../ir/expr.js";
import { type Axis, elementCount, type Program, type Stage } from "../ir/program.js";

/**
 * Throws `invalid-argument` if a term that counts reads outside its buffer, or if a result lies outside. What can
 * neither be proved nor tried, because there are too many points, is left to the schedule.
 */
export function checkInside({ buffers, prepare, run }: Program): void {
  const shapes = new Map(buffers.map(({ name, shape }) => [name, shape]));
  for (const stage of [...prepare, ...run]) checkStage(stage, shapes);
}

/** A read, or the place of a result. */
interface Subscripted {
  readonly buffer: string;
  readonly at: readonly Affine[];
}

function checkStage(stage: Stage, shapes: ReadonlyMap<string, readonly number[]>): void {
  const { name, space, where = [], reduce, domain, term, finish, output } = stage;
  const check = (places: Iterable<Subscripted>, axes: readonly Axis[], held: Guard) => {
    for (const { buffer, at } of places)
      at.forEach((form, i) => {
        const last = ((shapes.get(buffer) as readonly number[])[i] as number) - 1;
        const point = [form, subtract(affine(last), form)].map((one) => pointBelow(one, axes, held)).find(Boolean);
        if (point)
          fail(
            "invalid-argument",
            `${name}: ${buffer}[${at.map(key).join(", ")}] leaves 0..${last} in dimension ${i}, where ` +
              `${[...point].map(([axis, value]) => `${axis} is ${value}`).join(", ") || "it always is"}; ` +
              "keep such points out by a guard, or make the buffer larger",
          );
      });
  };
  check(loadsOf(term), [...space, ...reduce], [...where, ...domain]);
  check([...loadsOf(finish), output], space, where);
}

/** The most points that are tried. */
const MOST_POINTS = 100_000;

type Point = ReadonlyMap<string, number>;

/** A point of the axes where all of `held` are >= 0 and the form is not. Undefined if none is found. */
function pointBelow(form: Affine, axes: readonly Axis[], held: Guard): Point | undefined {
  if (axes.some(({ extent }) => extent === 0)) return undefined;
  const bounds: Bounds = new Map(axes.map(({ name, extent }) => [name, { min: 0, max: extent - 1 }]));
  if (holds(form, held, bounds)) return undefined;
  const named = new Set([form, ...held].flatMap(variablesOf));
  const moving = axes.filter(({ name }) => named.has(name));
  if (elementCount(moving.map(({ extent }) => extent)) > MOST_POINTS) return undefined;
  for (const point of pointsOver(moving)) {
    if (valueAt(form, point) < 0 && held.every((one) => valueAt(one, point) >= 0)) return point;
  }
  return undefined;
}

function* pointsOver([axis, ...rest]: readonly Axis[], point: Point = new Map()): Generator<Point> {
  if (!axis) yield point;
  else for (let i = 0; i < axis.extent; i++) yield* pointsOver(rest, new Map(point).set(axis.name, i));
}
