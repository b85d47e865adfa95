/** Element types of buffers and arithmetic, and what storing a number in one does to it. */
export type DType = "f32" | "f64";

export const BYTES: Readonly<Record<DType, number>> = { f32: 4, f64: 8 };

export type TypedArray = Float32Array | Float64Array;

export const arrayOf = (dtype: DType, length: number): TypedArray =>
  dtype === "f32" ? new Float32Array(length) : new Float64Array(length);

/** The nearest value of the type: what arithmetic and stores in it yield. */
export const round: Readonly<Record<DType, (value: number) => number>> = {
  f32: Math.fround,
  f64: (value) => value,
};
