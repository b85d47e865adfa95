/** Formula specs from outside: read, checked, and spelled in one way, so that equal formulas have one key. */
import { fail, reading, show } from "../ir/errors.js";
import { meant } from "../ir/meant.js";
import type { FormulaSpec } from "../ir/ops/formulaSpec.js";
import { programWithin, withProgram } from "../ir/ops/specWithProgram.js";
import type { FormulaOptions } from "./options.js";
import { parseFormula } from "./parse.js";
import { printFormula } from "./print.js";
import { formulaProgram } from "./program.js";

const KEYS = ["name", "formula", "tensors", "weights", "constants", "outputs"];

/**
 * Reads the spec of a formula, and makes its program.
 * @throws TilewrightError `invalid-formula`, `invalid-spec`, `invalid-argument`, `too-large`
 */
export const readFormula = (given: FormulaSpec): FormulaSpec =>
  programWithin(given) ? given : reading("a spec", () => formulaFrom({ ...given }), "invalid-spec");

function formulaFrom(given: Readonly<Record<string, unknown>>): FormulaSpec {
  const strange = Object.keys(given).find((key) => !KEYS.includes(key));
  if (strange !== undefined)
    fail(
      "invalid-spec",
      `the spec of a formula has no ${show(strange)}; it may have ${KEYS.join(", ")}${meant(strange, KEYS)}`,
    );
  const { formula: text, ...options } = snapshotOf(given) as FormulaOptions & { readonly formula: string };
  const formula = parseFormula(text);
  const program = formulaProgram(formula, options);
  return withProgram({ ...options, formula: printFormula(formula) }, program);
}

/** More than any constant may have. */
const MOST_VALUES = 2 ** 24;

/** The value as it is now, as callers may change theirs later. What is undefined is left out. */
function snapshotOf(given: unknown): unknown {
  if (Array.isArray(given)) {
    // A list may claim to be endless, and a copy would be.
    if (given.length > MOST_VALUES)
      fail("too-large", `a list in a spec has at most ${MOST_VALUES} values; got ${given.length}`);
    return Object.freeze(Array.from(given, snapshotOf));
  }
  if (typeof given !== "object" || given === null) return given;
  const fields = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.freeze(Object.fromEntries(fields.map(([key, value]) => [key, snapshotOf(value)])));
}
