/** Finds out if threads can share memory here, without loading the pool. */

export type NodeWorkers = typeof import("node:worker_threads");

export const nodeWorkers = (): NodeWorkers | undefined =>
  (globalThis.process?.getBuiltinModule as ((id: string) => NodeWorkers | undefined) | undefined)?.(
    "node:worker_threads",
  );

/** True if threads can share memory: always in Node, and on pages that are isolated from other origins. */
export function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer === "undefined") return false;
  return nodeWorkers() !== undefined || (typeof Worker === "function" && globalThis.crossOriginIsolated === true);
}
