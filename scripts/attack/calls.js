// @ts-check
/** The public functions of all entries, each with legal arguments, of which some are then made odd. */
import * as tilewright from "tilewright";
import * as compiler from "tilewright/compiler";
import { defineConfig } from "tilewright/config";
import esbuild from "tilewright/esbuild";
import rolldown from "tilewright/rolldown";
import rollup from "tilewright/rollup";
import * as runtime from "tilewright/runtime";
import * as tuning from "tilewright/tuning";
import vite from "tilewright/vite";
import webpack from "tilewright/webpack";

const { JS } = compiler;
const SPEC = { op: "atrousConv2dTranspose", value: [1, 4, 5, 2], filters: [3, 3, 3, 2], rate: 1, padding: "SAME" };
const FAMILY = {
  op: "conv2dTranspose",
  value: [1, 4, 5, 2],
  filters: [3, 3, 3, 2],
  strides: [2, 1],
  padding: "SAME",
  bias: true,
};
const FORMULA = {
  formula: "output[n, o] = sum(i: x[n, i] * w[i, o])",
  tensors: { x: [4, 3], w: [3, 5] },
  weights: ["w"],
};
const HEAD = { format: runtime.FORMAT, request: "a request", spec: SPEC, outputShape: [1, 4, 5, 3] };
const WASM = { simd: "simd128", hoistsLoads: true, pairs: false, threads: false };
const SCHEDULE = {
  conv: [
    { do: "split", axis: "ox", by: 2, into: ["a", "b"], tail: "guard" },
    { do: "unroll", axis: "b" },
  ],
};
const RATED = "atrousConv2dTranspose";

const data = () => new Float32Array(40).fill(1);
const weights = () => new Float32Array(54).fill(1);
const value = () => ({ shape: SPEC.value, data: data() });
const filters = () => ({ shape: SPEC.filters, data: weights() });
const options = () => ({ target: "js", accuracy: "exact", algorithm: "direct", threads: 1 });
const placed = () => ({
  target: "wasm",
  memory: { memory: new WebAssembly.Memory({ initial: 4 }), allocate: () => 1024, free: () => {} },
});
const program = () => compiler.programOf(/** @type {any} */ (SPEC));

/** Each call takes what `args` makes, with something in it spoilt. @type {Record<string, { f: (...args: any[]) => any, args: () => any[] }>} */
export const CALLS = {};
/** @param {string} name @param {(...args: any[]) => any} f @param {() => any[]} args */
const call = (name, f, args) => {
  CALLS[name] = { f, args };
};

/** Entries as the odd may call them. */
const [t, c, r, u] = /** @type {any[]} */ ([tilewright, compiler, runtime, tuning]);
for (const [kind, spec] of Object.entries({ SPEC, FAMILY, FORMULA })) {
  call(`compile ${kind}`, t.compile, () => [spec, options()]);
  call(`compileSync ${kind}`, t.compileSync, () => [spec, options()]);
  call(`compileModule ${kind}`, c.compileModule, () => [spec, { target: JS }]);
  call(`explain ${kind}`, c.explain, () => [spec, { target: JS, peak: 64, bandwidth: 20 }]);
  call(`programOf ${kind}`, c.programOf, () => [spec]);
  call(`defineKernel ${kind}`, t.defineKernel, () => [spec, { accuracy: "fast" }]);
  call(
    `defineKernel load ${kind}`,
    (...args) => t.defineKernel(spec).load(...args),
    () => [{ target: "js", threads: 1 }],
  );
  call(`gradient ${kind}`, t.gradient, () => [spec, kind === "FORMULA" ? "w" : "filters"]);
  call(`warmUp ${kind}`, t.warmUp, () => [[spec], { target: "js", onProgress: () => {} }]);
}
call("compile features", t.compile, () => [SPEC, { target: "wasm", features: { simd: "none", hoistsLoads: false } }]);
call(
  "compile memory",
  async (...args) => (await t.compile(...args)).value,
  () => [SPEC, placed()],
);
call("compile webgpu", t.compile, () => [SPEC, { target: "webgpu", storage: "f32" }]);
call("compile schedule", t.compile, () => [SPEC, { target: "js", schedule: SCHEDULE }]);
call("ready", t.ready, () => [{ target: "wasm", threads: 1 }]);
call("interpret", t.interpret, () => [SPEC, value(), filters()]);
call("interpret bias", t.interpret, () => [{ ...SPEC, bias: true }, data(), weights(), new Float32Array(3)]);
call(RATED, t[RATED], () => [
  value(),
  filters(),
  [1, 4, 5, 3],
  1,
  "SAME",
  { activation: "relu", target: "js", name: "a" },
]);
// Options of an op are read with the spec that they become.
call(
  "defineOp",
  (name, text, shapes) => t.compile(t.defineOp(name, text, { weights: ["w"] })(shapes)),
  () => [...["op", FORMULA.formula, FORMULA.tensors]],
);
call("availableTargets", t.availableTargets, () => [1]);
call("kernelCache.list", t.kernelCache.list, () => [1]);
call("register", t.register, () => [[HEAD]]);
call(
  "builtKernel load",
  (...args) => r.builtKernel(HEAD, {}).load(...args),
  () => [{ target: "js", threads: 1 }],
);
call("loadKernel", r.loadKernel, () => [
  compiler.compileModule(/** @type {any} */ (SPEC), { target: JS }),
  { threads: 1 },
]);
call("compileProgram", c.compileProgram, () => [program(), { target: JS }]);
call("candidates", c.candidates, () => [program(), JS, {}]);
call("chooseAlgorithm", c.chooseAlgorithm, () => [program(), JS, { accuracy: "fast" }]);
call(
  "spaceOf",
  (...args) => [...c.spaceOf(...args)].length,
  () => [program(), JS, {}],
);
call("findPoint", c.findPoint, () => [program(), JS, {}, { algorithm: { kind: "direct" }, knobs: { rows: 1 } }]);
call("checkSchedule", c.checkSchedule, () => [SCHEDULE]);
call("printSchedule", c.printSchedule, () => [SCHEDULE]);
call("lowerProgram", c.lowerProgram, () => [program(), SCHEDULE, JS, {}]);
call("typicalMachine", c.typicalMachine, () => [JS]);
call("wasmTarget", c.wasmTarget, () => [WASM]);
call("wgslTarget", c.wgslTarget, () => [{ limits: c.DEFAULT_LIMITS, storage: "f32" }]);
call("targetOf", c.targetOf, () => [{ language: "wasm", ...WASM }]);
call("useRecords", u.useRecords, () => [""]);
call("readRecords", u.readRecords, () => [""]);
call("printRecords", u.printRecords, () => [[{ spec: SPEC }]]);
call("mergeRecords", u.mergeRecords, () => [[{ spec: SPEC }], [{}]]);
call("tuneHere", u.tuneHere, () => [{ ...SPEC, rate: 0 }, { level: "quick" }]);
call(
  "defineConfig",
  (config) => void defineConfig(config),
  () => [{ kernels: { a: SPEC } }],
);
for (const [name, plugin] of Object.entries({ vite, rollup, rolldown, webpack, esbuild })) {
  call(`plugin ${name}`, /** @type {any} */ (plugin), () => [{ config: { kernels: { a: SPEC } }, dts: false }]);
}

/** What one can do with a kernel. @type {Record<string, { f: (kernel: any, ...args: any[]) => any, args: (kernel: any) => any[] }>} */
export const METHODS = {
  prepare: { f: (kernel, ...args) => kernel.prepare(...args), args: () => [weights()] },
  "prepare by name": { f: (kernel, ...args) => kernel.prepare(...args), args: () => [{ filters: weights() }] },
  run: {
    f: (kernel, ...args) => kernel.run(...args),
    args: (kernel) => [data(), kernel.prepare(weights()), new Float32Array(60)],
  },
  runSync: {
    f: (kernel, ...args) => kernel.runSync(...args),
    args: (kernel) => [value(), kernel.prepare(weights()), filters()],
  },
  "run by name": {
    f: (kernel, ...args) => kernel.run(...args),
    args: (kernel) => [{ value: data() }, kernel.prepare({ filters: weights() }), { output: new Float32Array(60) }],
  },
  runAt: {
    f: (kernel, ...args) => kernel.runAt(...args),
    args: (kernel) => [{ value: kernel.value.byteOffset, output: kernel.output.byteOffset }, kernel.prepare(weights())],
  },
};

/** A kernel for `METHODS`. @param {string} target */
export const kernelFor = (target) => t.compile(SPEC, { target });
