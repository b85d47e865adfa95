/** How large a tensor may be. */
import { fail, show } from "./errors.js";
import { elementCount } from "./shape.js";

/** Offsets are computed in 32-bit integers by every target. */
export const MAX_ELEMENTS = 2 ** 31 - 1;

/** Throws `too-large` where offsets into a tensor of this shape would not fit 32 bits. */
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
