// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x256x256x16 with 3x3x3x16, rate 2, SAME
import { builtKernel } from "tilewright/runtime";
export const fcn256_16x3 = /* @__PURE__ */ builtKernel({
  format: 2,
  request: "atrousConv2dTranspose 1,256,256,16 3,3,3,16 2 SAME   exact",
  spec: { op: "atrousConv2dTranspose", value: [1, 256, 256, 16], filters: [3, 3, 3, 16], rate: 2, padding: "SAME" },
  outputShape: [1, 256, 256, 3],
}, {
  js: () => import("./js.js"),
  "wasm-relaxed": () => import("./wasm-relaxed.js"),
  "wasm-simd128": () => import("./wasm-simd128.js"),
  webgpu: () => import("./webgpu.js"),
});
