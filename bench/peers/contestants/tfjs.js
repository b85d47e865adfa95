// @ts-check
/** TensorFlow.js on its WASM backend. The value is uploaded once, and results stay in the backend's memory. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { folderOf, versionOf } from "../packages.js";
import { permute } from "../problem.js";
import { allowThreads, threadsStarted } from "./tfjsThreads.js";

/** @param {import("./index.js").Setting} setting @returns {Promise<import("./index.js").Contestant>} */
export async function load({ threads }) {
  const requirePackage = createRequire(import.meta.url);
  const tf = requirePackage("@tensorflow/tfjs-core");
  const backend = requirePackage("@tensorflow/tfjs-backend-wasm");
  tf.enableProdMode();
  backend.setWasmPaths(fileURLToPath(new URL("dist/", folderOf("@tensorflow/tfjs-backend-wasm"))));
  if (threads > 1) allowThreads(tf, backend, threads);
  if (!(await tf.setBackend("wasm"))) throw new Error("the WASM backend does not come up here");
  if (threads > 1) await threadsStarted(backend, threads);
  return {
    version: versionOf("@tensorflow/tfjs-backend-wasm"),
    formulations: { conv: (problem) => conv(tf, problem), detour: (problem) => detour(tf, problem) },
  };
}

/** @param {any} tf @param {import("../problem.js").Problem} problem */
function conv(tf, problem) {
  const { spec, inputs, outputs, y, x } = problem;
  const flipped = permute(problem.filters, spec.filters, [0, 1, 3, 2], [0, 1]);
  const filters = tf.tensor(flipped, [y.taps, x.taps, inputs, outputs]);
  const rates = [spec.rate, spec.rate];
  if (problem.isEven) {
    return open(tf, problem, filters, (value) => tf.conv2d(value, filters, 1, "same", "NHWC", rates));
  }
  // The WASM convolution pads evenly or not at all.
  const pads = [[0, 0], y.convolution, x.convolution, [0, 0]];
  return open(tf, problem, filters, (value) => {
    const padded = tf.pad(value, pads);
    const result = tf.conv2d(padded, filters, 1, "valid", "NHWC", rates);
    padded.dispose();
    return result;
  });
}

/** The three ops that exported TensorFlow models contain. @param {any} tf @param {import("../problem.js").Problem} problem */
function detour(tf, problem) {
  const { spec, batch, outputs, y, x } = problem;
  const filters = tf.tensor(problem.filters, spec.filters);
  const rates = [spec.rate, spec.rate];
  const shape = [batch * spec.rate * spec.rate, y.detour.output, x.detour.output, outputs];
  return open(tf, problem, filters, (value) => {
    const phases = tf.spaceToBatchND(value, rates, [y.detour.pads, x.detour.pads]);
    const results = tf.conv2dTranspose(phases, filters, shape, 1, "valid");
    phases.dispose();
    const result = tf.batchToSpaceND(results, rates, [y.detour.crops, x.detour.crops]);
    results.dispose();
    return result;
  });
}

/** @param {any} tf @param {import("../problem.js").Problem} problem @param {any} filters @param {(value: any) => any} op */
function open(tf, problem, filters, op) {
  const value = tf.tensor(problem.value, problem.valueShape);
  return {
    run: () => op(value).dispose(),
    output: () => tf.tidy(() => op(value).dataSync()),
    close: () => tf.dispose([value, filters]),
  };
}
