/**
 * Keys: what decides a kernel, as text. A request finds kernels made ahead of time; with features, schedules that were
 * tuned; with all that can change code, code in the cache.
 */
import { unreachable } from "../ir/errors.js";
import { canonicalKey } from "../ir/key.js";
import type { Spec } from "../ir/ops/spec.js";
import { isFamily, isFormula } from "../ir/ops/specKind.js";
import { VERSION } from "../ir/version.js";
import type { CompiledFor } from "./compiledFor.js";
import type { CodeOptions, Features, Wanted } from "./wanted.js";

/** The key of a request to `compile`. */
export const requestKey = (spec: Spec, wanted: Required<Wanted>): string => `${specKey(spec)} ${wantedKey(wanted)}`;

export const tuningKey = (spec: Spec, wanted: Required<Wanted>, features: Features): string =>
  `${requestKey(spec, wanted)} ${canonicalKey(features)}`;

/** `revision`: see `tuningRevision`; without a schedule, what was tuned decides. */
export function codeKey(
  spec: Spec,
  { schedule, ...wanted }: CodeOptions,
  compiledFor: CompiledFor,
  revision: number,
): string {
  const chosen = schedule ? ` ${canonicalKey(schedule)}` : revision > 0 ? ` ${revision}` : "";
  return `${compiledForKey(compiledFor)} ${VERSION} ${requestKey(spec, wanted)}${chosen}`;
}

function compiledForKey(compiledFor: CompiledFor): string {
  const { tier } = compiledFor;
  switch (tier) {
    case "js":
    case "plain":
      return tier;
    case "wasm": {
      // What else an engine has is the same for all code of a process.
      const { simd, hoistsLoads, threads, shared, revectorize, storage } = compiledFor;
      const memory = shared ? "shared" : "private";
      const vectors = revectorize ? "revectorized" : "";
      return `${tier} ${simd} ${hoistsLoads ? "hoisted" : "in order"} ${threads} ${memory} ${storage} ${vectors}`;
    }
    case "webgpu": {
      const { storage, limits, multiprocessors } = compiledFor;
      return `${tier} ${storage} ${Object.values(limits).join(" ")} ${multiprocessors ?? "of any size"}`;
    }
    default:
      return unreachable(tier);
  }
}

/** Tells apart as `canonicalKey` would, in a tenth of its time: a cache hit should cost less than a small kernel. */
function specKey(spec: Spec): string {
  if (isFormula(spec) || isFamily(spec)) return canonicalKey(spec);
  const { op, value, filters, rate, padding, bias, activation } = spec;
  const epilogue = `${bias ? "bias" : ""} ${activation === undefined ? "" : canonicalKey(activation)}`;
  return `${op} ${value.join()} ${filters.join()} ${rate} ${padding} ${epilogue}`;
}

/** `accuracy` says what "auto" may choose from and nothing else. */
const wantedKey = ({ accuracy, algorithm }: Required<Wanted>): string => {
  if (algorithm === "auto") return accuracy;
  return typeof algorithm === "string" ? algorithm : canonicalKey(algorithm);
};
