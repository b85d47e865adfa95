/** Finds out, once, if this page can compile WebAssembly, and with which vectors. */
import type { WasmFeatures } from "../wanted.js";

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
/** One function of type `() -> v128`, whose body follows. */
const V128_FUNCTION = [...HEADER, 1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0];
const ZERO = [0x41, 0, 0xfd, 0x0f];

const moduleOf = (body: readonly number[]): Uint8Array<ArrayBuffer> => {
  const code = [0, ...body, 0x0b];
  return Uint8Array.from([...V128_FUNCTION, 10, code.length + 2, 1, code.length, ...code]);
};

const SIMD128 = moduleOf(ZERO); // i8x16.splat
const RELAXED = moduleOf([...ZERO, ...ZERO, ...ZERO, 0xfd, 0x85, 0x02]); // f32x4.relaxed_madd

let allowed: boolean | undefined;

/** True if modules may be compiled here; a page's policy can forbid it. */
export function canCompileWasm(): boolean {
  if (allowed === undefined) {
    try {
      allowed = typeof WebAssembly === "object" && new WebAssembly.Module(Uint8Array.from(HEADER)) !== undefined;
    } catch {
      allowed = false; // the policy: that is the answer, not an error
    }
  }
  return allowed;
}

let found: WasmFeatures["simd"] | undefined;

export function simdLevel(): WasmFeatures["simd"] {
  found ??= isValid(RELAXED) ? "relaxed" : isValid(SIMD128) ? "simd128" : "none";
  return found;
}

/** True if the engine accepts the module. A browser in lockdown mode may have no WebAssembly at all. */
const isValid = (module: Uint8Array<ArrayBuffer>): boolean =>
  typeof WebAssembly === "object" && WebAssembly.validate(module);
