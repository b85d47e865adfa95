/**
 * The WebAssembly backend: tiles of vectors by a model of cycles, modules as binaries.
 *
 * Engines without vectors get tiles of single numbers.
 */
import type { Backend, ModuleBody } from "../backend.js";
import type { LoweredProgram } from "../lowerProgram.js";
import { MAX_BYTES, renderWasm } from "../module/wasm.js";
import { copyDirectives } from "../search/copyDirectives.js";
import { IN_ORDER } from "../search/inOrder.js";
import { SCALAR_PRODUCT } from "../search/scalarTile.js";
import { CHANNEL_WISE, REDUCTION, VECTOR_PRODUCT } from "../search/vectorTile.js";
import type { Target } from "../target.js";

// A page that compiles for WebAssembly loads this file alone, so the target comes with it.
export { wasmTarget } from "../target.js";

export const WASM_BACKEND: Backend<"wasm"> = {
  sketches: [VECTOR_PRODUCT, CHANNEL_WISE, REDUCTION, SCALAR_PRODUCT, IN_ORDER],
  unscheduled: copyDirectives,
  memoryBytes: MAX_BYTES,
  render: wasmModule,
};

function wasmModule(name: string, { prepare, run }: LoweredProgram, _: string, target: Target): ModuleBody<"wasm"> {
  return {
    language: "wasm",
    vectors: vectorsOf(target),
    prepare: prepare.length > 0 ? renderWasm(`${name} (prepare)`, prepare, target.threads) : null,
    run: renderWasm(name, run, target.threads),
  };
}

function vectorsOf({ lanes, pairs, fma }: Target): string {
  if (lanes === 1) return "no vectors";
  return `vectors of ${pairs ? 256 : 128} bits${fma ? ", fused multiply-add" : ""}`;
}
