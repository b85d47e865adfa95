/** Names the machine and engine that measure here. */
import { isPhone } from "../runtime/host/deviceKind.js";
import { processEngine, userAgent } from "../runtime/host/engine.js";
import type { Machine } from "./record.js";

/** All that is known of the processor of a browser: its kind on a phone, and elsewhere nothing. */
export const PHONE = "phone";

type Os = typeof import("node:os");

/** The engine's name has its version without patches: engines that differ in more make other code. */
export function thisMachine(threads = 1): Machine {
  const engine = processEngine();
  if (!engine) return { engine: browserOf(userAgent()), processor: isPhone(userAgent()) ? PHONE : "", threads };
  const { process } = globalThis as { process?: { getBuiltinModule?: (id: string) => unknown } };
  const os = process?.getBuiltinModule?.("node:os") as Os | undefined;
  const processor = os?.cpus()[0]?.model.trim().replace(/\s+/g, " ") ?? "";
  const version = engine.version.split(".").slice(0, 2).join(".");
  return { engine: `${engine.name} ${version}`, processor, threads };
}

/**
 * The class of this machine, which it shares with many: machines of a class measure for each other. Instead of the name
 * of the processor it has its kind, such as "x64".
 */
export function thisClass(threads = 1): Machine {
  const machine = thisMachine(threads);
  const { arch } = (globalThis as { process?: { arch?: string } }).process ?? {};
  return arch === undefined ? machine : { ...machine, processor: arch };
}

/** A browser's name, not V8's version: Chrome N has V8 N/10, but may allow other features than the same V8 in Node. */
const browserOf = (userAgent: string): string =>
  /(?:Chrom(?:e|ium)|Firefox)\/\d+/.exec(userAgent)?.[0].replace("/", " ") ??
  /Version\/(\d+).*Safari/.exec(userAgent)?.[0].replace(/Version\/(\d+).*/, "Safari $1") ??
  "a browser";
