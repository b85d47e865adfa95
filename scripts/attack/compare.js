// @ts-check
/** Compares what a kernel made with what an oracle expects. */

/**
 * A sentence on the first element that is further off than it may be; undefined if there is none.
 * @param {ArrayLike<number>} actual
 * @param {ArrayLike<number>} expected
 * @param {(i: number) => number} [allowed] default: nothing
 */
export function difference(actual, expected, allowed = () => 0) {
  if (actual.length !== expected.length) return `there are ${actual.length} elements, not ${expected.length}`;
  for (let i = 0; i < expected.length; i++) {
    const [one, other] = [/** @type {number} */ (actual[i]), /** @type {number} */ (expected[i])];
    if (one === other || (Number.isNaN(one) && Number.isNaN(other))) continue;
    if (Math.abs(one - other) <= allowed(i)) continue;
    return `element ${i} is ${one}, not ${other}`;
  }
  return undefined;
}

export const elementsIn = (/** @type {readonly number[]} */ shape) => shape.reduce((a, b) => a * b, 1);
