/** Checks specs from outside. What reads a kind of spec is loaded with the first one of that kind. */
import { reading } from "../ir/errors.js";
import type { AnyLengthSpec, FamilySpec } from "../ir/ops/familySpec.js";
import type { FormulaSpec } from "../ir/ops/formulaSpec.js";
import { isShorthand, type ShorthandSpec } from "../ir/ops/shorthandSpec.js";
import { checkSpec, type GivenSpec, type OpSpec, type Spec } from "../ir/ops/spec.js";
import { isFamily, isFormula } from "../ir/ops/specKind.js";
import { READERS, type Reader } from "./jit.js";

/** A spec that a reader of its own checks. */
export type ReadSpec = AnyLengthSpec | FormulaSpec | FamilySpec | ShorthandSpec;

/** Loads the reader of a spec, if it has one of its own. */
export async function loadReader(given: GivenSpec): Promise<void> {
  await readerOf(given)?.load();
}

/** Throws what `checkSpec` and the readers throw, and `not-ready` if the reader has not been loaded. */
export function readSpec(given: GivenSpec): Spec {
  const reader = readerOf(given);
  return reader ? reader.read(given) : checkSpec(given as OpSpec);
}

/** Loads what reads the spec, and checks it. Throws what `checkSpec` and the readers throw. */
export async function loadSpec(given: unknown): Promise<Spec> {
  await loadReader(given as GivenSpec);
  return readSpec(given as GivenSpec);
}

/** True if a reader of its own is loaded for the spec. */
export const hasReader = (given: unknown): given is ReadSpec => readerOf(given) !== undefined;

const readerOf = (given: unknown): Reader | undefined =>
  reading("a spec", () => {
    if (isFormula(given)) return READERS.formula;
    if (isShorthand(given)) return READERS.shorthand;
    return isFamily(given) ? READERS.family : undefined;
  });
