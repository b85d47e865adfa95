/**
 * WebAssembly of tiny kernels: read and validated by wabt, which shares no line with the assembler, and run over inputs
 * 1, 2, 3 ... as `run` has it, in memory that is NaN wherever nothing is given.
 */
import { expect } from "vitest";
import wabt from "wabt";
import { type Lowered, lower } from "../../src/codegen/lower.js";
import { renderWasm } from "../../src/codegen/module/wasm.js";
import { type WasmFeatures, wasmTarget } from "../../src/codegen/target.js";
import { layOut } from "../../src/ir/layout.js";
import { PAGE_BYTES, type WasmPart } from "../../src/ir/module.js";
import { elementCount } from "../../src/ir/program.js";
import type { LoopKernel } from "../../src/ir/stmt.js";
import { run } from "./kernels.js";

const toolkit = await wabt();

/** What kernels may use; with anything else a module is not valid. */
const FEATURES = { simd: true, relaxed_simd: true, threads: true };

/** wabt's own types forget the features, without which no memory may be shared. */
interface Validator {
  validate(features: typeof FEATURES): void;
}

/** The module as text; throws where it is not valid. */
export function textOf(code: Uint8Array): string {
  const module = toolkit.readWasm(code, { check: true, ...FEATURES });
  try {
    (module as Validator).validate(FEATURES);
    module.generateNames();
    module.applyNames();
    return module.toText({ foldExprs: true, inlineExport: true });
  } finally {
    module.destroy();
  }
}

/** The functions, without the module around them. */
export const functionsOf = (code: Uint8Array): string =>
  textOf(code)
    .replace(/^[\s\S]*?\n(?= {2}\(func \$\w+ \(export)/, "")
    .replace(/\)\s*$/, "")
    .replace(/^ {2}/gm, "");

export const machine = (features: Partial<WasmFeatures> = {}) =>
  wasmTarget({ simd: "simd128", hoistsLoads: false, pairs: false, threads: false, ...features });

/** The one function of a tiny kernel, lowered; it must give what the kernel gives. */
export function compileTiny(kernel: LoopKernel, features: Partial<WasmFeatures> = {}): WasmPart {
  const target = machine(features);
  const part = renderWasm(kernel.name, [lower(kernel, target)], target.threads);
  expectSame(part, kernel);
  return part;
}

/** As if the kernel, whose offsets count bytes, had passed all passes. */
export function emitTiny(kernel: LoopKernel): WasmPart {
  const part = renderWasm(kernel.name, [kernel as Lowered], false);
  textOf(part.code);
  expectSame(part, kernel);
  return part;
}

function expectSame(part: WasmPart, kernel: LoopKernel): void {
  const expected = run(kernel);
  // A kernel that writes nothing would equal anything.
  expect(Object.values(expected).flat().some(Number.isFinite)).toBe(true);
  if (WebAssembly.validate(part.code)) expect(runPart(part)).toEqual(expected);
}

/** What kernels may write, after a run over inputs 1, 2, 3 ... */
function runPart(part: WasmPart): Readonly<Record<string, number[]>> {
  let next = 1;
  const given = new Map<string, number[]>();
  for (const { name, role, shape } of part.buffers) {
    if (role === "input" || role === "weights") {
      given.set(
        name,
        Array.from({ length: elementCount(shape) }, () => next++),
      );
    }
  }
  return runPartOn(part, given);
}

/** The two halves of a range, the later one first. */
const halves = (iterations: number): (readonly [begin: number, end: number])[] => {
  const half = Math.floor(iterations / 2);
  return half === 0
    ? [[0, iterations]]
    : [
        [half, iterations],
        [0, half],
      ];
};

/** Runs every entry in order, ranges in parts, as low in memory as the part allows. */
export function runPartOn(
  { code, shared, buffers, entries }: WasmPart,
  given: ReadonlyMap<string, ArrayLike<number>>,
  partsOf = halves,
): Readonly<Record<string, number[]>> {
  const { offsets, bytes, least } = layOut(buffers);
  const pages = Math.ceil((least + bytes) / PAGE_BYTES);
  const memory = new WebAssembly.Memory(shared ? { initial: pages, maximum: pages, shared } : { initial: pages });
  new Float32Array(memory.buffer).fill(Number.NaN);
  const addressOf = (name: string) => least + (offsets.get(name) as number);
  const views = buffers.map(({ name, shape, values }) => {
    const view = new Float32Array(memory.buffer, addressOf(name), elementCount(shape));
    const known = given.get(name) ?? values;
    if (known) view.set(known);
    return { name, view };
  });
  const env = Object.assign(Object.create(Math), { memory });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { env });
  for (const { name, buffers, iterations } of entries) {
    const run = exports[name] as (...parameters: number[]) => void;
    const addresses = buffers.map(addressOf);
    if (iterations === null) run(...addresses);
    else for (const [begin, end] of partsOf(iterations)) run(...addresses, begin, end);
  }
  // What a kernel allocates for itself is its own affair.
  const isSeen = (name: string) => !given.has(name) && buffers.find((one) => one.name === name)?.role !== "scratch";
  return Object.fromEntries(views.filter(({ name }) => isSeen(name)).map(({ name, view }) => [name, [...view]]));
}
