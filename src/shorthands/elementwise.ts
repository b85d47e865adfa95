/** Ops that go element by element. */
import { failInternally } from "../ir/errors.js";
import type { FormulaSpec } from "../ir/ops/formulaSpec.js";
import { broadcastShapes } from "./broadcast.js";
import type { SpecFields } from "./fields.js";
import { element, namedAxes, withActivation } from "./text.js";

const OPERATORS: Readonly<Record<string, (a: string, b: string) => string>> = {
  add: (a, b) => `${a} + ${b}`,
  subtract: (a, b) => `${a} - ${b}`,
  multiply: (a, b) => `${a} * ${b}`,
  divide: (a, b) => `${a} / ${b}`,
  maximum: (a, b) => `max(${a}, ${b})`,
  minimum: (a, b) => `min(${a}, ${b})`,
};

export const ELEMENTWISE = ["a", "b", "activation"];

export function byElement(fields: SpecFields): FormulaSpec {
  const [a, b] = [fields.shape("a"), fields.shape("b")];
  const { shape, axes, at } = broadcastShapes(fields, [a, b]);
  const apply = OPERATORS[fields.op] ?? failInternally(`there is no operator ${fields.op}`);
  const value = apply(element("a", at[0] ?? []), element("b", at[1] ?? []));
  return {
    name: fields.op,
    formula: `${element("output", axes)} = ${withActivation(value, fields.activation())}`,
    tensors: { a, b, output: shape },
  };
}

export const ACTIVATE = ["value", "activation"];

export function activate(fields: SpecFields): FormulaSpec {
  const value = fields.shape("value");
  const axes = namedAxes(value);
  const activation = fields.activation() ?? fields.refuse("activate needs an activation, such as relu");
  return {
    name: "activate",
    formula: `${element("output", axes)} = ${withActivation(element("value", axes), activation)}`,
    tensors: { value },
  };
}
