/** Rounds float32 to 16-bit floats. */

const number = new Float32Array(1);
const bits = new Uint32Array(number.buffer);

/** The bits of the nearest half, ties to even. From 65520 on the half is infinite. */
function halfOf(value: number): number {
  number[0] = value;
  const all = bits[0] as number;
  const sign = (all >>> 16) & 0x8000;
  const magnitude = all & 0x7fffffff;
  if (magnitude > 0x7f800000) return 0x7e00; // not a number
  if (magnitude >= 0x47800000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Subnormal halves are multiples of 2^-24. That is the step of float32 from 0.5 on, so the addition rounds right.
    number[0] = Math.abs(value) + 0.5;
    return sign | ((bits[0] as number) - 0x3f000000);
  }
  const isOdd = (magnitude >>> 13) & 1;
  return sign | ((magnitude - 0x38000000 + 0xfff + isOdd) >>> 13);
}

/** Writes the nearest halves at the beginning of an array, and returns it. */
export function fillHalves<T extends Uint16Array>(halves: T, values: ArrayLike<number>): T {
  for (let i = 0; i < values.length; i++) halves[i] = halfOf(values[i] as number);
  return halves;
}
