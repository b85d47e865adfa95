/** Sizes of row-major buffers: all that hosts need of programs. */

export const elementCount = (shape: readonly number[]): number => shape.reduce((count, size) => count * size, 1);
