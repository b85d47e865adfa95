/** Data for calls on a page, and how results are compared. */

/** Whole numbers in -4 .. 4, whose sums are exact. */
export const smallIntegers = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => ((Math.imul(i + seed, 2654435761) >>> 16) % 9) - 4);

export const same = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.from(a).every((x, i) => x === b[i]);
