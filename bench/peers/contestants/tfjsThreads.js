// @ts-check
/**
 * Threads for TensorFlow.js, which it has in browsers and refuses in Node: its threads start from blobs, and Node's start
 * from files or text. So they are started from the same text here. Must be called before the backend starts.
 */
import { createRequire } from "node:module";
import os from "node:os";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import workers from "node:worker_threads";
import { folderOf } from "../packages.js";

const STARTED_AFTER_MS = 600;

/** @param {any} tf @param {any} backend @param {number} threads */
export function allowThreads(tf, backend, threads) {
  const script = fileURLToPath(
    new URL("wasm-out/tfjs-backend-wasm-threaded-simd.js", folderOf("@tensorflow/tfjs-backend-wasm")),
  );
  const { wasmWorkerContents } = createRequire(import.meta.url)(script.replace(/\.js$/, ".worker.js"));
  // The text was in a template literal, which made line breaks of the escapes in its strings.
  const text = wasmWorkerContents.replaceAll("\n", "\\n");

  workers.Worker = class extends workers.Worker {
    constructor() {
      super(text, { eval: true });
    }

    /** @override @param {any} message @param {any} [transfer] */
    postMessage(message, transfer) {
      super.postMessage(message?.cmd === "load" ? { ...message, urlOrBlob: script } : message, transfer);
    }
  };
  // It takes at most half of the processors.
  const processors = os.cpus();
  os.cpus = () => Array.from({ length: 2 * threads }, () => /** @type {os.CpuInfo} */ (processors[0]));
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", true);
  backend.setThreadsCount(threads);
}

/** Calls that come before the threads are up would run without them. @param {any} backend @param {number} threads */
export async function threadsStarted(backend, threads) {
  await setTimeout(STARTED_AFTER_MS);
  const count = backend.getThreadsCount();
  if (count !== threads) throw new Error(`the backend runs ${count} threads instead of ${threads}`);
}
