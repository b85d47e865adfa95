/** WebAssembly by a second opinion: wabt reads, validates and prints what the assembler wrote. */
import wabt from "wabt";

const toolkit = await wabt();

/** What kernels may use; anything else is no valid module. */
const FEATURES = { simd: true, relaxed_simd: true, threads: true };

/** The module as text; throws where it is not valid. */
export function textOf(code: Uint8Array): string {
  const module = toolkit.readWasm(code, { check: true, ...FEATURES });
  try {
    module.validate();
    module.generateNames();
    module.applyNames();
    return module.toText({ foldExprs: true, inlineExport: true });
  } finally {
    module.destroy();
  }
}
