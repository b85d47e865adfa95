/** Kinds of specs, told apart by a look. Each of these has a reader of its own, and so have shorthands. */
import type { AnyLengthSpec, FamilySpec } from "./familySpec.js";
import type { FormulaSpec } from "./formulaSpec.js";

/** True if the value means to be a formula spec. */
export const isFormula = (spec: unknown): spec is FormulaSpec =>
  typeof spec === "object" && spec !== null && Object.hasOwn(spec, "formula");

/** True if the value means to be a member of the family. A `conv2d` with a rate is an op of its own. */
export function isFamily(spec: unknown): spec is AnyLengthSpec | FamilySpec {
  const { op, rate } = (spec ?? {}) as Readonly<Record<string, unknown>>;
  return /^(conv[123]d(Transpose)?|depthwiseConv2d)$/.test(String(op)) && (op !== "conv2d" || rate === undefined);
}
