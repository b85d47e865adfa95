/** Reads the records of `tilewright tune`: schedules that were measured to be faster than the cost model's pick. */
import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { fail } from "../ir/errors.js";
import type { Spec } from "../ir/ops/spec.js";
import type { Variant } from "../runtime/built/modules.js";
import { wasmFeaturesOf } from "../runtime/compiledFor.js";
import { tuningKey } from "../runtime/keys.js";
import type { Features, PointName, Wanted } from "../runtime/wanted.js";
import type { LoadedConfig } from "./config.js";

/** The default file of records, beside the configuration. */
export const DEFAULT_RECORDS = "tilewright.tuning.jsonl";

/** Engines with relaxed SIMD keep the written order of loads. Other engines may hoist loads, so they are assumed to. */
const wasm = (simd: "relaxed" | "simd128", isThreaded = false): Features =>
  wasmFeaturesOf({ simd, hoistsLoads: simd !== "relaxed", shared: isThreaded, revectorize: false });

/** The features of the engine for which each variant is made. */
export const FEATURES: Readonly<Record<Variant, Features>> = {
  js: { language: "js" },
  "wasm-relaxed": wasm("relaxed"),
  "wasm-simd128": wasm("simd128"),
  "wasm-relaxed-threads": wasm("relaxed", true),
  "wasm-simd128-threads": wasm("simd128", true),
  webgpu: { language: "wgsl", storage: "f32" },
  "webgpu-f16": { language: "wgsl", storage: "f16" },
};

/** The tuned schedules by variant. A variant that is missing here gets the cost model's pick. */
export type Tuned = { readonly [Name in Variant]?: PointName };

/** The paths of the records. Throws `invalid-argument` if the configuration names a file that does not exist. */
export function recordPaths({ root, config }: Pick<LoadedConfig, "root" | "config">): string[] {
  if (config.tuning === undefined) return [resolve(root, DEFAULT_RECORDS)].filter((path) => existsSync(path));
  const paths = config.tuning.map((path) => resolve(root, path));
  const missing = paths.find((path) => !existsSync(path));
  if (missing === undefined) return paths;
  return fail(
    "invalid-argument",
    `there is no ${basename(missing)}, which "tuning" names; run tilewright tune, or leave it out`,
  );
}

export class Tuning {
  readonly #points: ReadonlyMap<string, PointName>;

  static readonly NONE = new Tuning(new Map());

  private constructor(points: ReadonlyMap<string, PointName>) {
    this.#points = points;
  }

  static async load(loaded: Pick<LoadedConfig, "root" | "config">): Promise<Tuning> {
    const paths = recordPaths(loaded);
    if (paths.length === 0) return Tuning.NONE;
    const { readBest } = await import("../tune/node/readBest.js");
    return new Tuning(readBest(paths));
  }

  for(spec: Spec, wanted: Required<Wanted>, variants: readonly Variant[]): Tuned {
    const found = variants.flatMap((variant) => {
      const point = this.#points.get(tuningKey(spec, wanted, FEATURES[variant]));
      return point ? [[variant, point] as const] : [];
    });
    return Object.fromEntries(found);
  }
}
