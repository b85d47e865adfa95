// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x8x8x8 with 3x3x8x8, rate 2, SAME
import { builtKernel } from "tilewright/runtime";
export const tiny8_8 = /* @__PURE__ */ builtKernel({
  format: 2,
  request: "atrousConv2dTranspose 1,8,8,8 3,3,8,8 2 SAME   exact",
  spec: { op: "atrousConv2dTranspose", value: [1, 8, 8, 8], filters: [3, 3, 8, 8], rate: 2, padding: "SAME" },
  outputShape: [1, 8, 8, 8],
}, {
  js: () => import("./js.js"),
  "wasm-relaxed": () => import("./wasm-relaxed.js"),
  "wasm-simd128": () => import("./wasm-simd128.js"),
  webgpu: () => import("./webgpu.js"),
});
