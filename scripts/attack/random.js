// @ts-check
/** Draws that a seed decides, the same on every machine. */

/** A seed for mulberry32, of any text. @param {string} text */
function hashOf(text) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

export class Random {
  #state;

  /** @param {string} seed */
  constructor(seed) {
    this.#state = hashOf(seed);
  }

  /** A number of [0, 1), by mulberry32. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer of least..most. @param {number} least @param {number} most */
  int(least, most) {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** True once in so many draws. @param {number} many */
  once(many) {
    return this.int(1, many) === 1;
  }

  /** @template T @param {readonly T[]} list @returns {T} */
  pick(list) {
    return /** @type {T} */ (list[this.int(0, list.length - 1)]);
  }

  /** @template T @param {number} length @param {(i: number) => T} make */
  list(length, make) {
    return Array.from({ length }, (_, i) => make(i));
  }

  /** Small integers, of which sums in any order are exact. @param {number} length */
  integers(length) {
    return Float32Array.from({ length }, () => this.int(-4, 4));
  }
}
