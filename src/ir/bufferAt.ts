/** Buffers of a call that chooses its length. */
import type { BufferDecl } from "./program.js";

/** The buffer as a call of so many units has it. */
export function bufferAt<B extends BufferDecl>(buffer: B, units: number): B {
  const { length: chosen, ...rest } = buffer;
  if (!chosen) return buffer;
  const { dimension, perUnit, more } = chosen;
  const shape = [...buffer.shape];
  shape[dimension] = perUnit * units + more;
  return { ...rest, shape: Object.freeze(shape) } as object as B;
}
