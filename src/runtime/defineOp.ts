/** `defineOp`: an op of one's own, a formula with a name that waits for the shapes of its tensors. */
import type { FormulaSpec } from "../ir/ops/formulaSpec.js";

/** The parts of a spec that belong to the op and not to a call. */
export type OpOptions = Pick<FormulaSpec, "weights" | "constants" | "outputs">;

/**
 * An op of one's own. It is a function from shapes to the spec of a call, which stands wherever a spec does. Nothing is
 * checked before that: what compiles the spec refuses a name, a formula or shapes that are wrong.
 * @param name at most 64 letters and digits, a letter first
 */
export const defineOp =
  <const F extends string, const O extends OpOptions = Record<never, never>>(name: string, formula: F, options?: O) =>
  <const T extends FormulaSpec["tensors"]>(tensors: T) =>
    ({ name, formula, ...options, tensors }) as O & { readonly name: string; readonly formula: F; readonly tensors: T };
