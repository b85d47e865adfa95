/** The ways to run a kernel that tests go through: every target, and WebAssembly as each engine of today would get it. */
import type { CompileOptions } from "tilewright";
import { describe } from "vitest";
import { wasmFeatures } from "../../src/runtime/host/wasmFeatures.js";
import { FEATURES, needs } from "./needs.js";

export interface Way {
  readonly title: string;
  readonly options: Pick<CompileOptions, "target" | "features" | "revectorize">;
  /** False where this engine lacks what the code needs. Tests then skip the way, which their report shows. */
  readonly runsHere: boolean;
}

const LEVELS = ["none", "simd128", "relaxed"] as const;

/** Vectors by what they offer, each for engines that hoist loads and for those that do not. */
export const WASM_WAYS: readonly Way[] = LEVELS.flatMap((simd) =>
  [false, true].map(
    (hoistsLoads): Way => ({
      title: `wasm ${simd}${hoistsLoads ? ", loads hoisted" : ""}`,
      options: { target: "wasm", features: { simd, hoistsLoads } },
      runsHere: LEVELS.indexOf(simd) <= LEVELS.indexOf(wasmFeatures().simd),
    }),
  ),
);

/** What this engine would get of itself. */
export const OWN = WASM_WAYS.find(
  ({ options: { features } }) =>
    features?.simd === wasmFeatures().simd && features.hoistsLoads === wasmFeatures().hoistsLoads,
) as Way;

const TEXT_WAYS: readonly Way[] = (["js", "plain"] as const).map((target) => ({
  title: target,
  options: { target },
  runsHere: true,
}));

export const WAYS: readonly Way[] = [...TEXT_WAYS, ...WASM_WAYS];

/** Two vectors in one register. Its flag stays on in the process, so whoever uses this way uses it last. */
export const PAIRED: Way = {
  title: "wasm, 256 bits",
  options: { target: "wasm", revectorize: true },
  runsHere: Number.parseInt(process.versions.node, 10) >= 22 && process.arch === "x64",
};

/** The tests once for every way; for those that cannot run here, as skipped ones. */
export function onEveryWay(tests: (options: Way["options"]) => void): void {
  for (const { title, options, runsHere } of WAYS)
    describe(title, needs({ [FEATURES]: runsHere }), () => tests(options));
}
