/** Warnings, each given once. */

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
