/**
 * Access: how a stage moves through its buffers along each axis, and the axis's role.
 *
 * Roles follow from the subscripts alone. Nothing here, and nothing that schedules, compares an axis's name with a
 * string.
 *
 * For `output[n, y, x, o] = sum over ky, kx, i of value[n, y + ky, x + kx, i] * filters[ky, kx, i, o]` the axes
 * `n y x o` are `reuse`, `ky kx` are taps that slide over `y x`, and `i` is `depth`.
 */
import { type Affine, coefficientOf, type Guard } from "./affine.js";
import { failInternally } from "./errors.js";
import { loadsOf } from "./expr.js";
import {
  type Axis,
  type BufferDecl,
  type BufferRole,
  elementCount,
  flatten,
  type Program,
  type Stage,
} from "./program.js";

/**
 * - `batch`: an axis of the output along which every factor moves; nothing is read twice.
 * - `reuse`: an axis of the output along which some factor stays; a register tile reads that factor once.
 * - `tap`: an axis of the reduction that slides over an axis of the output, as in `value[2*y + ky]`; neighbours read
 *   the same numbers.
 * - `depth`: any other axis of the reduction; it can be split, reordered and used as lanes freely.
 */
export type Role = "batch" | "reuse" | "tap" | "depth";

export interface AxisAccess extends Axis {
  readonly role: Role;
  /** Elements that one step along the axis moves on in each factor: 0 if the factor stays. */
  readonly by: readonly number[];
  /** Elements that one step moves on in the output: 0 along axes of the reduction. */
  readonly out: number;
}

/** One read of the stage's term. */
export interface Factor {
  readonly buffer: string;
  readonly at: readonly Affine[];
  readonly shape: readonly number[];
  readonly role: BufferRole;
  /** True if the buffer is filled before the call, so that a copy in any order costs a call nothing. */
  readonly isKnown: boolean;
}

/** A pair of axes that move one subscript of a factor: `point` is an axis of the output, `tap` one of the reduction. */
export interface Slide {
  readonly point: string;
  readonly tap: string;
}

export interface Access {
  readonly stage: Stage;
  /** Factors in the order in which the term reads them. */
  readonly factors: readonly Factor[];
  readonly space: readonly AxisAccess[];
  readonly reduce: readonly AxisAccess[];
  readonly slides: readonly Slide[];
  /** The shape of a buffer of the program. */
  shapeOf(buffer: string): readonly number[];
}

export function accessOf(stage: Stage, { buffers }: Pick<Program, "buffers">): Access {
  const declOf = (name: string): BufferDecl =>
    buffers.find((one) => one.name === name) ?? failInternally(`${stage.name} names ${name}, which is no buffer`);
  const factors = loadsOf(stage.term).map(({ buffer, at }): Factor => {
    const { role, shape } = declOf(buffer);
    return { buffer, at, shape, role, isKnown: role === "weights" || role === "prepared" || role === "constant" };
  });
  const offsets = factors.map(({ at, shape }) => flatten(at, solid(shape)));
  const stored = flatten(stage.output.at, solid(declOf(stage.output.buffer).shape));
  const slides = slidesOf(stage, factors);
  const accessTo = (axis: Axis, role: (by: readonly number[]) => Role): AxisAccess => {
    const by = offsets.map((offset) => coefficientOf(offset, axis.name));
    return { ...axis, role: role(by), by, out: coefficientOf(stored, axis.name) };
  };
  return {
    stage,
    factors,
    slides,
    shapeOf: (buffer) => declOf(buffer).shape,
    space: stage.space.map((axis) => accessTo(axis, (by) => (by.includes(0) ? "reuse" : "batch"))),
    reduce: stage.reduce.map((axis) => {
      const slidesOver = slides.some(({ tap }) => tap === axis.name);
      return accessTo(axis, () => (slidesOver ? "tap" : "depth"));
    }),
  };
}

/** The shape with sizes of at least 1. In an empty buffer no step would move, and roles would say nothing. */
const solid = (shape: readonly number[]): number[] => shape.map((size) => Math.max(1, size));

/** Pairs of an axis of the reduction and the axis of the output over which it slides. */
function slidesOf({ space, reduce, domain }: Stage, factors: readonly Factor[]): Slide[] {
  const all = factors.flatMap(({ at }) =>
    at.flatMap((form) =>
      space.flatMap((point) =>
        reduce
          .filter((tap) => slidesOver(form, point, tap, domain))
          .map((tap): Slide => ({ point: point.name, tap: tap.name })),
      ),
    ),
  );
  return all.filter((one, i) => all.findIndex(({ point, tap }) => point === one.point && tap === one.tap) === i);
}

/**
 * False for the parts of a split axis, `chunk*s + c` with c < chunk: each number is met once, so both parts stay free.
 * With padding on both sides they are not free, because the point decides which taps count.
 */
function slidesOver(form: Affine, point: Axis, tap: Axis, domain: Guard): boolean {
  const [p, t] = [Math.abs(coefficientOf(form, point.name)), Math.abs(coefficientOf(form, tap.name))];
  if (p === 0 || t === 0) return false;
  const isSplit = t * (tap.extent - 1) < p || p * (point.extent - 1) < t;
  if (!isSplit || point.extent <= 1 || tap.extent <= 1) return true;
  const linked = domain.filter(
    (guard) => coefficientOf(guard, point.name) !== 0 && coefficientOf(guard, tap.name) !== 0,
  );
  return [1, -1].every((sign) => linked.some((guard) => Math.sign(coefficientOf(guard, tap.name)) === sign));
}

/** Names of the taps that slide over an axis of the output. */
export const tapsOver = ({ slides }: Access, point: string): readonly string[] =>
  slides.filter((slide) => slide.point === point).map(({ tap }) => tap);

/** Points of all these axes together. */
export const pointsOf = (axes: readonly Axis[]): number => elementCount(axes.map(({ extent }) => extent));

/** Terms of a stage, including those outside its domain. */
export const termsOf = ({ space, reduce }: Pick<Stage, "space" | "reduce">): number => pointsOf([...space, ...reduce]);

/** The first of the stages that compute most. Algorithms rewrite this stage, and tuning varies it. */
export function mainStage({ run }: Pick<Program, "run">): Stage {
  const [first = failInternally("a program without stages"), ...rest] = run;
  return rest.reduce((most, next) => (termsOf(next) > termsOf(most) ? next : most), first);
}
