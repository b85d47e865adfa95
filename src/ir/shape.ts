/** The size of a row-major buffer; hosts need nothing else from a program. */

export const elementCount = (shape: readonly number[]): number => shape.reduce((count, size) => count * size, 1);
