/** Loads WebAssembly kernels: compiles their binaries, once for all instances. */
import type { WasmModule, WasmPart } from "../../ir/module.js";
import { OnDemand } from "../onDemand.js";
import { tensorsOf } from "../tensors.js";
import type { CompiledPart } from "./arena.js";
import { ownHeap } from "./heap.js";
import type { Loaded } from "./loaded.js";
import { WasmInstance } from "./wasmInstance.js";

/** Imported only for several threads: most pages use one thread and need no pool. */
export const THREADS = new OnDemand(() => import("./sharedInstance.js"));

/** A part that may come compiled; its code is then not read. */
export interface LoadablePart extends WasmPart {
  readonly module?: WebAssembly.Module;
  /** The size of the code, if the part comes compiled. */
  readonly bytes?: number;
}

interface LoadableWasm extends WasmModule {
  readonly prepare: LoadablePart | null;
  readonly run: LoadablePart;
}

/** `threads` is the number of threads that share a call, if the kernel's memory is shared; else it is ignored. */
export async function loadWasm(module: LoadableWasm, threads: number): Promise<Loaded> {
  const compile = async (part: LoadablePart): Promise<CompiledPart> => ({
    ...part,
    module: part.module ?? (await WebAssembly.compile(part.code)),
  });
  const { prepare, run } = module;
  const [prepared, running] = await Promise.all([prepare && compile(prepare), compile(run)]);
  if (isThreaded(module, threads)) await THREADS.get();
  return loadedFrom(module, prepared, running, threads);
}

/** Browsers compile no more than some megabytes in this way, which is a hundred times the size of a large kernel. */
export function loadWasmSync(module: WasmModule, threads: number): Loaded {
  const compile = (part: WasmPart): CompiledPart => ({ ...part, module: new WebAssembly.Module(part.code) });
  const { prepare, run } = module;
  return loadedFrom(module, prepare && compile(prepare), compile(run), threads);
}

const sizeOf = ({ code, bytes = code.length }: LoadablePart): number => bytes;

const isThreaded = ({ run }: WasmModule, threads: number): boolean => run.shared && threads > 1;

function loadedFrom(
  module: LoadableWasm,
  prepared: CompiledPart | null,
  running: CompiledPart,
  threads: number,
): Loaded {
  const { prepare, run, vectors, ...facts } = module;
  const tensors = tensorsOf([...(prepare?.buffers ?? []), ...run.buffers], facts);
  const host = isThreaded(module, threads) ? THREADS.loaded : undefined;
  return {
    tier: "wasm",
    vectors,
    facts,
    tensors,
    codeBytes: sizeOf(run) + (prepare ? sizeOf(prepare) : 0),
    get threads() {
      return host ? host.threadsOf(threads) : 1;
    },
    instantiate: (heap = ownHeap(run.shared)) =>
      host
        ? new host.SharedInstance(prepared, running, tensors, heap, threads)
        : new WasmInstance(prepared, running, tensors, heap),
  };
}
