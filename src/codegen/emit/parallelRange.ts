/** The loop whose iterations threads may share, and what a host must know of it. */
import { coefficientOf } from "../../ir/affine.js";
import type { WasmEntry } from "../../ir/module.js";
import type { For } from "../../ir/stmt.js";
import type { Lowered } from "../lower.js";

/** Undefined if the kernel has no such loop. */
export function parallelRange(kernel: Lowered): For | undefined {
  const [only] = kernel.body;
  return only?.kind === "for" && only.loop === "parallel" ? only : undefined;
}

/** The end of the loop, where each call chooses how many iterations it has. */
export function endOfRange(kernel: Lowered): Pick<WasmEntry, "end"> {
  const { name = "", while: form } = parallelRange(kernel) ?? {};
  if (!form || !kernel.parameter) return {};
  const perUnit = coefficientOf(form, kernel.parameter.name);
  return { end: { constant: form.constant, perUnit, by: -coefficientOf(form, name) } };
}
