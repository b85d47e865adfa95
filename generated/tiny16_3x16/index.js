// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x16x16x3 with 3x3x16x3, rate 2, SAME
import { builtKernel } from "tilewright/runtime";
export const tiny16_3x16 = /* @__PURE__ */ builtKernel({
  format: 2,
  request: "atrousConv2dTranspose 1,16,16,3 3,3,16,3 2 SAME   exact",
  spec: { op: "atrousConv2dTranspose", value: [1, 16, 16, 3], filters: [3, 3, 16, 3], rate: 2, padding: "SAME" },
  outputShape: [1, 16, 16, 16],
}, {
  js: () => import("./js.js"),
  "wasm-relaxed": () => import("./wasm-relaxed.js"),
  "wasm-simd128": () => import("./wasm-simd128.js"),
  webgpu: () => import("./webgpu.js"),
});
