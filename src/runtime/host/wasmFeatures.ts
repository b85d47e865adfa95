/** The features of this engine that decide how WebAssembly is compiled for it. */
import type { WasmFeatures } from "../wanted.js";
import { simdLevel } from "./wasmSupport.js";

let found: Pick<WasmFeatures, "simd" | "hoistsLoads"> | undefined;

export function wasmFeatures(): Pick<WasmFeatures, "simd" | "hoistsLoads"> {
  found ??= { simd: simdLevel(), hoistsLoads: hoistsLoads() };
  return found;
}

/**
 * True if the engine moves all loads of a loop body to its top. V8's old compiler for WebAssembly did so (seen in
 * Node 22, V8 12.4); the new one keeps the written order (seen in Node 24, V8 13.6). Chrome N has V8 N/10. An engine
 * other than V8 is taken to hoist loads: nothing is known about it, and tiles for hoisted loads do well in both cases.
 */
function hoistsLoads(): boolean {
  const { process, navigator } = globalThis as {
    process?: { versions?: { v8?: string; bun?: string } };
    navigator?: { userAgent?: string };
  };
  const { v8, bun } = process?.versions ?? {};
  // Bun names a V8 that it does not have.
  if (v8 !== undefined && bun === undefined) return Number.parseInt(v8, 10) < 13;
  const chrome = /Chrom(?:e|ium)\/(\d+)/.exec(navigator?.userAgent ?? "")?.[1];
  return chrome === undefined || Number(chrome) < 130;
}
