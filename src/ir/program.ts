/**
 * Programs: the computation as a list of stages over named buffers, without a word on how.
 *
 * Stages under `prepare` run once per set of weights. Stages under `run` run on every call.
 */
import { type Affine, affine, type Guard } from "./affine.js";
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
}

/** An axis runs over 0 .. extent-1; extent 0 is an empty sum or an empty output. */
export interface Axis {
  readonly name: string;
  readonly extent: number;
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
