/** Whether threads can share memory here; asked before the pool itself is loaded. */

export type NodeWorkers = typeof import("node:worker_threads");

export const nodeWorkers = (): NodeWorkers | undefined =>
  (globalThis.process?.getBuiltinModule as ((id: string) => NodeWorkers | undefined) | undefined)?.(
    "node:worker_threads",
  );

/** Whether memory can be shared here: always in Node, in browsers on pages that are isolated from other origins. */
export function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer === "undefined") return false;
  return nodeWorkers() !== undefined || (typeof Worker === "function" && globalThis.crossOriginIsolated === true);
}
