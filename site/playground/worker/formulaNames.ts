/** The names in a formula's text. */

import type { ReductionNode, ValueNode } from "../../../src/formula/formula.js";
import { parseFormula } from "../../../src/formula/parse.js";
import { axesOfLine, outermost, readsOf } from "../../../src/formula/walk.js";
import type { FormulaNames } from "../messages.js";

/** Throws `invalid-formula`. */
export function formulaNames(text: string): FormulaNames {
  const { lines } = parseFormula(text);
  const written = new Set(lines.map(({ tensor }) => tensor));
  const read = new Set(lines.flatMap(({ value }) => readsOf(value)).map(({ tensor }) => tensor));
  const axes = lines.flatMap((line) => [
    ...axesOfLine(line),
    ...reductionsIn(line.value).flatMap((reduction) => reduction.axes.map(({ name }) => name)),
  ]);
  return {
    read: [...read].filter((name) => !written.has(name)),
    written: [...written],
    axes: [...new Set(axes)],
  };
}

const reductionsIn = (value: ValueNode): ReductionNode[] =>
  outermost(value).flatMap((reduction) => [reduction, ...reductionsIn(reduction.body)]);
