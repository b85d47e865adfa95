/** A spec in one row of text, for people and for the banner of generated files. */
import { show } from "../errors.js";
import type { AnyLengthSpec, FamilySpec } from "./familySpec.js";
import type { FormulaSpec } from "./formulaSpec.js";
import { rateText } from "./rate.js";
import type { OpSpec, Spec } from "./spec.js";
import { isFamily, isFormula } from "./specKind.js";

export function specRow(spec: Spec): string {
  if (isFormula(spec)) return formulaRow(spec);
  return isFamily(spec) ? familyRow(spec) : opRow(spec);
}

function familyRow({ op, value, filters, bias, activation, ...attributes }: AnyLengthSpec | FamilySpec): string {
  const said = Object.entries(attributes).map(
    ([name, given]) => `, ${name} ${typeof given === "string" ? given : show(given)}`,
  );
  const shape = value.map(sizeText).join("x");
  return `${op} ${shape} with ${filters.join("x")}${said.join("")}${epilogueText(bias, activation)}`;
}

const sizeText = (size: AnyLengthSpec["value"][number]): string =>
  typeof size === "number" ? `${size}` : `[up to ${size.max} in steps of ${size.multiple ?? 1}]`;

const epilogueText = (bias: boolean | undefined, activation: FamilySpec["activation"]): string =>
  `${bias ? ", bias" : ""}${activation === undefined ? "" : `, ${show(activation)}`}`;

const opRow = ({ op, value, filters, rate, padding, bias, activation }: OpSpec): string =>
  `${op} ${value.join("x")} with ${filters.join("x")}, rate ${rateText(rate)}, ${padding}` +
  epilogueText(bias, activation);

function formulaRow({ name, formula, tensors, weights = [] }: FormulaSpec): string {
  const shapes = Object.entries(tensors).map(
    ([name, shape]) => `${name} ${shape.join("x") || "[]"}${weights.includes(name) ? " (weights)" : ""}`,
  );
  const lines = formula.replaceAll("\n", "; ");
  return [name === undefined ? lines : `${name}: ${lines}`, ...shapes].join(", ");
}
