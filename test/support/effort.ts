/** How hard the property tests try, and from which seed: TILEWRIGHT_PAIRS and TILEWRIGHT_SEED override both. */
export const PAIRS = Number(process.env.TILEWRIGHT_PAIRS ?? 50);
export const SEED = Number(process.env.TILEWRIGHT_SEED ?? Date.now() % 2 ** 31);
