/** WebAssembly: tiles of vectors by a model of cycles (or numbers, where an engine has no vectors), and modules as binaries. */
import type { WasmModule } from "../../ir/module.js";
import type { OpSpec } from "../../ir/ops/spec.js";
import { type Backend, type Body, type CompileOptions, compileWith } from "../backend.js";
import type { LoweredProgram } from "../lowerProgram.js";
import { renderWasm } from "../module/wasm.js";
import type { Sketches } from "../search/choice.js";
import { sketchStages } from "../search/heuristics.js";
import { scalarSketch } from "../search/scalarSketch.js";
import { vectorSketch } from "../search/vectorSketch.js";
import { type Target, type WasmFeatures, wasmTarget } from "../target.js";

export const WASM_BACKEND: Backend<"wasm"> = {
  sketches: { direct: sketchStages(({ lanes }) => (lanes > 1 ? vectorSketch : scalarSketch)) },
  render: wasmModule,
};

function wasmModule(name: string, { prepare, run }: LoweredProgram, _: string, target: Target): Body<"wasm"> {
  return {
    language: "wasm",
    vectors: vectorsOf(target),
    prepare: prepare.length > 0 ? renderWasm(`${name} (prepare)`, prepare, false) : null,
    run: renderWasm(name, run, target.threads),
  };
}

function vectorsOf({ lanes, pairs, fma }: Target): string {
  if (lanes === 1) return "no vectors";
  return `vectors of ${pairs ? 256 : 128} bits${fma ? ", fused multiply-add" : ""}`;
}

/** `winograd`: where its algorithm is wanted. */
export const compileWasm = (
  spec: OpSpec,
  features: WasmFeatures,
  options: Omit<CompileOptions<"wasm">, "target">,
  winograd?: Sketches["winograd"],
): WasmModule => {
  const sketches = { ...WASM_BACKEND.sketches, winograd };
  return compileWith({ ...WASM_BACKEND, sketches }, spec, { target: wasmTarget(features), ...options });
};
