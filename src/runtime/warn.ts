/** Warnings, each given once. */
import type { Tier } from "./host/loaded.js";

interface Node {
  emitWarning(message: string, options: { type: string }): void;
}

const warned = new Set<string>();

export function warn(message: string): void {
  if (warned.has(message)) return;
  warned.add(message);
  const { process } = globalThis as { process?: Partial<Node> };
  if (process?.emitWarning) process.emitWarning(message, { type: "TilewrightWarning" });
  else console.warn(message);
}

/** Warns of a tier that serves in place of the target that was asked for. "auto" asks for none. */
export function warnIfLower(target: "auto" | Tier, tier: Tier): void {
  if (target === "auto" || target === tier) return;
  warn(`tilewright: "${tier}" serves where target: "${target}" was asked for, which is not to be had here`);
}
