/** Reads the records of `tilewright tune`: schedules that were measured to be faster than the cost model's pick. */
import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { fail } from "../ir/errors.js";
import type { Spec } from "../ir/ops/spec.js";
import type { Variant } from "../runtime/built/modules.js";
import { wasmFeaturesOf } from "../runtime/compiledFor.js";
import { tuningKey } from "../runtime/keys.js";
import type { Features, PointName, Wanted } from "../runtime/wanted.js";
import type { KindPoint } from "../tune/kinds.js";
import type { Best } from "../tune/node/readBest.js";
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

/** The tuned schedules of a kernel. */
export interface Tuned {
  /** Schedules for all devices. A variant that is missing here gets the cost model's pick. */
  readonly points: { readonly [Name in Variant]?: PointName };
  /** Schedules for kinds of device that need another one: each is a file more. */
  readonly kinds: readonly TunedKind[];
}

export interface TunedKind extends KindPoint {
  readonly variant: Variant;
}

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
  readonly #best: Best;

  static readonly NONE = new Tuning({ points: new Map(), kinds: new Map() });

  private constructor(best: Best) {
    this.#best = best;
  }

  static async load(loaded: Pick<LoadedConfig, "root" | "config">): Promise<Tuning> {
    const paths = recordPaths(loaded);
    if (paths.length === 0) return Tuning.NONE;
    const { readBest } = await import("../tune/node/readBest.js");
    return new Tuning(readBest(paths));
  }

  for(spec: Spec, wanted: Required<Wanted>, variants: readonly Variant[]): Tuned {
    const keys = variants.map((variant) => ({ variant, key: tuningKey(spec, wanted, FEATURES[variant]) }));
    const points = keys.flatMap(({ variant, key }) => {
      const point = this.#best.points.get(key);
      return point ? [[variant, point] as const] : [];
    });
    const kinds = keys.flatMap(({ variant, key }) =>
      (this.#best.kinds.get(key) ?? []).map((kind) => ({ ...kind, variant })),
    );
    return { points: Object.fromEntries(points), kinds };
  }
}
