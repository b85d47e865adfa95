// @ts-check
/** What a mutant is, and how the lists beside this file spell it. */

/** @typedef {{ name: string, file: string, from: string, to: string, noticedBy: readonly string[] }} Mutant */

/**
 * Mutants of one file that the same tests must notice, by name: `from`, which occurs exactly once, and `to`.
 * @param {string} file
 * @param {readonly string[]} noticedBy
 * @param {Readonly<Record<string, readonly [string, string]>>} places
 * @returns {readonly Mutant[]}
 */
export const mutantsOf = (file, noticedBy, places) =>
  Object.entries(places).map(([name, [from, to]]) => ({ name, file, from, to, noticedBy }));
