/** Element types of buffers and arithmetic, and what storing a number in one does to it. */

/** `f16` is a type of memory alone: no kernel computes in it. */
export type DType = "f16" | "f32" | "f64";

export const BYTES: Readonly<Record<DType, number>> = { f16: 2, f32: 4, f64: 8 };

export type TypedArray = Float32Array | Float64Array;

/** Room for numbers of the type; those of f16 are kept as float32, which holds all of them. */
export const arrayOf = (dtype: DType, length: number): TypedArray =>
  dtype === "f64" ? new Float64Array(length) : new Float32Array(length);

/** The nearest value of the type: what arithmetic and stores in it yield. */
export const round: Readonly<Record<DType, (value: number) => number>> = {
  f16: roundHalf,
  f32: Math.fround,
  f64: (value) => value,
};

/** Of 11 bits, and of multiples of 2^-24 where that is finer; ties to even; beyond 65504 infinite. */
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
