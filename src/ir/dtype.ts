/** Element types of buffers and of arithmetic, and how each rounds a number. */

/** Buffers may hold `f16`, but no kernel computes in it. */
export type DType = "f16" | "f32" | "f64";

/** The types in which callers' tensors may lie in memory. */
export type Storage = "f32" | "f16";

export const BYTES: Readonly<Record<DType, number>> = { f16: 2, f32: 4, f64: 8 };

export type TypedArray = Float32Array | Float64Array;

/** An array for numbers of the type. An f16 number is kept as float32, which represents it exactly. */
export const arrayOf = (dtype: DType, length: number): TypedArray =>
  dtype === "f64" ? new Float64Array(length) : new Float32Array(length);

/** Rounds to the nearest value of the type, as its arithmetic and its stores do. */
export const round: Readonly<Record<DType, (value: number) => number>> = {
  f16: roundHalf,
  f32: Math.fround,
  f64: (value) => value,
};

/**
 * Rounds to 11 significant bits, or to a multiple of 2^-24 where 11 bits would be finer (subnormals). Ties go to even.
 * A result above 65504, the largest f16, becomes infinite.
 */
function roundHalf(value: number): number {
  if (value < 0) return -roundHalf(-value);
  if (value === 0 || !Number.isFinite(value)) return value;
  const exponent = Math.max(-14, Math.floor(Math.log2(value)));
  const unit = 2 ** (exponent - 10);
  const scaled = value / unit;
  const below = Math.floor(scaled);
  const rest = scaled - below;
  const isUp = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  const rounded = (isUp ? below + 1 : below) * unit;
  return rounded > 65_504 ? Number.POSITIVE_INFINITY : rounded;
}
