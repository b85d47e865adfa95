/** Every target that schedules are picked for, and what a schedule makes of a program on it. */
import { compileProgram } from "tilewright/compiler";
import { expect } from "vitest";
import type { Candidate } from "../../src/codegen/search/approach.js";
import {
  DEFAULT_LIMITS,
  JS,
  type Target,
  type WasmFeatures,
  wasmTarget,
  wgslTarget,
} from "../../src/codegen/target.js";
import { printProgram } from "../../src/ir/print.js";
import type { Program } from "../../src/ir/program.js";
import { wasmFeatures } from "../../src/runtime/host/wasmFeatures.js";
import { pointKey } from "../../src/tune/selection.js";
import { lowerFor } from "./algorithms.js";
import { expectedOutput, firstDifference, givenFor, runKernels } from "./run.js";
import { resultOf } from "./tuning.js";
import { validate } from "./webgpu.js";

const LEVELS = ["none", "simd128", "relaxed"] as const;
const wasm = (change: Partial<WasmFeatures>) =>
  wasmTarget({ simd: "relaxed", hoistsLoads: false, pairs: false, threads: false, ...change });
const gpu = (multiprocessors: number) => wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32", multiprocessors });

/** Where this engine does not run the code, its kernels are interpreted. */
export const EVERY_TARGET: readonly (readonly [title: string, target: Target, runsHere: boolean])[] = [
  ["js", JS, true],
  ...LEVELS.flatMap((simd) =>
    [false, true].map((hoistsLoads): (typeof EVERY_TARGET)[number] => [
      `wasm ${simd}${hoistsLoads ? ", loads hoisted" : ""}`,
      wasm({ simd, hoistsLoads }),
      LEVELS.indexOf(simd) <= LEVELS.indexOf(wasmFeatures().simd),
    ]),
  ),
  ["wasm simd128, in threads", wasm({ simd: "simd128", threads: true }), wasmFeatures().simd !== "none"],
  ["wasm, 256 bits", wasm({ pairs: true }), false],
  ["wgsl on a large GPU", gpu(128), false],
  ["wgsl on a small GPU", gpu(1), false],
];

/** Places of which no point exists are never written, and NaN. */
const marked = (results: readonly number[]): number[] => results.map((x) => (Number.isNaN(x) ? 7.5 : x));

function resultsOf(program: Program, point: Candidate, target: Target, runsHere: boolean): number[] {
  const { algorithm, plan } = point;
  const { program: rewritten, schedule } = plan();
  const given = givenFor(program, 1);
  const module = compileProgram(program, { target, algorithm, schedule });
  if (runsHere && module.language !== "wgsl") return resultOf(module, given);
  const { prepare, run, buffers } = lowerFor(rewritten, schedule, target);
  return runKernels([...prepare, ...run], buffers, given);
}

/** The schedule compiles and computes the definition: its bits, as data are small integers. */
export async function expectRight(
  program: Program,
  point: Candidate,
  target: Target,
  runsHere: boolean,
): Promise<void> {
  const said = () => `${pointKey(point)}\n${printProgram(program)}`;
  try {
    const expected = expectedOutput(program, givenFor(program, 1));
    const wrong = firstDifference(marked(resultsOf(program, point, target, runsHere)), marked(expected));
    if (wrong) throw new Error(wrong);
    if (target.language !== "wgsl") return;
    const { algorithm, plan } = point;
    const options = { target: target as Target<"wgsl">, algorithm, schedule: plan().schedule };
    expect(await validate(compileProgram(program, options))).toEqual([]);
  } catch (error) {
    throw new Error(said(), { cause: error });
  }
}
