/** Programs with several inputs, weights and outputs, and modules of them as the compiler would make them. */
import { JS_BACKEND } from "../../src/codegen/backends/js.js";
import { WASM_BACKEND } from "../../src/codegen/backends/wasm.js";
import { WGSL_BACKEND } from "../../src/codegen/backends/wgsl.js";
import type { Schedule } from "../../src/codegen/schedule.js";
import {
  DEFAULT_LIMITS,
  JS,
  type Target,
  type WasmFeatures,
  wasmTarget,
  wgslTarget,
} from "../../src/codegen/target.js";
import { local, multiply, plus } from "../../src/ir/expr.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import type { Facts, JsModule, WasmModule, WgslModule } from "../../src/ir/module.js";
import { type BufferDecl, type Program, SUM } from "../../src/ir/program.js";
import { workOf } from "../../src/ir/work.js";
import { lowerFor } from "./algorithms.js";
import { at, buffer } from "./kernels.js";
import { programWith, stageOf } from "./programs.js";

/** Two inputs, no weights. */
export const MATMUL = programWith(
  [buffer("a", [5, 7], "input"), buffer("b", [7, 6], "input"), buffer("c", [5, 6], "output")],
  [
    stageOf("product", {
      space: "y<5 x<6",
      reduce: "k<7",
      term: multiply(at("a", "y", "k"), at("b", "k", "x")),
      to: ["c", "y", "x"],
    }),
  ],
);

/** Two inputs, and weights of which one is packed. */
export const DENSE = programWith(
  [
    buffer("a", [4, 8], "input"),
    buffer("b", [4, 8], "input"),
    buffer("bias", [8], "weights"),
    buffer("matrix", [8, 8], "weights"),
    buffer("c", [4, 8], "output"),
  ],
  [
    stageOf("dense", {
      space: "y<4 x<8",
      reduce: "k<8",
      term: multiply(plus(at("a", "y", "k"), at("b", "y", "k")), at("matrix", "k", "x")),
      finish: plus(local(SUM), at("bias", "x")),
      to: ["c", "y", "x"],
    }),
  ],
);

/** `matrix` is packed, so that a module of WebAssembly declares it before `bias`. */
export const DENSE_PACKED: Schedule = {
  dense: [{ do: "pack", buffer: "matrix", layout: ["k", "x"] }],
};

/**
 * Two stages and two outputs, of which the second stage reads one, turned over. Whatever comes first in the program is
 * used by the second stage.
 */
export const STAGES = programWith(
  [
    buffer("late", [6, 6], "input"),
    buffer("early", [6, 6], "input"),
    buffer("lateWeights", [6, 6], "weights"),
    buffer("earlyWeights", [6, 6], "weights"),
    buffer("total", [6, 6], "output"),
    buffer("half", [6, 6], "output"),
  ],
  [
    stageOf("one", {
      space: "y<6 x<6",
      reduce: "k<6",
      term: multiply(at("early", "y", "k"), at("earlyWeights", "k", "x")),
      to: ["half", "y", "x"],
    }),
    stageOf("two", {
      space: "y<6 x<6",
      reduce: "k<6",
      term: multiply(at("late", "y", "k"), at("lateWeights", "k", "x")),
      finish: plus(local(SUM), at("half", "x", "y")),
      to: ["total", "y", "x"],
    }),
  ],
);

/** Rows of both stages are shared between threads. */
export const STAGES_SHARED: Schedule = {
  one: [{ do: "parallel", axis: "y" }],
  two: [{ do: "parallel", axis: "y" }],
};

const isTensor = ({ role }: BufferDecl) => role === "input" || role === "weights" || role === "output";

export function factsOf(program: Program): Facts {
  const tensors = program.buffers.filter(isTensor).map(({ name }) => name);
  return { tensors, algorithm: "direct", errorBound: 0, schedule: "by hand", work: workOf({ program, terms: 0 }) };
}

const headOf = (program: Program, target: Target, schedule: Schedule) =>
  ({
    lowered: lowerFor(program, schedule, target),
    head: { ...factsOf(program), key: program.name },
  }) as const;

export function jsModuleOf(program: Program, schedule: Schedule = {}): JsModule {
  const { lowered, head } = headOf(program, JS, schedule);
  return { ...head, ...JS_BACKEND.render(program.name, lowered, "by hand", JS) };
}

export function wasmModuleOf(program: Program, schedule: Schedule, features: Partial<WasmFeatures>): WasmModule {
  const target = wasmTarget({ simd: "simd128", hoistsLoads: false, pairs: false, threads: false, ...features });
  const { lowered, head } = headOf(program, target, schedule);
  return { ...head, ...WASM_BACKEND.render(program.name, lowered, "by hand", target) };
}

export function wgslModuleOf(program: Program, storage: "f32" | "f16" = "f32"): WgslModule {
  const target = wgslTarget({ limits: DEFAULT_LIMITS, storage });
  const buffers = program.buffers.map((one) => (isTensor(one) ? { ...one, dtype: storage } : one));
  const { lowered, head } = headOf({ ...program, buffers }, target, {});
  return { ...head, ...WGSL_BACKEND.render(program.name, lowered, "by hand", target) };
}

/** The outputs by definition. */
export function definitionOf(program: Program, given: Readonly<Record<string, Float32Array>>) {
  const defined = interpretProgram(program, new Map(Object.entries(given)));
  const outputs = program.buffers.filter(({ role }) => role === "output");
  return Object.fromEntries(outputs.map(({ name }) => [name, Float32Array.from(defined.get(name) as Float64Array)]));
}
