// @ts-check
/** TensorFlow.js on its WASM backend. The value is uploaded once, and results stay in the backend's memory. */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { hasPads, isDepthwise, ordinaryOf, padsAsSame } from "../ordinary.js";
import { folderOf, versionOf } from "../packages.js";
import { atrous } from "../problem.js";
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
    formulations: {
      conv: (problem) => conv(tf, problem),
      transpose: (problem) => transpose(tf, problem),
      detour: (problem) => detour(tf, atrous(problem)),
    },
  };
}

/** @param {any} tf @param {import("../problem.js").Problem} problem */
function conv(tf, problem) {
  const { convolution, filters: floats, interleaving } = ordinaryOf(problem);
  const { taps, strides, dilations, groups, valueShape, outputShape } = convolution;
  const [inputs, outputs] = [valueShape[3], outputShape[3]];
  if (groups > 1 && !isDepthwise(convolution)) throw new Error("conv2d has no groups");
  const filters = tf.tensor(floats, [...taps, inputs, outputs / groups]);
  const op = groups > 1 ? tf.depthwiseConv2d : tf.conv2d;
  const padding = padsAsSame(convolution) ? "same" : explicit(convolution);
  const run = (/** @type {any} */ value) => op(value, filters, strides, padding, "NHWC", dilations);
  if (!interleaving) return open(tf, problem, filters, run);
  return open(tf, problem, filters, (value) => tf.tidy(() => interleaved(tf, run(value), interleaving)));
}

/** @param {import("../problem.js").Convolution} convolution */
const explicit = (convolution) => (hasPads(convolution) ? [[0, 0], ...convolution.pads, [0, 0]] : "valid");

/** @param {any} tf @param {any} phases @param {import("../ordinary.js").Interleaving} how */
function interleaved(tf, phases, { apart, whole, crops: [y, x] }) {
  const all = tf.reshape(apart ? tf.transpose(tf.reshape(phases, apart), [0, 2, 1, 3]) : phases, whole);
  if ([...y, ...x].every((crop) => crop === 0)) return all;
  const [batch, height, width, outputs] = whole;
  return tf.slice(all, [0, y[0], x[0], 0], [batch, height - y[0] - y[1], width - x[0] - x[1], outputs]);
}

/** @param {any} tf @param {import("../problem.js").Problem} problem */
function transpose(tf, problem) {
  const { taps, strides, dilations, groups, valueShape, outputShape } = problem.stated;
  if (groups > 1) throw new Error("conv2dTranspose has no groups");
  if (dilations[0] > 1 || dilations[1] > 1) throw new Error("conv2dTranspose has no dilations");
  const filters = tf.tensor(problem.filters, [...taps, outputShape[3], valueShape[3]]);
  const padding = explicit(problem.stated);
  return open(tf, problem, filters, (value) => tf.conv2dTranspose(value, filters, outputShape, strides, padding));
}

/** The three ops that exported TensorFlow models contain. @param {any} tf @param {import("../problem.js").AtrousProblem} problem */
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
