/** The parts of the compiler that a job needs, each loaded with the first job that needs it. */
import type { Backend } from "../../../src/codegen/backend.js";
import type { Approach } from "../../../src/codegen/search/approach.js";
import type { Language } from "../../../src/codegen/target.js";

export async function backendFor(language: Language): Promise<Backend<Language>> {
  switch (language) {
    case "js":
      return (await import("../../../src/codegen/backends/js.js")).JS_BACKEND as Backend<Language>;
    case "wasm":
      return (await import("../../../src/codegen/backends/wasm.js")).WASM_BACKEND as Backend<Language>;
    case "wgsl":
      return (await import("../../../src/codegen/backends/wgsl.js")).WGSL_BACKEND as Backend<Language>;
  }
}

/** Winograd's algorithm for a language. */
export async function winogradFor(language: Language): Promise<Approach> {
  return language === "wgsl"
    ? (await import("../../../src/codegen/search/winogradOnGpu.js")).winogradOnGpu
    : (await import("../../../src/codegen/search/winogradOnCpu.js")).winogradOnCpu;
}
