// @ts-check
/** TensorFlow.js on its WebGPU backend: an ordinary convolution with the filters flipped and their channels swapped. */
import { permute } from "../../../peers/problem.js";

/**
 * `tf`: its core, with the backend registered.
 * @param {any} tf @returns {Promise<import("../contest.js").Contestant>}
 */
export async function tfjs(tf) {
  tf.enableProdMode();
  if (!(await tf.setBackend("webgpu"))) throw new Error("the WebGPU backend does not come up here");
  return { conv: (problem) => conv(tf, problem) };
}

/** @param {any} tf @param {import("../../../peers/problem.js").AtrousProblem} problem */
async function conv(tf, { spec, inputs, outputs, y, x, isEven, ...data }) {
  const backend = tf.backend();
  const flipped = permute(data.filters, spec.filters, [0, 1, 3, 2], [0, 1]);
  const filters = tf.tensor(flipped, [y.taps, x.taps, inputs, outputs]);
  const value = tf.tensor(data.value, data.valueShape);
  const pads = isEven ? "same" : [[0, 0], y.convolution, x.convolution, [0, 0]];
  const run = () => tf.conv2d(value, filters, 1, pads, "NHWC", [spec.rate, spec.rate]);
  return {
    start: () => run().dispose(),
    done: () => {
      // What it has put off.
      backend.endComputePassEncoder();
      backend.submitQueue();
      return backend.device.queue.onSubmittedWorkDone();
    },
    output: async () => {
      const result = run();
      const floats = await result.data();
      result.dispose();
      return floats;
    },
    close: () => tf.dispose([value, filters]),
  };
}
