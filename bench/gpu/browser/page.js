// @ts-check
/** The page: the contest, with the libraries that are there. */

import { Contest } from "../contest/contest.js";
import { onnxruntime } from "../contest/contestants/onnxruntime.js";
import { tfjs } from "../contest/contestants/tfjs.js";
import { tilewright } from "../contest/contestants/tilewright.js";

const contest = new Contest();
let shape = "";

/**
 * What the bench calls from outside.
 * @typedef {typeof calls} PageCalls
 */
const calls = {
  /** Which GPU it is. `peers`: whether the libraries are served. @param {boolean} peers */
  async start(peers) {
    const adapter = await navigator.gpu?.requestAdapter();
    if (!adapter) throw new Error("this browser has no WebGPU here");
    contest.enter({
      tilewright,
      ...(peers ? { "TF.js": await tfjs((await library("/tfjs.js")).tf), "ORT Web": await ort() } : {}),
    });
    const { vendor, architecture, description } = adapter.info;
    return { vendor, architecture, description };
  },
  /** @param {string} name @param {import("../../peers/problem.js").DenseSpec} spec */
  open(name, spec) {
    shape = name;
    return contest.open(spec);
  },
  /** @param {string} name @param {number} count */
  turn: (name, count) => contest.turn(name, count),
  close: () => contest.close(),
};
Object.assign(globalThis, { calls });

/** By address, so that the page loads where it is not served. @param {string} address */
const library = (address) => import(/* @vite-ignore */ address);

async function ort() {
  const runtime = await library("/onnxruntime/ort.webgpu.bundle.min.mjs");
  runtime.env.wasm.numThreads = 1;
  const model = (/** @type {string} */ formulation) => async () => {
    const response = await fetch(`/models/${shape}.${formulation}.onnx`);
    return new Uint8Array(await response.arrayBuffer());
  };
  return onnxruntime(runtime, { conv: model("conv"), transpose: model("transpose") });
}
