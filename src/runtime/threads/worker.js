// @ts-check
/**
 * A worker of the pool, in Node and in browsers. It holds the code that messages have told it of; its memory is shared
 * between all threads. For each job it takes iterations of a range from a shared counter until none is left.
 *
 * @typedef {{ kind: "code", id: number, module: WebAssembly.Module, memory: WebAssembly.Memory }} Introduce
 * @typedef {{ kind: "forget", id: number }} Forget
 * @typedef {{ name: string, addresses: number[], iterations: number, counter: Int32Array }} Loop
 * @typedef {{ kind: "run", job: number, id: number, chunk: number } & Loop} Run
 * @typedef {(event: { data: Introduce | Forget | Run }) => void} Listener
 * @typedef {{ onmessage: Listener | null, postMessage(message: unknown): void }} Port
 * @typedef {{ process?: { getBuiltinModule?(id: "node:worker_threads"): { parentPort: Port | null } } }} Node
 */
import { takeChunks } from "./chunks.js";

/** The functions of each code. @type {Map<number, WebAssembly.Exports>} */
const known = new Map();

// In Node the port is in a module that browsers lack. In a browser the worker itself is the port.
const here = /** @type {unknown} */ (globalThis);
const node = /** @type {Node} */ (here).process?.getBuiltinModule?.("node:worker_threads");
const port = node?.parentPort ?? /** @type {Port} */ (here);

/** @param {{ data: Introduce | Forget | Run }} event */
port.onmessage = ({ data }) => {
  switch (data.kind) {
    case "code": {
      const { id, module, memory } = data;
      const env = { memory, exp: Math.exp, tanh: Math.tanh };
      known.set(id, new WebAssembly.Instance(module, { env }).exports);
      break;
    }
    case "forget":
      known.delete(data.id);
      break;
    case "run": {
      const { job, id, name, addresses, iterations, counter, chunk } = data;
      const functions = known.get(id);
      if (!functions) throw new Error(`a worker was never told of code ${id}`);
      const run = /** @type {(...parameters: number[]) => void} */ (functions[name]);
      takeChunks(run.bind(undefined, ...addresses), counter, iterations, chunk);
      port.postMessage({ kind: "done", job });
      break;
    }
  }
};

port.postMessage({ kind: "ready" });
