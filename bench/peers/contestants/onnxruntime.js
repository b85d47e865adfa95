// @ts-check
/** What the two ONNX Runtimes share. They are given NCHW, which is their layout, so that no conversion is timed. */
import { asConv, asConvTranspose } from "../models/onnx.js";
import { permute } from "../problem.js";

/**
 * @typedef {object} Options
 * @property {object} session
 * @property {boolean} inPlace the output has its memory from the start; else each call makes a new one
 */

/** @param {any} runtime @param {Options} options @returns {import("./index.js").Contestant["formulations"]} */
export function formulations(runtime, options) {
  return {
    conv: (problem) => open(runtime, options, problem, asConv(problem)),
    transpose: (problem) => open(runtime, options, problem, asConvTranspose(problem)),
  };
}

/**
 * @param {any} runtime @param {Options} options @param {import("../problem.js").Problem} problem
 * @param {import("../models/onnx.js").OnnxModel} model
 */
async function open({ InferenceSession, Tensor }, options, { value, valueShape }, { bytes, inputShape, outputShape }) {
  const session = await InferenceSession.create(bytes, options.session);
  const feeds = { value: new Tensor("float32", permute(value, valueShape, [0, 3, 1, 2]), inputShape) };
  const memory = new Float32Array(outputShape.reduce((a, b) => a * b, 1));
  const fetches = options.inPlace ? { output: new Tensor("float32", memory, outputShape) } : ["output"];
  /** @type {any} */
  let results;
  return {
    run: async () => {
      results = await session.run(feeds, fetches);
    },
    output: () => permute(results.output.data, outputShape, [0, 2, 3, 1]),
    close: () => session.release(),
  };
}
