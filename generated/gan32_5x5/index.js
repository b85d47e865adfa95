// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x32x32x128 with 5x5x64x128, rate 2, SAME
import { builtKernel } from "tilewright/runtime";
export const gan32_5x5 = /* @__PURE__ */ builtKernel({
  format: 2,
  request: "atrousConv2dTranspose 1,32,32,128 5,5,64,128 2 SAME   exact",
  spec: { op: "atrousConv2dTranspose", value: [1, 32, 32, 128], filters: [5, 5, 64, 128], rate: 2, padding: "SAME" },
  outputShape: [1, 32, 32, 64],
}, {
  js: () => import("./js.js"),
  "wasm-relaxed": () => import("./wasm-relaxed.js"),
  "wasm-simd128": () => import("./wasm-simd128.js"),
  webgpu: () => import("./webgpu.js"),
});
