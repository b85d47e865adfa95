/**
 * Checks targets, and the features that targets are made of, from outside: code for a machine of three lanes would be
 * code for none.
 */
import { fail, reading, show } from "../ir/errors.js";
import { canonicalKey } from "../ir/key.js";
import { meantValue } from "../ir/meant.js";
import type { Triple } from "../ir/stmt.js";
import {
  DEFAULT_LIMITS,
  type Features,
  JS,
  type Language,
  type Target,
  targetOf,
  type WasmFeatures,
  type WebgpuFeatures,
  type WorkgroupLimits,
  wasmTarget,
  wgslTarget,
} from "./target.js";

type Fields = Readonly<Record<string, unknown>>;

/** See `wasmTarget`. Throws `invalid-argument`. */
export const checkedWasmTarget = (features: WasmFeatures): Target<"wasm"> =>
  reading("features", () => wasmTarget(wasmFeaturesFrom(fieldsOf("features", features))));

/** See `wgslTarget`. Throws `invalid-argument`. */
export const checkedWgslTarget = (features: WebgpuFeatures): Target<"wgsl"> =>
  reading("features", () => wgslTarget(webgpuFeaturesFrom(fieldsOf("features", features))));

/** See `targetOf`. Throws `invalid-argument`. */
export const checkedTargetOf = (features: Features, gpu?: Omit<WebgpuFeatures, "storage">): Target =>
  reading("features", () => {
    const fields = fieldsOf("features", features);
    switch (oneOf("features.language", fields.language, LANGUAGES)) {
      case "js":
        return JS;
      case "wasm":
        return targetOf({ language: "wasm", ...wasmFeaturesFrom(fields) });
      case "wgsl": {
        const machine = gpu === undefined ? { limits: DEFAULT_LIMITS } : fieldsOf("the GPU", gpu);
        return wgslTarget(webgpuFeaturesFrom({ ...machine, storage: fields.storage }));
      }
    }
  });

/** Throws `invalid-argument` unless it is a target as `JS`, `wasmTarget`, `wgslTarget` and `targetOf` make them. */
export const checkTarget = <L extends Language>(target: Target<L>): Target<L> =>
  reading("a target", () => targetFrom(fieldsOf("a target", target)) as Target<L>);

/** Fields with values of the caller's own. The features decide all others. */
const FREE = ["registers", "multiprocessors"];

function targetFrom(fields: Fields): Target {
  const made: Target = alike(fields);
  for (const [name, value] of Object.entries(made)) {
    if (!FREE.includes(name) && canonicalKey(fields[name]) !== canonicalKey(value))
      refuse(`target.${name} of such a target is ${show(value)}; got ${show(fields[name])}. ${REMEDY}`);
  }
  const count = (name: string) => positive(`target.${name}`, fields[name]);
  return { ...made, registers: count("registers"), multiprocessors: count("multiprocessors") };
}

const REMEDY = "Take JS, or what wasmTarget, wgslTarget or targetOf returns";

/** The target of these features. */
function alike(fields: Fields): Target {
  const { lanes, fma, storage, workgroups: limits, multiprocessors } = fields;
  switch (oneOf("target.language", fields.language, LANGUAGES)) {
    case "js":
      return JS;
    case "wasm":
      return wasmTarget(
        wasmFeaturesFrom({ ...fields, simd: lanes === 1 ? "none" : fma === true ? "relaxed" : "simd128" }),
      );
    case "wgsl":
      return wgslTarget(webgpuFeaturesFrom({ limits, storage, multiprocessors }));
  }
}

const LANGUAGES = ["js", "wasm", "wgsl"] as const;
const SIMD = ["none", "simd128", "relaxed"] as const;
const STORAGES = ["f32", "f16"] as const;

const wasmFeaturesFrom = ({
  simd,
  hoistsLoads,
  pairs,
  threads,
  registers,
  slowSplats = false,
  storage = "f32",
}: Fields): WasmFeatures => ({
  simd: oneOf("simd", simd, SIMD),
  hoistsLoads: yesOrNo("hoistsLoads", hoistsLoads),
  pairs: yesOrNo("pairs", pairs),
  threads: yesOrNo("threads", threads),
  ...(registers === undefined ? {} : { registers: positive("registers", registers) }),
  ...(yesOrNo("slowSplats", slowSplats) ? { slowSplats: true } : {}),
  ...(oneOf("storage", storage, STORAGES) === "f16" ? { storage: "f16" } : {}),
});

const webgpuFeaturesFrom = ({ limits, storage, multiprocessors }: Fields): WebgpuFeatures => ({
  limits: limitsFrom(fieldsOf("limits of a GPU", limits)),
  storage: oneOf("storage", storage, STORAGES),
  ...(multiprocessors === undefined ? {} : { multiprocessors: positive("multiprocessors", multiprocessors) }),
});

function limitsFrom(fields: Fields): WorkgroupLimits {
  const along: readonly unknown[] = Array.isArray(fields.invocationsAlong) ? fields.invocationsAlong.slice(0, 4) : [];
  if (along.length !== 3)
    refuse(`limits.invocationsAlong is a list of three integers; got ${show(fields.invocationsAlong)}`);
  const [x, y, z] = along.map((limit) => positive("limits.invocationsAlong", limit)) as [number, number, number];
  const invocationsAlong: Triple = [x, y, z];
  const limit = (name: keyof WorkgroupLimits) => positive(`limits.${name}`, fields[name]);
  return {
    invocations: limit("invocations"),
    invocationsAlong,
    workgroupBytes: limit("workgroupBytes"),
    workgroupsAlong: limit("workgroupsAlong"),
    storageBuffers: limit("storageBuffers"),
    bufferBytes: limit("bufferBytes"),
  };
}

const refuse = (why: string): never => fail("invalid-argument", why);

const fieldsOf = (what: string, given: unknown): Fields =>
  typeof given === "object" && given !== null ? { ...given } : refuse(`${what} must be an object; got ${show(given)}`);

const oneOf = <T extends string>(what: string, given: unknown, known: readonly T[]): T =>
  known.find((one) => one === given) ??
  refuse(`${what} is one of ${known.join(", ")}; got ${show(given)}${meantValue(given, known)}`);

const yesOrNo = (what: string, given: unknown): boolean =>
  typeof given === "boolean" ? given : refuse(`${what} must be true or false; got ${show(given)}`);

const MOST = 2 ** 32;

const positive = (what: string, given: unknown): number =>
  typeof given === "number" && Number.isInteger(given) && given >= 1 && given <= MOST
    ? given
    : refuse(`${what} takes integers >= 1; got ${show(given)}`);
