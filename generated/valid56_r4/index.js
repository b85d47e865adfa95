// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x56x56x64 with 3x3x64x64, rate 4, VALID
import { builtKernel } from "tilewright/runtime";
export const valid56_r4 = /* @__PURE__ */ builtKernel({
  format: 2,
  request: "atrousConv2dTranspose 1,56,56,64 3,3,64,64 4 VALID   exact",
  spec: { op: "atrousConv2dTranspose", value: [1, 56, 56, 64], filters: [3, 3, 64, 64], rate: 4, padding: "VALID" },
  outputShape: [1, 64, 64, 64],
}, {
  js: () => import("./js.js"),
  "wasm-relaxed": () => import("./wasm-relaxed.js"),
  "wasm-simd128": () => import("./wasm-simd128.js"),
  webgpu: () => import("./webgpu.js"),
});
