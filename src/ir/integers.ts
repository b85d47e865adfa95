/** Integers in what a program is given: copies that nobody changes, or undefined where the value is something else. */

export const isInteger = (given: unknown, least: number): given is number =>
  typeof given === "number" && Number.isSafeInteger(given) && given >= least;

/** A list of so many integers. */
export function integersFrom(given: unknown, length: number, least: number): readonly number[] | undefined {
  // Copied, as what a hole holds is no integer, and `every` would pass over it.
  const list: readonly unknown[] = Array.isArray(given) ? [...given.slice(0, length + 1)] : [];
  return list.length === length && list.every((one) => isInteger(one, least)) ? Object.freeze([...list]) : undefined;
}

/** So many pairs of integers >= 0. */
export function pairsFrom(given: unknown, count: number): readonly (readonly [number, number])[] | undefined {
  const list: readonly unknown[] = Array.isArray(given) ? given.slice(0, count + 1) : [];
  const pairs = Array.from(list, (pair) => integersFrom(pair, 2, 0));
  const isWhole = pairs.length === count && !pairs.includes(undefined);
  return isWhole ? (Object.freeze(pairs) as readonly (readonly [number, number])[]) : undefined;
}

/** "; write [2, 2]" where one integer is given in place of a list of them; else nothing. */
export const listRemedy = (given: unknown, length: number, least: number): string =>
  isInteger(given, least) ? `; write [${new Array(length).fill(given).join(", ")}]` : "";

/** The same for pairs: "; write [[1, 1], [1, 1]]". */
export const pairsRemedy = (given: unknown, count: number): string =>
  isInteger(given, 0) ? `; write [${new Array(count).fill(`[${given}, ${given}]`).join(", ")}]` : "";
