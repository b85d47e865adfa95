/** Converts float32 to the GPU's 16-bit floats, and back. */
import { fillHalves } from "../half.js";

/** Halves, padded to an even number of them, as buffers are written in words of 32 bits. */
export const toHalves = (values: ArrayLike<number>): Uint16Array<ArrayBuffer> =>
  fillHalves(new Uint16Array(Math.ceil(values.length / 2) * 2), values);

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
