/** Modules as something that can be timed, with the data that they are checked with. */
import { unreachable } from "../ir/errors.js";
import type { KernelModule, WasmModule, WasmPart } from "../ir/module.js";
import { Arena } from "../runtime/host/arena.js";
import { loadJs } from "../runtime/host/js.js";
import type { Loaded as LoadedKernel } from "../runtime/host/loaded.js";
import { functionsOf } from "../runtime/host/text.js";
import { loadWasm } from "../runtime/host/wasm.js";
import { pack } from "../runtime/host/wasmInstance.js";
import type { CheckData } from "./checkData.js";
import type { Instance, Loaded } from "./loaded.js";
import { timed } from "./sampling.js";

export async function load(module: KernelModule, data: CheckData, threads: number): Promise<Loaded> {
  switch (module.language) {
    case "wgsl":
      return (await import("./loadWgsl.js")).loadWgsl(module, data);
    case "wasm":
      return threads === 1 ? loadInto(module, data) : once(await loadWasm(module, threads), data);
    case "js":
      return once(loadJs(module, functionsOf(module)), data);
    default:
      return unreachable(module);
  }
}

/** The kernel as its users call it, in one place: where that lies matters less than to bring weights to another one costs. */
function once(kernel: LoadedKernel, { value, filters, bias }: CheckData): Loaded {
  const instance = kernel.instantiate();
  const prepared = instance.prepare(filters, bias);
  instance.value.set(value);
  const call =
    kernel.threads > 1
      ? () => prepared.runThreaded(instance.value, instance.output)
      : () => prepared.run(instance.value, instance.output);
  const result = async () => {
    instance.output.fill(Number.NaN);
    await call();
    return instance.output.slice();
  };
  return {
    place: async () => ({ ...timed(call), result, dispose: () => undefined }),
    dispose: () => instance.dispose(),
  };
}

/** Weights are prepared once, and copied into each new memory. */
async function loadInto({ prepare, run }: WasmModule, data: CheckData): Promise<Loaded> {
  const { value, filters, bias } = data;
  const compile = async (part: WasmPart) => ({ ...part, module: await WebAssembly.compile(part.code) });
  const given = new Map([["filters", filters], ...(bias ? [["bias", bias] as const] : [])]);
  const packed = prepare ? await packedBy(prepare, data, async () => pack(await compile(prepare), given)) : new Map();
  const part = await compile(run);
  const place = async (): Promise<Instance> => {
    const arena = new Arena(part);
    for (const { name, role } of part.buffers) {
      const weights = role === "weights" || role === "prepared" ? (given.get(name) ?? packed.get(name)) : undefined;
      if (weights) arena.view(name).set(weights);
    }
    arena.view("value").set(value);
    const output = arena.view("output");
    const result = async () => {
      output.fill(Number.NaN);
      arena.run();
      return output.slice();
    };
    return { ...timed(() => arena.run()), result, dispose: () => undefined };
  };
  return { place, dispose: () => undefined };
}

type Packed = ReadonlyMap<string, Float32Array>;

/** What the last few ways to pack weights have made of the same ones: candidates often differ in other things. */
const packings = new WeakMap<CheckData, { readonly code: Uint8Array; readonly packed: Packed }[]>();
const KEPT = 4;

async function packedBy({ code }: WasmPart, data: CheckData, make: () => Promise<Packed>): Promise<Packed> {
  const known = packings.get(data) ?? [];
  const same = known.find((one) => one.code.length === code.length && one.code.every((byte, i) => byte === code[i]));
  if (same) return same.packed;
  const packed = await make();
  packings.set(data, [{ code, packed }, ...known].slice(0, KEPT));
  return packed;
}
