/** Elements of tensors as float32. Halves and doubles are converted, and other types are refused. */
import { fail } from "../ir/errors.js";
import { legible } from "./report.js";

export interface FloatFormat {
  readonly bytes: number;
  readonly read: (view: DataView, at: number) => number;
}

const FORMATS: ReadonlyMap<string, FloatFormat> = new Map([
  ["float32", { bytes: 4, read: (view: DataView, at: number) => view.getFloat32(at, true) }],
  ["float64", { bytes: 8, read: (view: DataView, at: number) => view.getFloat64(at, true) }],
  ["float16", { bytes: 2, read: (view: DataView, at: number) => halfFrom(view.getUint16(at, true)) }],
  ["bfloat16", { bytes: 2, read: readBrain }],
]);

/** The format of a type by its name. Throws `invalid-argument` for one that is not of floats. */
export const floatFormat = (type: string): FloatFormat =>
  FORMATS.get(type) ??
  fail("invalid-argument", `its elements are ${legible(type, 20)}, and kernels take floats; export it unquantized`);

/** Float32 in little-endian order, of elements in that order. Bytes of float32 are returned as they are. */
export function asFloat32(bytes: Uint8Array, format: FloatFormat): Uint8Array {
  if (format === FORMATS.get("float32")) return bytes;
  const count = bytes.length / format.bytes;
  const made = new Uint8Array(4 * count);
  const [from, to] = [viewOf(bytes), viewOf(made)];
  for (let i = 0; i < count; i++) to.setFloat32(4 * i, format.read(from, i * format.bytes), true);
  return made;
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array) => new DataView(buffer, byteOffset, byteLength);

/** The number that 16 bits of IEEE 754 are. Float32 holds each exactly. */
function halfFrom(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const word = new DataView(new ArrayBuffer(4));

/** A bfloat16 is the upper half of a float32. */
function readBrain(view: DataView, at: number): number {
  word.setUint32(0, view.getUint16(at, true) * 0x10000);
  return word.getFloat32(0);
}
