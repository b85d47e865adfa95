// @ts-check
/** The peers in Node: they expect a browser, of which they get as little as they ask for. */
import { createRequire } from "node:module";
import { asConv, asConvTranspose } from "../../peers/models/onnx.js";
import { areInstalled, folderOf } from "../../peers/packages.js";
import { problemOf } from "../../peers/problem.js";
import { onnxruntime } from "../contest/contestants/onnxruntime.js";
import { tfjs } from "../contest/contestants/tfjs.js";

/** @typedef {import("../contest/contest.js").Contestant} Contestant */

/** Those that are installed and come up. @returns {Promise<{ peers: Record<string, Contestant>, troubles: string[] }>} */
export async function loadPeers() {
  if (!areInstalled()) {
    return {
      peers: {},
      troubles: ["The peers are not installed, and left out; `npm ci --prefix bench/peers` installs them."],
    };
  }
  installBrowser();
  /** @type {Record<string, Contestant>} */
  const peers = {};
  const troubles = [];
  for (const [title, load] of Object.entries({ "TF.js": loadTfjs, "ORT Web": loadOnnxRuntime })) {
    try {
      peers[title] = await load();
    } catch (error) {
      troubles.push(`${title} is left out: ${error instanceof Error ? error.message : error}`);
    }
  }
  return { peers, troubles };
}

function loadTfjs() {
  const requirePeer = createRequire(new URL("main.js", folderOf("@tensorflow")));
  const tf = requirePeer("@tensorflow/tfjs-core");
  requirePeer("@tensorflow/tfjs-backend-webgpu");
  return tfjs(tf);
}

async function loadOnnxRuntime() {
  const runtime = await import(new URL("dist/ort.webgpu.bundle.min.mjs", folderOf("onnxruntime-web")).href);
  runtime.env.wasm.numThreads = 1;
  return onnxruntime(runtime, {
    conv: async ({ spec }) => asConv(problemOf(spec)).bytes,
    transpose: async ({ spec }) => asConvTranspose(problemOf(spec)).bytes,
  });
}

function installBrowser() {
  const { href } = new URL("dist/", folderOf("onnxruntime-web"));
  Object.assign(globalThis, {
    window: globalThis,
    location: { href, origin: href },
    document: { createElement: () => ({ getContext: () => null, style: {} }), addEventListener: () => undefined },
  });
  // Dawn refuses memory that is shared between threads, which WebAssembly's is.
  const { writeBuffer } = GPUQueue.prototype;
  GPUQueue.prototype.writeBuffer = function (
    /** @type {Parameters<typeof writeBuffer>} */ ...[buffer, at, data, ...range]
  ) {
    const memory = ArrayBuffer.isView(data) ? data.buffer : data;
    const isShared = memory instanceof SharedArrayBuffer;
    return writeBuffer.call(this, buffer, at, isShared ? unshared(data) : data, ...range);
  };
}

/** A copy of the same type. @param {any} data */
const unshared = (data) =>
  ArrayBuffer.isView(data) ? /** @type {any} */ (data).slice() : new Uint8Array(data).slice();
