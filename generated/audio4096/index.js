// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x1x4096x64 with 1x9x64x64, rate 4, SAME
import { builtKernel } from "tilewright/runtime";
export const audio4096 = /* @__PURE__ */ builtKernel({
  format: 2,
  request: "atrousConv2dTranspose 1,1,4096,64 1,9,64,64 4 SAME   exact",
  spec: { op: "atrousConv2dTranspose", value: [1, 1, 4096, 64], filters: [1, 9, 64, 64], rate: 4, padding: "SAME" },
  outputShape: [1, 1, 4096, 64],
}, {
  js: () => import("./js.js"),
  "wasm-relaxed": () => import("./wasm-relaxed.js"),
  "wasm-simd128": () => import("./wasm-simd128.js"),
  webgpu: () => import("./webgpu.js"),
});
