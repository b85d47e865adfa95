/** What measures here. */
import type { Machine } from "./record.js";

type Os = typeof import("node:os");

/** Versions of an engine that differ in more than patches make other code. */
export function thisMachine(threads = 1): Machine {
  const { process, navigator } = globalThis as {
    process?: { versions?: { v8?: string }; getBuiltinModule?: (id: string) => unknown };
    navigator?: { userAgent?: string };
  };
  const v8 = process?.versions?.v8;
  if (v8 === undefined) return { engine: browserOf(navigator?.userAgent ?? ""), processor: "", threads };
  const os = process?.getBuiltinModule?.("node:os") as Os | undefined;
  const processor = os?.cpus()[0]?.model.trim().replace(/\s+/g, " ") ?? "";
  return { engine: `V8 ${v8.split(".").slice(0, 2).join(".")}`, processor, threads };
}

/** Chrome N has V8 N/10, and may differ from Node's in what it allows. */
const browserOf = (userAgent: string): string =>
  /(?:Chrom(?:e|ium)|Firefox)\/\d+/.exec(userAgent)?.[0].replace("/", " ") ??
  /Version\/(\d+).*Safari/.exec(userAgent)?.[0].replace(/Version\/(\d+).*/, "Safari $1") ??
  "a browser";
