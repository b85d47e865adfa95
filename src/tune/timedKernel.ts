/** Loads modules to be timed, on the data with which they are checked. */
import { unreachable } from "../ir/errors.js";
import type { KernelModule, WasmModule, WasmPart } from "../ir/module.js";
import type { BufferRole } from "../ir/program.js";
import { Arena } from "../runtime/host/arena.js";
import { ownHeap } from "../runtime/host/heap.js";
import { loadJs } from "../runtime/host/js.js";
import type { Loaded } from "../runtime/host/loaded.js";
import { functionsOf } from "../runtime/host/text.js";
import { loadWasm } from "../runtime/host/wasm.js";
import { pack } from "../runtime/host/wasmInstance.js";
import type { CheckData, FloatsByName } from "./checkData.js";
import { timed } from "./sampling.js";
import type { TimedInstance, TimedKernel } from "./timed.js";

export async function timedKernel(module: KernelModule, data: CheckData, threads: number): Promise<TimedKernel> {
  switch (module.language) {
    case "wgsl":
      return (await import("./timedWgsl.js")).timedWgsl(module, data);
    case "wasm":
      return threads === 1 ? loadInto(module, data) : once(await loadWasm(module, threads), data);
    case "js":
      return once(loadJs(module, functionsOf(module)), data);
    default:
      return unreachable(module);
  }
}

/**
 * The kernel as its users call it, always in the same memory. To bring weights to another place would cost more than
 * the place matters.
 */
function once({ tensors, threads, instantiate }: Loaded, { given }: CheckData): TimedKernel {
  const instance = instantiate();
  const { inputs, outputs } = instance;
  const givenFor = (name: string) => given.get(name) as Float32Array;
  const weights = instance.prepare(tensors.weights.map(({ name }) => givenFor(name)));
  for (const [i, { name }] of tensors.inputs.entries()) inputs[i]?.set(givenFor(name));
  const views = new Map(tensors.outputs.map(({ name }, i) => [name, outputs[i] as Float32Array]));
  const call =
    threads > 1 ? () => instance.runThreaded(weights, inputs, outputs) : () => instance.run(weights, inputs, outputs);
  return {
    place: async () => ({ ...timed(call), result: () => resultOf(call, views), dispose: () => undefined }),
    dispose: () => instance.dispose?.(),
  };
}

/** Roles of buffers that are filled before a call. */
const KNOWN: readonly BufferRole[] = ["input", "weights", "prepared"];

/** A kernel on one thread. Its weights are prepared once, and copied into each new memory. */
async function loadInto({ prepare, run }: WasmModule, data: CheckData): Promise<TimedKernel> {
  const { given } = data;
  const compile = async (part: WasmPart) => ({ ...part, module: await WebAssembly.compile(part.code) });
  const packed = prepare
    ? await packedBy(prepare, data, async () => pack(await compile(prepare), ownHeap(prepare.shared), given, copyOf))
    : new Map();
  const part = await compile(run);
  const place = async (): Promise<TimedInstance> => {
    const arena = new Arena(part);
    for (const { name, role } of part.buffers) {
      const values = KNOWN.includes(role) ? (given.get(name) ?? packed.get(name)) : undefined;
      if (values) arena.view(name).set(values);
    }
    const outputs = part.buffers.filter(({ role }) => role === "output");
    const views = new Map(outputs.map(({ name }) => [name, arena.view(name)]));
    const call = () => arena.run();
    return { ...timed(call), result: () => resultOf(call, views), dispose: () => arena.free() };
  };
  return { place, dispose: () => undefined };
}

const copyOf = (arena: Arena): FloatsByName => new Map(arena.names.map((name) => [name, arena.view(name).slice()]));

/** The outputs of a call. They are NaN before it, so an element that is not written shows. */
async function resultOf(call: () => void | Promise<void>, outputs: FloatsByName): Promise<FloatsByName> {
  for (const output of outputs.values()) output.fill(Number.NaN);
  await call();
  return new Map([...outputs].map(([name, output]) => [name, output.slice()]));
}

/** Weights as the last few packing codes have packed them: candidates often pack weights alike. */
const packings = new WeakMap<CheckData, { readonly code: Uint8Array; readonly packed: FloatsByName }[]>();
const KEPT = 4;

async function packedBy({ code }: WasmPart, data: CheckData, make: () => Promise<FloatsByName>): Promise<FloatsByName> {
  const known = packings.get(data) ?? [];
  const same = known.find((one) => one.code.length === code.length && one.code.every((byte, i) => byte === code[i]));
  if (same) return same.packed;
  const packed = await make();
  packings.set(data, [{ code, packed }, ...known].slice(0, KEPT));
  return packed;
}
