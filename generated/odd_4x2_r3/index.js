// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 2x17x23x5 with 4x2x7x5, rate 3, VALID
import { builtKernel } from "tilewright/runtime";
export const odd_4x2_r3 = /* @__PURE__ */ builtKernel({
  format: 2,
  request: "atrousConv2dTranspose 2,17,23,5 4,2,7,5 3 VALID   exact",
  spec: { op: "atrousConv2dTranspose", value: [2, 17, 23, 5], filters: [4, 2, 7, 5], rate: 3, padding: "VALID" },
  outputShape: [2, 26, 26, 7],
}, {
  js: () => import("./js.js"),
  "wasm-relaxed": () => import("./wasm-relaxed.js"),
  "wasm-simd128": () => import("./wasm-simd128.js"),
  webgpu: () => import("./webgpu.js"),
});
