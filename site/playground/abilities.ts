/** The abilities of this browser. */
import { signal } from "@preact/signals";
import type { Features } from "tilewright/compiler";
import { canRunText } from "../../src/runtime/host/text.js";
import { wasmFeatures } from "../../src/runtime/host/wasmFeatures.js";
import type { Setup, Simd, TargetChoice } from "./setup.js";

const LEVELS: readonly Simd[] = ["none", "simd128", "relaxed"];

const here = wasmFeatures();

/** The levels of vectors that WebAssembly has here. */
export const SIMD_LEVELS = LEVELS.slice(0, LEVELS.indexOf(here.simd) + 1);

/** Undefined until the browser has said if it has a GPU. */
export const hasGpu = signal<boolean | undefined>(undefined);

export async function lookForGpu(): Promise<void> {
  try {
    hasGpu.value = Boolean(await navigator.gpu?.requestAdapter());
  } catch {
    hasGpu.value = false;
  }
}

/** Why this page cannot run code for a target, or undefined if it can. */
export function missingFor(target: TargetChoice): string | undefined {
  if (target === "webgpu" && hasGpu.value !== true)
    return "this browser offers no GPU to pages, so WGSL can be read here and not run";
  if (target === "js" && !canRunText())
    return "the policy of this page allows no code from text, so JavaScript can be read here and not run; take wasm";
  return undefined;
}

export function featuresOf({ target, simd = here.simd }: Setup): Features {
  if (target === "js") return { language: "js" };
  if (target === "webgpu") return { language: "wgsl", storage: "f32" };
  return { language: "wasm", simd, hoistsLoads: here.hoistsLoads, pairs: false, threads: false };
}
