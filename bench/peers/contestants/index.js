// @ts-check
/** Who takes part, and what each must offer. Their modules are loaded by the process that runs them and nowhere else. */

/**
 * @typedef {import("../problem.js").Problem} Problem
 *
 * @typedef {object} Call one problem in one formulation. Data stay where the library wants them: filters are packed, the
 *   value is in place, and the result is left in the library's memory if it has one.
 * @property {() => unknown} run
 * @property {string} [variant] what the library made of the formulation
 * @property {() => Float32Array | Promise<Float32Array>} output NHWC; of the last run, or of one more
 * @property {() => unknown} close
 *
 * @typedef {object} Contestant
 * @property {string} version
 * @property {Record<string, (problem: Problem) => Call | Promise<Call>>} formulations
 *
 * @typedef {{ threads: number, revectorize: boolean }} Setting
 * @typedef {{ load: (setting: Setting) => Promise<Contestant> }} ContestantModule
 */

/**
 * `conv` is an ordinary convolution, of a transposed one with the filters flipped and their channels swapped, see
 * ../ordinary.js; `transpose` the library's transposed one; `detour` the three ops that TensorFlow's own op consists of:
 * spaceToBatchND, a transposed convolution without dilations, batchToSpaceND. Here are those of the op with dilations.
 * @type {Record<string, { title: string, kind: "ours" | "js" | "wasm" | "native", formulations: readonly string[],
 *   module: () => Promise<ContestantModule> }>}
 */
export const CONTESTANTS = {
  tilewright: {
    title: "tilewright",
    kind: "ours",
    formulations: ["kernel"],
    module: () => import("./tilewright.js"),
  },
  "tilewright-fast": {
    title: "fast",
    kind: "ours",
    formulations: ["kernel"],
    module: () => import("./tilewrightFast.js"),
  },
  "tilewright-js": {
    title: "js",
    kind: "js",
    formulations: ["kernel"],
    module: () => import("./tilewrightJs.js"),
  },
  litert: {
    title: "LiteRT.js",
    kind: "wasm",
    formulations: ["conv", "detour"],
    module: () => import("./litert.js"),
  },
  tfjs: {
    title: "TF.js WASM",
    kind: "wasm",
    formulations: ["conv", "detour"],
    module: () => import("./tfjs.js"),
  },
  "onnxruntime-web": {
    title: "ORT Web",
    kind: "wasm",
    formulations: ["conv", "transpose"],
    module: () => import("./onnxruntimeWeb.js"),
  },
  "onnxruntime-node": {
    title: "ORT native",
    kind: "native",
    formulations: ["conv", "transpose"],
    module: () => import("./onnxruntimeNode.js"),
  },
};

/** The formulations that a contestant has of a spec. @param {string} peer @param {Problem["spec"]} spec @returns {readonly string[]} */
export function formulationsOf(peer, spec) {
  const { kind = "js", formulations = [] } = CONTESTANTS[peer] ?? {};
  if ("rate" in spec || kind === "ours" || kind === "js") return formulations;
  return spec.op === "conv2dTranspose" ? ["conv", "transpose"] : ["conv"];
}
