// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x33x33x256 with 3x3x256x256, rate 6, SAME
import { builtKernel } from "tilewright/runtime";
export const aspp33_r6 = /* @__PURE__ */ builtKernel({
  format: 2,
  request: "atrousConv2dTranspose 1,33,33,256 3,3,256,256 6 SAME   exact",
  spec: {
    op: "atrousConv2dTranspose",
    value: [1, 33, 33, 256],
    filters: [3, 3, 256, 256],
    rate: 6,
    padding: "SAME",
  },
  outputShape: [1, 33, 33, 256],
}, {
  js: () => import("./js.js"),
  "wasm-relaxed": () => import("./wasm-relaxed.js"),
  "wasm-simd128": () => import("./wasm-simd128.js"),
  webgpu: () => import("./webgpu.js"),
});
