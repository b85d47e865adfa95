/** Layouts: the buffers of a WebAssembly kernel side by side in one block of memory. */
import { BYTES } from "./dtype.js";
import type { WasmBuffer } from "./module.js";
import type { BufferDecl, BufferRole } from "./program.js";
import { elementCount } from "./shape.js";

/** The bytes of a cache line, to which every buffer is aligned. No vector needs more. */
export const ALIGNMENT = 64;

export interface BlockLayout {
  /** The distance of each buffer from the beginning of the block, in bytes. */
  readonly offsets: ReadonlyMap<string, number>;
  /** The size of the block. */
  readonly bytes: number;
  /** The lowest address at which the block may begin, so that none of its buffers lies below its `least`. */
  readonly least: number;
}

/**
 * The order of buffers. Buffers that stay from call to call come first. The input comes last: it is the one that is
 * addressed before its beginning, at its padding, and so the block may begin lower.
 */
const ORDER: readonly BufferRole[] = ["constant", "weights", "prepared", "output", "scratch", "input"];

export function layOut(buffers: readonly WasmBuffer[]): BlockLayout {
  const offsets = new Map<string, number>();
  let [bytes, least] = [0, 0];
  for (const role of ORDER) {
    for (const buffer of buffers.filter((one) => one.role === role)) {
      offsets.set(buffer.name, bytes);
      least = Math.max(least, buffer.least - bytes);
      bytes += aligned(byteLengthOf(buffer));
    }
  }
  return { offsets, bytes, least };
}

/** The next multiple of the alignment. */
export const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

export const byteLengthOf = ({ shape, dtype }: Pick<BufferDecl, "shape" | "dtype">): number =>
  elementCount(shape) * BYTES[dtype];
