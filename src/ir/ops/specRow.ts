/** A spec in one row of text, for people and for the banner of generated files. */
import { show } from "../errors.js";
import { type FormulaSpec, isFormula } from "./formulaSpec.js";
import type { OpSpec, Spec } from "./spec.js";

export const specRow = (spec: Spec): string => (isFormula(spec) ? formulaRow(spec) : opRow(spec));

const opRow = ({ op, value, filters, rate, padding, bias, activation }: OpSpec): string =>
  `${op} ${value.join("x")} with ${filters.join("x")}, rate ${rate}, ${padding}` +
  `${bias ? ", bias" : ""}${activation === undefined ? "" : `, ${show(activation)}`}`;

function formulaRow({ name, formula, tensors, weights = [] }: FormulaSpec): string {
  const shapes = Object.entries(tensors).map(
    ([name, shape]) => `${name} ${shape.join("x") || "[]"}${weights.includes(name) ? " (weights)" : ""}`,
  );
  const lines = formula.replaceAll("\n", "; ");
  return [name === undefined ? lines : `${name}: ${lines}`, ...shapes].join(", ");
}
