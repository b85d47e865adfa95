// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 4x32x32x64 with 3x3x64x64, rate 2, SAME
import { builtKernel } from "tilewright/runtime";
export const batch4_32 = /* @__PURE__ */ builtKernel({
  format: 2,
  request: "atrousConv2dTranspose 4,32,32,64 3,3,64,64 2 SAME   exact",
  spec: { op: "atrousConv2dTranspose", value: [4, 32, 32, 64], filters: [3, 3, 64, 64], rate: 2, padding: "SAME" },
  outputShape: [4, 32, 32, 64],
}, {
  js: () => import("./js.js"),
  "wasm-relaxed": () => import("./wasm-relaxed.js"),
  "wasm-simd128": () => import("./wasm-simd128.js"),
  webgpu: () => import("./webgpu.js"),
});
