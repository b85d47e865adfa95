/** The features of this engine that decide how WebAssembly is compiled for it. */
import type { WasmFeatures } from "../wanted.js";
import { processEngine, userAgent } from "./engine.js";
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
  const engine = processEngine();
  if (engine?.name === "V8") return Number.parseInt(engine.version, 10) < 13;
  const chrome = /Chrom(?:e|ium)\/(\d+)/.exec(userAgent())?.[1];
  return chrome === undefined || Number(chrome) < 130;
}
