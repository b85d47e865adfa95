// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x128x128x21 with 3x3x21x21, rate 2, SAME
import { builtKernel } from "tilewright/runtime";
export const logits128_21 = /* @__PURE__ */ builtKernel({
  format: 2,
  request: "atrousConv2dTranspose 1,128,128,21 3,3,21,21 2 SAME   exact",
  spec: { op: "atrousConv2dTranspose", value: [1, 128, 128, 21], filters: [3, 3, 21, 21], rate: 2, padding: "SAME" },
  outputShape: [1, 128, 128, 21],
}, {
  js: () => import("./js.js"),
  "wasm-relaxed": () => import("./wasm-relaxed.js"),
  "wasm-simd128": () => import("./wasm-simd128.js"),
  webgpu: () => import("./webgpu.js"),
});
