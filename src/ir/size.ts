/** The largest sizes: of a tensor, and of what a stage computes. */
import { fail, show } from "./errors.js";
import { elementCount } from "./shape.js";

/** Every target computes offsets in 32-bit integers. */
export const MAX_ELEMENTS = 2 ** 31 - 1;

/** The most dimensions of a tensor. */
export const MAX_DIMENSIONS = 64;

/** The most parts of the expressions of one stage. What is larger is stages of its own. */
export const MAX_PARTS = 1000;

/** Throws `too-large` if offsets into a tensor of this shape do not fit 32 bits. */
export function checkSize(name: string, shape: readonly number[], bytesPerElement = 4): void {
  const count = elementCount(shape);
  if (count > MAX_ELEMENTS) {
    const bytes = count * bytesPerElement;
    fail(
      "too-large",
      `${name} ${show(shape)} has ${count} elements (${bytes} bytes); at most ${MAX_ELEMENTS} can be indexed`,
      bytes,
    );
  }
}
