// @ts-check
/** This project: a kernel on buffers of the GPU, summing by definition as it does by default, or fast as well. */
import { compile } from "tilewright";
import { readFloats, uploadFloats } from "../buffers.js";

/** @type {import("../contest.js").Contestant} */
export const tilewright = { exact: (problem) => open(problem, "exact"), fast: (problem) => open(problem, "fast") };

/** @param {import("../../../peers/problem.js").AtrousProblem} problem @param {"exact" | "fast"} accuracy */
async function open({ spec, value, filters, outputShape }, accuracy) {
  const kernel = await compile(spec, { target: "webgpu", accuracy });
  const { device } = kernel;
  const input = uploadFloats(device, value);
  const output = uploadFloats(device, new Float32Array(outputShape.reduce((a, b) => a * b, 1)));
  const call = await kernel.bind(input, await kernel.prepare(filters), output);
  const start = () => {
    const encoder = device.createCommandEncoder();
    call.encode(encoder);
    device.queue.submit([encoder.finish()]);
  };
  return {
    start,
    done: () => device.queue.onSubmittedWorkDone(),
    output: () => {
      start();
      return readFloats(device, output);
    },
    close: () => {
      kernel.dispose();
      input.destroy();
      output.destroy();
    },
  };
}
