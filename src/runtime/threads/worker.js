// @ts-check
/**
 * A worker of the pool, in Node and in browsers. It holds the code that messages have told it of; its memory is shared
 * between all threads. For each job it takes iterations of a range from a shared counter until none is left. A worker
 * that is told to park takes jobs from a board instead, until it is called away.
 *
 * @typedef {{ kind: "code", id: number, module: WebAssembly.Module, memory: WebAssembly.Memory }} Introduce
 * @typedef {{ kind: "park", board: Int32Array, epoch: number }} Park
 * @typedef {{ kind: "forget", id: number }} Forget
 * @typedef {{ name: string, addresses: number[], iterations: number, counter: Int32Array }} Loop
 * @typedef {{ kind: "run", job: number, id: number, chunk: number } & Loop} Run
 * @typedef {(event: { data: Introduce | Park | Forget | Run }) => void} Listener
 * @typedef {{ onmessage: Listener | null, postMessage(message: unknown): void }} Port
 * @typedef {{ process?: { getBuiltinModule?(id: "node:worker_threads"): { parentPort: Port | null } } }} Node
 */
import { takePart } from "./board.js";
import { takeChunks } from "./chunks.js";

/** @typedef {(...parameters: number[]) => void} Entry */

/** The functions of each code, in the order of its exports. @type {Map<number, Record<string, Entry>>} */
const known = new Map();

// In Node the port is in a module that browsers lack. In a browser the worker itself is the port.
const here = /** @type {unknown} */ (globalThis);
const node = /** @type {Node} */ (here).process?.getBuiltinModule?.("node:worker_threads");
const port = node?.parentPort ?? /** @type {Port} */ (here);

/** @param {{ data: Introduce | Park | Forget | Run }} event */
port.onmessage = ({ data }) => {
  switch (data.kind) {
    case "code": {
      const { id, module, memory } = data;
      // Whatever function a module imports is one of Math.
      const env = Object.assign(Object.create(Math), { memory });
      known.set(id, /** @type {Record<string, Entry>} */ (new WebAssembly.Instance(module, { env }).exports));
      break;
    }
    case "park":
      takePart(data.board, data.epoch, (id, entry) => Object.values(known.get(id) ?? {})[entry]);
      break;
    case "forget":
      known.delete(data.id);
      break;
    case "run": {
      const { job, id, name, addresses, iterations, counter, chunk } = data;
      const run = known.get(id)?.[name];
      if (!run) throw new Error(`a worker was never told of code ${id}`);
      takeChunks(run.bind(undefined, ...addresses), counter, iterations, chunk);
      port.postMessage({ kind: "done", job });
      break;
    }
  }
};

port.postMessage({ kind: "ready" });
