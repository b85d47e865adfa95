/**
 * Programs: the computation as a list of stages over named buffers, without a word on how.
 *
 * Stages under `prepare` run once per set of weights. Stages under `run` run on every call.
 */
import { type Affine, affine, type Guard, type Range } from "./affine.js";
import type { DType } from "./dtype.js";
import type { BinaryOp, Expr } from "./expr.js";

export { elementCount } from "./shape.js";

export type BufferRole =
  | "input" // given on every call
  | "weights" // given once, to prepare
  | "prepared" // written by prepare, read by run
  | "constant" // known at compile time
  | "scratch" // written and read within one run
  | "output";

export interface BufferDecl {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly role: BufferRole;
  /** The values of a `constant`, row-major. */
  readonly values?: readonly number[];
  /** A product with a 0 of a sparse `constant` is no term, also where the other factor is NaN or infinite. */
  readonly isSparse?: true;
  /** The dimension that each call chooses, if there is one. `shape` has the largest size. */
  readonly length?: BufferLength;
}

/** A dimension of `perUnit * units + more` elements, where `units` is the parameter of a call. */
export interface BufferLength {
  readonly dimension: number;
  readonly perUnit: number;
  readonly more: number;
}

/** An integer from `min` to `max` that each call chooses: how many units its input is long. */
export interface Parameter {
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

/**
 * An axis runs over 0 .. extent-1; extent 0 is an empty sum or an empty output. Where a call chooses the extent, the
 * axis ends as soon as `while`, a form over itself and the parameter, falls below zero.
 */
export interface Axis {
  readonly name: string;
  readonly extent: number;
  readonly while?: Affine;
}

/** How the terms of a point become one number. The order is free. A NaN among the terms makes the result NaN. */
export type Combine = "sum" | "maximum" | "minimum";

/**
 * A combination begins with its identity and takes in each term by its operation. Without terms it stays the identity.
 */
export const COMBINATIONS: Readonly<Record<Combine, { readonly identity: number; readonly op: BinaryOp }>> = {
  sum: { identity: 0, op: "add" },
  maximum: { identity: Number.NEGATIVE_INFINITY, op: "maximum" },
  minimum: { identity: Number.POSITIVE_INFINITY, op: "minimum" },
};

/** The name by which `finish` refers to the combined terms, whether they are summed or not. */
export const SUM = "sum";

/**
 * `output[at] = finish(sum over reduce of term)` for each point of `space` for which `where` holds. A term outside
 * `domain` does not count and is not evaluated, so its subscripts may lie outside a buffer. Constants are
 * float32. A product with 0 is a product as any other: that with NaN or infinity is NaN.
 */
export interface Stage {
  readonly name: string;
  /** Forms may name it. Default: there is none. */
  readonly parameter?: Parameter;
  readonly space: readonly Axis[];
  /** Forms over the axes of `space`. Default: all points. */
  readonly where?: Guard;
  readonly reduce: readonly Axis[];
  /** Default: sum. */
  readonly combine?: Combine;
  readonly domain: Guard;
  readonly term: Expr;
  readonly finish: Expr;
  readonly output: { readonly buffer: string; readonly at: readonly Affine[] };
}

export interface Program {
  readonly name: string;
  readonly buffers: readonly BufferDecl[];
  readonly prepare: readonly Stage[];
  readonly run: readonly Stage[];
}

export const combinationOf = ({ combine = "sum" }: Stage) => COMBINATIONS[combine];

/** The range of every variable that a form of the stage may name. */
export function boundsOfStage({ space, reduce, parameter }: Stage): Map<string, Range> {
  const bounds = new Map<string, Range>();
  if (parameter) bounds.set(parameter.name, parameter);
  for (const { name, extent } of [...space, ...reduce]) bounds.set(name, { min: 0, max: extent - 1 });
  return bounds;
}

/** The output; undefined if there are several. */
export function onlyOutput({ buffers }: Pick<Program, "buffers">): BufferDecl | undefined {
  const [output, ...more] = buffers.filter(({ role }) => role === "output");
  return more.length === 0 ? output : undefined;
}

/** Row-major strides in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = (strides[i + 1] as number) * (shape[i + 1] as number);
  return strides;
}

/** The dimension along which elements are adjacent in memory: the last one that has more than one element. */
export function adjacentDimension(shape: readonly number[]): number {
  const place = shape.findLastIndex((size) => size > 1);
  return place < 0 ? shape.length - 1 : place;
}

/** Multi-dimensional subscripts of a row-major buffer as one offset in elements. */
export function flatten(at: readonly Affine[], shape: readonly number[]): Affine {
  const strides = stridesOf(shape);
  const terms: Record<string, number> = {};
  let constant = 0;
  at.forEach((form, i) => {
    const stride = strides[i] as number;
    constant += form.constant * stride;
    for (const [name, coefficient] of Object.entries(form.terms)) {
      terms[name] = (terms[name] ?? 0) + coefficient * stride;
    }
  });
  return affine(constant, terms);
}
