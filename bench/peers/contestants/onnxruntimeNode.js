// @ts-check
/** ONNX Runtime as native code. */
import { createRequire } from "node:module";
import { versionOf } from "../packages.js";
import { formulations } from "./onnxruntime.js";

/** @param {import("./index.js").Setting} setting @returns {Promise<import("./index.js").Contestant>} */
export async function load({ threads }) {
  const runtime = createRequire(import.meta.url)("onnxruntime-node");
  const session = { executionProviders: ["cpu"], intraOpNumThreads: threads, interOpNumThreads: 1 };
  return { version: versionOf("onnxruntime-node"), formulations: formulations(runtime, { session, inPlace: true }) };
}
