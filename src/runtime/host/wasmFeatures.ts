/** The features of this engine that decide how WebAssembly is compiled for it. */
import type { EngineFeatures } from "../compiledFor.js";
import { processEngine, userAgent } from "./engine.js";
import { simdLevel } from "./wasmSupport.js";

let found: EngineFeatures | undefined;

export function wasmFeatures(): EngineFeatures {
  found ??= { simd: simdLevel(), ...traits() };
  return found;
}

/**
 * The traits of this engine, as they were measured on x64 (Zen 3):
 *
 * - V8's old compiler for WebAssembly moves all loads of a loop body to its top (seen in Node 22, V8 12.4); the new one
 *   keeps the written order (seen in Node 24, V8 13.6). Chrome N has V8 N/10.
 * - JavaScriptCore keeps the order, too (seen in Bun 1.4). Its splats are slow on x64; ARM has an instruction for them.
 * - SpiderMonkey keeps the order. It leaves one register less than V8 does (seen in Firefox 153).
 *
 * Any other engine is taken to hoist loads: tiles for hoisted loads do well in both cases.
 */
function traits(): Omit<EngineFeatures, "simd"> {
  const engine = processEngine();
  const agent = userAgent();
  if (engine?.name === "V8") return { hoistsLoads: Number.parseInt(engine.version, 10) < 13 };
  if (engine?.name === "Bun") return javaScriptCore(engine.processor === "x64");
  const chrome = /Chrom(?:e|ium)\/(\d+)/.exec(agent)?.[1];
  if (chrome !== undefined) return { hoistsLoads: Number(chrome) < 130 };
  if (/Firefox\//.test(agent)) return { hoistsLoads: false, registers: 14 };
  return /AppleWebKit\//.test(agent) ? javaScriptCore(/x86_64/.test(agent)) : { hoistsLoads: true };
}

const javaScriptCore = (isX64: boolean): Omit<EngineFeatures, "simd"> => ({
  hoistsLoads: false,
  ...(isX64 ? { slowSplats: true } : {}),
});
