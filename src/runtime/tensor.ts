/**
 * The tensors and typed arrays that callers pass and receive. A bare array serves where the spec says the shape. Calls
 * with arrays give arrays, calls with tensors give tensors.
 */
import { fail, kindOf, reading, show } from "../ir/errors.js";
import { elementCount } from "../ir/shape.js";

/** A shape with its elements, in row-major order. */
export interface Tensor<Data = Float32Array, Shape extends readonly number[] = readonly number[]> {
  readonly shape: Shape;
  readonly data: Data;
}

/** A tensor, or its bare elements. */
export type Values<Shape extends readonly number[] = readonly number[]> = Tensor<Float32Array, Shape> | Float32Array;

/** Values of this shape in the form of `Given`: a tensor for a tensor, elements for elements. */
export type Alike<Given, Shape extends readonly number[]> = Given extends { readonly shape: unknown }
  ? Tensor<Float32Array, Shape>
  : Float32Array;

/** The shapes of a kernel as far as its type knows them: generated kernels have tuples of number literals. */
export interface Shapes {
  readonly value: readonly number[];
  readonly filters: readonly number[];
  readonly output: readonly number[];
}

/** True for a Float32Array of any realm; `instanceof` alone would refuse one of another frame. */
export const isFloat32Array = (value: unknown): value is Float32Array =>
  ArrayBuffer.isView(value) &&
  (value instanceof Float32Array || Object.prototype.toString.call(value) === "[object Float32Array]");

/** The elements of an argument. Throws `invalid-argument` if the argument does not have this shape. */
export function elementsOf(name: string, values: unknown, shape: readonly number[]): Float32Array {
  const count = elementCount(shape);
  // Nearly every call ends here; the rest is slow and finds words for mistakes.
  if (isFloat32Array(values) && values.length === count && count > 0) return values;
  const elements = reading(name, () => elementsFrom(name, values, shape, count));
  // An array without elements may be detached, which nobody sees until it is copied.
  return count === 0 ? new Float32Array(0) : elements;
}

function elementsFrom(name: string, values: unknown, shape: readonly number[], count: number): Float32Array {
  const isArray = isFloat32Array(values);
  const data: unknown = isArray ? values : (values as Tensor | null | undefined)?.data;
  const wanted = `[${shape.join(", ")}]`;
  if (!isFloat32Array(data)) {
    return fail(
      "invalid-argument",
      `${name} must be a Float32Array or a tensor { shape, data } of one with shape ${wanted}; ` +
        `got ${kindOf(data ?? values)}${remedyFor(data ?? values)}`,
    );
  }
  if (!isArray) checkShape(name, (values as Tensor).shape, shape);
  if (data.length !== count) {
    const hint = data.length > count ? "; pass a subarray" : data.length === 0 ? "; was its buffer transferred?" : "";
    fail("invalid-argument", `${name} ${wanted} needs ${count} elements; got ${data.length}${hint}`);
  }
  return data;
}

/** Other lists of numbers become an array of float32 by one call. */
function remedyFor(given: unknown): string {
  const isOther = ArrayBuffer.isView(given) && !(given instanceof DataView) && !/^Big/.test(kindOf(given));
  if (!isOther && !Array.isArray(given)) return "";
  const flat = Array.isArray(given) && Array.isArray(given[0]) ? ".flat(Infinity)" : "";
  return `; Float32Array.from(it${flat}) makes one`;
}

function checkShape(name: string, given: unknown, wanted: readonly number[]): void {
  const same = Array.isArray(given) && given.length === wanted.length && wanted.every((size, i) => given[i] === size);
  if (!same) fail("invalid-argument", `${name} must have shape [${wanted.join(", ")}]; got ${show(given)}`);
}

/** True if two arrays share memory. */
export const overlap = (a: Float32Array, b: Float32Array): boolean =>
  a.buffer === b.buffer && a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength;

/** Throws if `out` and `input` share memory: writing one would overwrite the other before it is read. */
export function checkNoAlias(outName: string, out: Float32Array, inName: string, input: Float32Array): void {
  if (overlap(out, input))
    fail("invalid-argument", `${outName} shares memory with ${inName}, which it would overwrite; use two buffers`);
}
