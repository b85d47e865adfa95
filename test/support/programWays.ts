/** Every way in which a program becomes a kernel that runs on this machine, except on a GPU. */
import { compileProgram } from "tilewright/compiler";
import { loadKernel } from "tilewright/runtime";
import { JS, type WasmFeatures, wasmTarget } from "../../src/codegen/target.js";
import { define } from "../../src/ir/definition.js";
import { byDefinition, factsOf } from "../../src/ir/ops/facts.js";
import type { Program } from "../../src/ir/program.js";
import { loadProgram } from "../../src/runtime/host/plain.js";
import { wasmFeatures } from "../../src/runtime/host/wasmFeatures.js";
import { Kernel } from "../../src/runtime/kernel.js";

const LEVELS = ["none", "simd128", "relaxed"] as const;
const wasm = (change: Partial<WasmFeatures>) =>
  wasmTarget({ simd: "simd128", hoistsLoads: false, pairs: false, threads: false, ...change });
const plain = (program: Program): Kernel => {
  const definition = define(program);
  return new Kernel(loadProgram(definition.program, factsOf(definition, byDefinition(definition), "by definition")));
};

type Load = (program: Program) => Promise<Kernel>;

export const PROGRAM_WAYS: readonly (readonly [title: string, load: Load, runsHere: boolean])[] = [
  ["plain", async (program) => plain(program), true],
  ["js", (program) => loadKernel(compileProgram(program, { target: JS })), true],
  ...LEVELS.map((simd): (typeof PROGRAM_WAYS)[number] => [
    `wasm ${simd}`,
    (program) => loadKernel(compileProgram(program, { target: wasm({ simd }) })),
    LEVELS.indexOf(simd) <= LEVELS.indexOf(wasmFeatures().simd),
  ]),
  [
    "wasm, loads hoisted",
    (program) => loadKernel(compileProgram(program, { target: wasm({ hoistsLoads: true }) })),
    wasmFeatures().simd !== "none",
  ],
  [
    "wasm in threads",
    (program) => loadKernel(compileProgram(program, { target: wasm({ threads: true }) }), { threads: 2 }),
    wasmFeatures().simd !== "none",
  ],
];
