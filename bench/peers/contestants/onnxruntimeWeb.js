// @ts-check
/** ONNX Runtime as WebAssembly. */
import { versionOf } from "../packages.js";
import { formulations } from "./onnxruntime.js";

/** @param {import("./index.js").Setting} setting @returns {Promise<import("./index.js").Contestant>} */
export async function load({ threads }) {
  // Named by a variable, as type checks must pass where the peers are not installed.
  const name = "onnxruntime-web";
  const runtime = await import(name);
  runtime.env.wasm.numThreads = threads;
  const session = { executionProviders: ["wasm"] };
  return { version: versionOf(name), formulations: formulations(runtime, { session, inPlace: false }) };
}
