/** Kernels of the page by name; and those that its models need, which the test writes beside this file. */
import { defineConfig } from "tilewright/config";

export default defineConfig({
  targets: ["js", "wasm", "wasm-threads", "webgpu"],
  kernels: {
    head: { op: "atrousConv2dTranspose", value: [1, 9, 11, 5], filters: [3, 3, 6, 5], rate: 2, padding: "SAME" },
    forward: {
      op: "conv2d",
      value: [1, 12, 13, 8],
      filters: [3, 3, 8, 16],
      rate: 2,
      padding: "VALID",
      bias: true,
      activation: "relu",
    },
    onlyForGpus: {
      op: "conv2d",
      value: [1, 5, 6, 4],
      filters: [3, 3, 4, 4],
      rate: 1,
      padding: "SAME",
      targets: ["webgpu"],
    },
  },
  models: ["model.onnx", { path: "model.json", dims: { batch: 2 } }],
});
