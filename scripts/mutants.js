// @ts-check
/**
 * The mutants of scripts/mutate.js, listed in scripts/mutants/: each is a place in the sources, the text that stands there
 * instead, and the smallest test files that must notice it. Guards, barriers and identities deserve one each.
 * test/house/mutants.test.ts keeps the texts true.
 */
import { OF_ANY_LENGTH } from "./mutants/anyLength.js";
import { OF_CODE, OF_THE_RUNTIME } from "./mutants/code.js";
import { OF_DERIVATION } from "./mutants/derive.js";
import { OF_FORMULAS } from "./mutants/formula.js";
import { OF_ACCESS, OF_REWRITES, OF_THE_IR } from "./mutants/ir.js";
import { OF_CACHES, OF_NESTS } from "./mutants/nests.js";
import { OF_PASSES } from "./mutants/passes.js";
import { OF_SEARCH } from "./mutants/search.js";
import { OF_TFJS } from "./mutants/tfjs.js";

/** @typedef {import("./mutants/mutantsOf.js").Mutant} Mutant */

export const MUTANTS = [
  OF_THE_IR,
  OF_ACCESS,
  OF_DERIVATION,
  OF_REWRITES,
  OF_FORMULAS,
  OF_SEARCH,
  OF_NESTS,
  OF_CACHES,
  OF_PASSES,
  OF_CODE,
  OF_THE_RUNTIME,
  OF_ANY_LENGTH,
  OF_TFJS,
].flat(2);
