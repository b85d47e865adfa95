/** Keys of cached code: everything that can change it, as text. */
import { canonicalKey } from "../ir/key.js";
import type { OpSpec } from "../ir/ops/spec.js";
import { VERSION } from "../ir/version.js";
import type { CodeOptions } from "./jit.js";

/** `target`: what it is compiled for, in whatever words tell targets apart. */
export function kernelKey(target: string, spec: OpSpec, { schedule, ...wanted }: CodeOptions): string {
  const parts = [target, VERSION, specKey(spec), wantedKey(wanted), schedule && canonicalKey(schedule)];
  return parts.filter((part) => part !== undefined).join(" ");
}

/** What `canonicalKey` would tell apart, at a tenth of its time: a cache hit should cost less than a small kernel. */
function specKey({ op, value, filters, rate, padding, bias, activation }: OpSpec): string {
  const epilogue = `${bias ? "bias" : ""} ${activation === undefined ? "" : canonicalKey(activation)}`;
  return `${op} ${value.join()} ${filters.join()} ${rate} ${padding} ${epilogue}`;
}

/** `accuracy` says what "auto" may choose from and nothing else. */
const wantedKey = ({ accuracy, algorithm }: Omit<CodeOptions, "schedule">): string => {
  if (algorithm === "auto") return accuracy;
  return typeof algorithm === "string" ? algorithm : canonicalKey(algorithm);
};
