// @ts-check
/**
 * A worker of the pool, in Node and in browsers. It holds the instances that messages have told it of; their memory is
 * shared between all threads. For each job it takes iterations of a range from a shared counter until none is left.
 *
 * @typedef {{ id: number, module: WebAssembly.Module, memory: WebAssembly.Memory, counter: Int32Array }} Known
 * @typedef {{ kind: "instance" } & Known} Introduce
 * @typedef {{ kind: "forget", id: number }} Forget
 * @typedef {{ kind: "run", job: number, id: number, name: string, iterations: number, chunk: number }} Run
 * @typedef {(event: { data: Introduce | Forget | Run }) => void} Listener
 * @typedef {{ onmessage: Listener | null, postMessage(message: unknown): void }} Port
 * @typedef {{ process?: { getBuiltinModule?(id: "node:worker_threads"): { parentPort: Port | null } } }} Node
 */
import { takeChunks } from "./chunks.js";

/** @type {Map<number, { functions: WebAssembly.Exports, counter: Int32Array }>} */
const instances = new Map();

// In Node the port is in a module that browsers lack. In a browser the worker itself is the port.
const here = /** @type {unknown} */ (globalThis);
const node = /** @type {Node} */ (here).process?.getBuiltinModule?.("node:worker_threads");
const port = node?.parentPort ?? /** @type {Port} */ (here);

/** @param {{ data: Introduce | Forget | Run }} event */
port.onmessage = ({ data }) => {
  switch (data.kind) {
    case "instance": {
      const { id, module, memory, counter } = data;
      const env = { memory, exp: Math.exp, tanh: Math.tanh };
      instances.set(id, { functions: new WebAssembly.Instance(module, { env }).exports, counter });
      break;
    }
    case "forget":
      instances.delete(data.id);
      break;
    case "run": {
      const { job, id, name, iterations, chunk } = data;
      const instance = instances.get(id);
      if (!instance) throw new Error(`a worker was never told of instance ${id}`);
      const run = /** @type {(begin: number, end: number) => void} */ (instance.functions[name]);
      takeChunks(run, instance.counter, iterations, chunk);
      port.postMessage({ kind: "done", job });
      break;
    }
  }
};

port.postMessage({ kind: "ready" });
