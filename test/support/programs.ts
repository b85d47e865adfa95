/**
 * Programs made by hand on their whole road: interpreted after every pass, then run as the code of a target, each time equal
 * to what their definition says.
 */

import { emitJs } from "../../src/codegen/emit/js.js";
import { type Lowered, removedBy } from "../../src/codegen/lower.js";
import type { LoweredProgram } from "../../src/codegen/lowerProgram.js";
import { renderJsModule } from "../../src/codegen/module/renderJs.js";
import { renderWasm } from "../../src/codegen/module/wasm.js";
import type { Schedule } from "../../src/codegen/schedule.js";
import { JS, type Target, type WasmFeatures, wasmTarget } from "../../src/codegen/target.js";
import { arrayOf, type TypedArray } from "../../src/ir/dtype.js";
import { type Expr, local } from "../../src/ir/expr.js";
import { printKernel } from "../../src/ir/print.js";
import {
  type Axis,
  type BufferDecl,
  type Combine,
  elementCount,
  type Program,
  type Stage,
  SUM,
} from "../../src/ir/program.js";
import type { LoopKernel } from "../../src/ir/stmt.js";
import { verify } from "../../src/ir/verify.js";
import { wasmFeatures } from "../../src/runtime/host/wasmFeatures.js";
import { lowerFor } from "./algorithms.js";
import { form } from "./kernels.js";
import { expectedOutput, firstDifference, givenFor, runKernels } from "./run.js";
import { runPartOn } from "./wasm.js";

/** "y<5 x<7" */
const axes = (text: string): Axis[] =>
  text
    .split(" ")
    .filter((part) => part !== "")
    .map((part) => ({ name: part.replace(/<.*/, ""), extent: Number(part.replace(/.*</, "")) }));

export interface StageText {
  readonly space: string;
  readonly reduce?: string;
  readonly combine?: Combine;
  /** Forms, as `key` writes them. */
  readonly where?: readonly string[];
  readonly domain?: readonly string[];
  readonly term: Expr;
  readonly finish?: Expr;
  /** Where the result goes: the buffer and its subscripts. */
  readonly to: readonly [buffer: string, ...subscripts: string[]];
}

export const stageOf = (
  name: string,
  { space, reduce = "", combine, where, domain = [], ...rest }: StageText,
): Stage => ({
  name,
  space: axes(space),
  ...(where ? { where: where.map(form) } : {}),
  reduce: axes(reduce),
  ...(combine ? { combine } : {}),
  domain: domain.map(form),
  term: rest.term,
  finish: rest.finish ?? local(SUM),
  output: { buffer: rest.to[0], at: rest.to.slice(1).map(form) },
});

export const programWith = (
  buffers: readonly BufferDecl[],
  run: readonly Stage[],
  prepare: readonly Stage[] = [],
): Program => ({ name: "program", buffers, prepare, run });

const LEVELS = ["none", "simd128", "relaxed"] as const;
const wasm = (change: Partial<WasmFeatures>) =>
  wasmTarget({ simd: "simd128", hoistsLoads: false, pairs: false, threads: false, ...change });

/** Code whose outermost loop is shared between threads. */
export const IN_THREADS: Target = wasm({ threads: true });

/** What programs are lowered for, and whether this engine runs the code. */
export const TARGETS: readonly (readonly [title: string, target: Target, runsHere: boolean])[] = [
  ["js", JS, true],
  ...LEVELS.map((simd) => {
    const runsHere = LEVELS.indexOf(simd) <= LEVELS.indexOf(wasmFeatures().simd);
    return [`wasm ${simd}`, wasm({ simd }), runsHere] as const;
  }),
  ["wasm simd128, in threads", IN_THREADS, LEVELS.indexOf(wasmFeatures().simd) >= 1],
];

export interface Road {
  /** Every kernel in the order of their calls, by pass; "nest" first. */
  readonly byPass: ReadonlyMap<string, readonly LoopKernel[]>;
  readonly lowered: LoweredProgram;
}

export function roadOf(program: Program, schedule: Schedule, target: Target): Road {
  const byPass = new Map<string, LoopKernel[]>();
  const watch = (pass: string, kernel: LoopKernel) => void byPass.set(pass, [...(byPass.get(pass) ?? []), kernel]);
  return { lowered: lowerFor(program, schedule, target, watch), byPass };
}

type Given = ReadonlyMap<string, Float32Array>;

/** What the output holds beforehand, and keeps wherever no point exists. */
const UNTOUCHED = 7.5;

/** The first pass after which the kernels mean something else, in words, and what they look like then. */
export function wrongPass(program: Program, { byPass }: Road, given: Given = givenFor(program, 1)): string | undefined {
  const shape = program.buffers.find(({ name }) => name === "output")?.shape ?? [];
  const givenAnew = () => new Map(given).set("output", new Float32Array(elementCount(shape)).fill(UNTOUCHED));
  const expected = expectedOutput(program, givenAnew());
  let before = "";
  for (const [pass, kernels] of byPass) {
    for (const kernel of kernels) verify(kernel, removedBy(pass));
    const text = kernels.map(printKernel).join("\n");
    if (text === before) continue;
    before = text;
    const buffers = new Map(kernels.flatMap((kernel) => kernel.buffers).map((buffer) => [buffer.name, buffer]));
    const wrong = firstDifference(runKernels(kernels, [...buffers.values()], givenAnew()), expected);
    if (wrong) return `after ${pass}: ${wrong}\n${text}`;
  }
  return undefined;
}

/** Memory that code finds is NaN, and stays so wherever no point exists. */
const marked = (results: readonly number[]): number[] =>
  results.map((value) => (Number.isNaN(value) ? UNTOUCHED : value));

/** Where the code's result differs from the definition's, in words. */
export function wrongCode(
  program: Program,
  { lowered }: Road,
  target: Target,
  given = givenFor(program, 1),
): string | undefined {
  const expected = expectedOutput(program, given);
  // Arrays that live beside a function keep what an earlier call has left in them.
  const earlier = givenFor(program, 2);
  const run = target.language === "js" ? runAsJs : runAsWasm;
  return firstDifference(marked(run(lowered, target, [earlier, given])), marked(expected));
}

/** The output of the last of several calls. */
function runAsJs({ buffers, prepare, run }: LoweredProgram, target: Target, calls: readonly Given[]): number[] {
  const kernels = [...prepare, ...run];
  const { arithmetic } = target;
  const code = renderJsModule({ version: "", schedule: "", arithmetic, functions: kernels.map(emitJs) });
  const functions = new Function(code)() as Readonly<Record<string, (...arrays: readonly TypedArray[]) => void>>;
  let output: number[] = [];
  for (const given of calls) {
    const arrays = new Map(buffers.map((buffer) => [buffer.name, arrayFor(buffer, given)]));
    for (const kernel of kernels) {
      functions[kernel.name]?.(...kernel.buffers.map(({ name }) => arrays.get(name) as TypedArray));
    }
    output = [...(arrays.get("output") as TypedArray)];
  }
  return output;
}

/** What is given or constant; NaN everywhere else. */
function arrayFor({ name, dtype, shape, values }: BufferDecl, given: Given): TypedArray {
  const array = arrayOf(dtype, elementCount(shape));
  return array.map((_, i) => given.get(name)?.[i] ?? values?.[i] ?? Number.NaN) as TypedArray;
}

/** Each call has memory of its own, which is NaN wherever nothing is given. */
function runAsWasm({ buffers, prepare, run }: LoweredProgram, { threads }: Target, calls: readonly Given[]): number[] {
  const last = calls.at(-1) as Given;
  const results = (kernels: readonly Lowered[], given: ReadonlyMap<string, ArrayLike<number>>, shared: boolean) =>
    runPartOn(renderWasm("program", kernels, shared), given);
  const isPrepared = (name: string) => buffers.some((buffer) => buffer.name === name && buffer.role === "prepared");
  const written = prepare.length > 0 ? Object.entries(results(prepare, last, false)) : [];
  const prepared = written.filter(([name]) => isPrepared(name));
  const known = new Map<string, ArrayLike<number>>([...last, ...prepared]);
  return results(run, known, threads).output as number[];
}
