/** Allocates arrays; running out of memory is a typed error that says how much was needed. */
import { arrayOf, BYTES, type DType, type TypedArray } from "../ir/dtype.js";
import { fail } from "../ir/errors.js";
import { elementCount } from "../ir/shape.js";

/** An array of zeros. Throws `too-large`, with the number of bytes, if the engine cannot allocate it. */
export function allocate(name: string, shape: readonly number[], dtype: DType): TypedArray {
  const count = elementCount(shape);
  try {
    return arrayOf(dtype, count);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const bytes = count * BYTES[dtype];
    return fail("too-large", `${name} [${shape.join(", ")}] needs ${bytes} bytes, which cannot be allocated`, bytes);
  }
}

export const allocateFloats = (name: string, shape: readonly number[]): Float32Array =>
  allocate(name, shape, "f32") as Float32Array;
