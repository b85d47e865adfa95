// @ts-check
/** ONNX Runtime Web on WebGPU, with inputs and results in buffers of the GPU, in its own layout. */
import { permute } from "../../../peers/problem.js";
import { readFloats, uploadFloats } from "../buffers.js";

/**
 * @typedef {import("../../../peers/problem.js").AtrousProblem} Problem
 *
 * `models`: of the problem, by formulation.
 * @param {any} ort @param {Readonly<Record<string, (problem: Problem) => Promise<Uint8Array>>>} models @returns {import("../contest.js").Contestant}
 */
export const onnxruntime = (ort, models) =>
  Object.fromEntries(
    Object.entries(models).map(([formulation, model]) => [
      formulation,
      /** @param {Problem} problem */
      async (problem) => open(ort, problem, await model(problem)),
    ]),
  );

/** @param {any} ort @param {Problem} problem @param {Uint8Array} model */
async function open(ort, { valueShape, outputShape, value }, model) {
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ["webgpu"],
    preferredOutputLocation: "gpu-buffer",
    logSeverityLevel: 3, // errors alone
  });
  /** @type {GPUDevice} */
  const device = await ort.env.webgpu.device;
  const channelsFirst = (/** @type {typeof valueShape} */ [n, h, w, c]) => [n, c, h, w];
  const gpuBuffer = uploadFloats(device, permute(value, valueShape, [0, 3, 1, 2]));
  const feeds = {
    value: ort.Tensor.fromGpuBuffer(gpuBuffer, { dataType: "float32", dims: channelsFirst(valueShape) }),
  };
  return {
    start: async () => (await session.run(feeds)).output.dispose(),
    done: () => device.queue.onSubmittedWorkDone(),
    output: async () => {
      const { output } = await session.run(feeds);
      const floats = await readFloats(device, output.gpuBuffer);
      output.dispose();
      const count = outputShape.reduce((a, b) => a * b, 1);
      return permute(floats.subarray(0, count), channelsFirst(outputShape), [0, 2, 3, 1]);
    },
    close: async () => {
      await session.release();
      gpuBuffer.destroy();
    },
  };
}
