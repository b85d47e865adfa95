// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 2x17x23x5 with 2x4x7x5, rate 3, SAME
import { builtKernel } from "tilewright/runtime";
export const odd_2x4_r3s = /* @__PURE__ */ builtKernel({
  format: 2,
  request: "atrousConv2dTranspose 2,17,23,5 2,4,7,5 3 SAME   exact",
  spec: { op: "atrousConv2dTranspose", value: [2, 17, 23, 5], filters: [2, 4, 7, 5], rate: 3, padding: "SAME" },
  outputShape: [2, 17, 23, 7],
}, {
  js: () => import("./js.js"),
  "wasm-relaxed": () => import("./wasm-relaxed.js"),
  "wasm-simd128": () => import("./wasm-simd128.js"),
  webgpu: () => import("./webgpu.js"),
});
