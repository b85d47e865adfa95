// Written by tilewright 0.1.0 (tilewright build). Do not edit.
// atrousConv2dTranspose 1x65x65x256 with 3x3x21x256, rate 4, SAME
import { builtKernel } from "tilewright/runtime";
export const head65_21 = /* @__PURE__ */ builtKernel({
  format: 2,
  request: "atrousConv2dTranspose 1,65,65,256 3,3,21,256 4 SAME   exact",
  spec: { op: "atrousConv2dTranspose", value: [1, 65, 65, 256], filters: [3, 3, 21, 256], rate: 4, padding: "SAME" },
  outputShape: [1, 65, 65, 21],
}, {
  js: () => import("./js.js"),
  "wasm-relaxed": () => import("./wasm-relaxed.js"),
  "wasm-simd128": () => import("./wasm-simd128.js"),
  webgpu: () => import("./webgpu.js"),
});
