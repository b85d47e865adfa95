/** Converts float32 to the GPU's 16-bit floats, and back. */

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

/** Halves, padded to an even number of them, as buffers are written in words of 32 bits. */
export function toHalves(values: ArrayLike<number>): Uint16Array<ArrayBuffer> {
  const halves = new Uint16Array(Math.ceil(values.length / 2) * 2);
  for (let i = 0; i < values.length; i++) halves[i] = halfOf(values[i] as number);
  return halves;
}

/** The value of every half, by its bits. */
let table: Float32Array | undefined;

function makeTable(): Float32Array {
  return Float32Array.from({ length: 0x10000 }, (_, half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >>> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}

/** Fills `out`; halves beyond its length are padding. */
export function fromHalves(halves: Uint16Array, out: Float32Array): void {
  table ??= makeTable();
  for (let i = 0; i < out.length; i++) out[i] = table[halves[i] as number] as number;
}
