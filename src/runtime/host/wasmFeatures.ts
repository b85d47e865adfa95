/** What WebAssembly that is compiled here may count on, in this engine. */
import type { WasmFeatures } from "../wanted.js";
import { simdLevel } from "./wasmSupport.js";

let found: Pick<WasmFeatures, "simd" | "hoistsLoads"> | undefined;

export function wasmFeatures(): Pick<WasmFeatures, "simd" | "hoistsLoads"> {
  found ??= { simd: simdLevel(), hoistsLoads: hoistsLoads() };
  return found;
}

/**
 * V8's old compiler for WebAssembly moved all loads of a loop body to its top (seen in Node 22, V8 12.4); the new one keeps
 * the written order (seen in Node 24, V8 13.6). Chrome N has V8 N/10. Of other engines nothing is known, and tiles that
 * survive hoisting do well in both.
 */
function hoistsLoads(): boolean {
  const { process, navigator } = globalThis as {
    process?: { versions?: { v8?: string } };
    navigator?: { userAgent?: string };
  };
  const v8 = process?.versions?.v8;
  if (v8 !== undefined) return Number.parseInt(v8, 10) < 13;
  const chrome = /Chrom(?:e|ium)\/(\d+)/.exec(navigator?.userAgent ?? "")?.[1];
  return chrome === undefined || Number(chrome) < 130;
}
