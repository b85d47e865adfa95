// @ts-check
/** Texts and bytes that are broken at random. */

/** @typedef {import("./random.js").Random} Random */

const PIECES = [
  ...["[", "]", "(", ")", ",", ";", "\n", ":", "=", "<", "for", "if", " and ", "floor(", "%", "/0", "*0", "-"],
  ...["9".repeat(30), "1e999", "4294967296", "2147483647", "-1", "0", "NaN", "Infinity", "__proto__", "constructor"],
  ...["\u0000", "\u202e", "é", "𝒳", "\ud800", "\ufeff", "\t", "#", "//", "sum(", "output", "upstream", "toString"],
];

/** The text with so many accidents. @param {Random} random @param {string} text @param {number} times */
export function mutatedText(random, text, times) {
  let result = text;
  for (let i = 0; i < times; i++) {
    const [a, b] = [random.int(0, result.length), random.int(0, result.length)];
    const [from, to] = [Math.min(a, b), Math.max(a, b)];
    switch (random.int(0, 6)) {
      case 0:
        result = result.slice(0, a) + result.slice(a + 1);
        break;
      case 1:
        result = result.slice(0, a) + result.slice(a + 1, a + 2) + result.slice(a, a + 1) + result.slice(a + 2);
        break;
      case 2:
        result = result.slice(0, from) + result.slice(to);
        break;
      case 3:
        result = result.slice(0, to) + result.slice(from);
        break;
      case 4:
        result = result.replace(/\d+/g, (digits) => (random.once(3) ? String(random.int(-3, 40)) : digits));
        break;
      default:
        result = result.slice(0, a) + random.pick(PIECES) + result.slice(a);
    }
  }
  return result;
}

/** The bytes with so many accidents. @param {Random} random @param {Uint8Array} bytes @param {number} times */
export function mutatedBytes(random, bytes, times) {
  let result = Uint8Array.from(bytes);
  for (let i = 0; i < times && result.length > 0; i++) {
    const [a, b] = [random.int(0, result.length - 1), random.int(0, result.length - 1)];
    const [from, to] = [Math.min(a, b), Math.max(a, b)];
    const accident = random.int(0, 5);
    if (accident === 0) result = Uint8Array.of(...result.subarray(0, from), ...result.subarray(to));
    else if (accident === 1) result = Uint8Array.of(...result.subarray(0, to), ...result.subarray(from));
    else result[a] = random.once(2) ? random.pick([0, 0x7f, 0x80, 0xff, 1]) : random.int(0, 255);
  }
  return result;
}
