/** Makes a request to `compile` into text: the key under which kernels made ahead of time are found. */
import { canonicalKey } from "../ir/key.js";
import type { OpSpec } from "../ir/ops/spec.js";
import type { Wanted } from "./wanted.js";

export const requestKey = (spec: OpSpec, wanted: Required<Wanted>): string => `${specKey(spec)} ${wantedKey(wanted)}`;

/** Tells specs apart like `canonicalKey`, in a tenth of the time: a cache hit should cost less than a small kernel. */
function specKey({ op, value, filters, rate, padding, bias, activation }: OpSpec): string {
  const epilogue = `${bias ? "bias" : ""} ${activation === undefined ? "" : canonicalKey(activation)}`;
  return `${op} ${value.join()} ${filters.join()} ${rate} ${padding} ${epilogue}`;
}

/** `accuracy` decides nothing once an algorithm is named: it says only which ones "auto" may choose. */
const wantedKey = ({ accuracy, algorithm }: Required<Wanted>): string => {
  if (algorithm === "auto") return accuracy;
  return typeof algorithm === "string" ? algorithm : canonicalKey(algorithm);
};
