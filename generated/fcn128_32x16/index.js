// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x128x128x32 with 3x3x16x32, rate 2, SAME
import { builtKernel } from "tilewright/runtime";
export const fcn128_32x16 = /* @__PURE__ */ builtKernel({
  format: 2,
  request: "atrousConv2dTranspose 1,128,128,32 3,3,16,32 2 SAME   exact",
  spec: { op: "atrousConv2dTranspose", value: [1, 128, 128, 32], filters: [3, 3, 16, 32], rate: 2, padding: "SAME" },
  outputShape: [1, 128, 128, 16],
}, {
  js: () => import("./js.js"),
  "wasm-relaxed": () => import("./wasm-relaxed.js"),
  "wasm-simd128": () => import("./wasm-simd128.js"),
  webgpu: () => import("./webgpu.js"),
});
