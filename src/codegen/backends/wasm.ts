/** WebAssembly: tiles of vectors by a model of cycles (or numbers, where an engine has no vectors), and modules as binaries. */
import type { Backend, Body } from "../backend.js";
import type { LoweredProgram } from "../lowerProgram.js";
import { renderWasm } from "../module/wasm.js";
import { directOnCpu } from "../search/directOnCpu.js";
import type { Target } from "../target.js";

// With these the file is all that a page needs to compile, and all that it loads.
export { compileWith } from "../backend.js";
export { wasmTarget } from "../target.js";

export const WASM_BACKEND: Backend<"wasm"> = { direct: directOnCpu, render: wasmModule };

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
