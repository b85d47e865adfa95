/** How hard the property tests try, and from which seed: TILEWRIGHT_PAIRS and TILEWRIGHT_SEED override both. */
export const PAIRS = Number(process.env.TILEWRIGHT_PAIRS ?? 30);
export const SEED = Number(process.env.TILEWRIGHT_SEED ?? Date.now() % 2 ** 31);

/** True where tests that take minutes have them: in `npm run test:all`. */
export const HAS_TIME = PAIRS >= 50;

/** True where tests that take hours have them: in `npm run test:nightly`. */
export const IS_NIGHT = PAIRS >= 500;
