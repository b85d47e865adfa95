/** Specs of all kinds from outside, for those who have every reader at hand. */
import { readFormula } from "../formula/spec.js";
import { reading } from "../ir/errors.js";
import { programOf } from "../ir/ops/index.js";
import { isShorthand } from "../ir/ops/shorthandSpec.js";
import { checkSpec, type Spec } from "../ir/ops/spec.js";
import { isFamily, isFormula } from "../ir/ops/specKind.js";
import type { Program } from "../ir/program.js";
import { readFamily } from "../ops/spec.js";
import { readShorthand } from "../shorthands/index.js";

/** Throws what `checkSpec`, `readFormula`, `readFamily` and `readShorthand` throw. */
export const checkAnySpec = (given: unknown): Spec =>
  reading("a spec", () => {
    if (isFormula(given)) return readFormula(given);
    if (isShorthand(given)) return readShorthand(given);
    return isFamily(given) ? readFamily(given) : checkSpec(given);
  });

/** The program of a spec from outside. Throws what `checkAnySpec` throws. */
export const programOfAny = (given: unknown): Program => programOf(checkAnySpec(given));
