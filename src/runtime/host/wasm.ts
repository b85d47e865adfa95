/** Loads WebAssembly kernels: compiles their binaries, once for all instances. */
import type { WasmModule, WasmPart } from "../../ir/module.js";
import { tensorsOf } from "../tensors.js";
import type { CompiledPart } from "./arena.js";
import type { Loaded } from "./loaded.js";
import { WasmInstance } from "./wasmInstance.js";

/** A part that may come compiled; its code is then not read. */
export interface LoadablePart extends WasmPart {
  readonly module?: WebAssembly.Module;
}

interface LoadableWasm extends WasmModule {
  readonly prepare: LoadablePart | null;
  readonly run: LoadablePart;
}

/** `threads` is the number of threads that share a call, if the kernel's memory is shared; else it is ignored. */
export async function loadWasm({ prepare, run, vectors, ...facts }: LoadableWasm, threads: number): Promise<Loaded> {
  const compile = async (part: LoadablePart): Promise<CompiledPart> => ({
    ...part,
    module: part.module ?? (await WebAssembly.compile(part.code)),
  });
  const [preparePart, runPart] = await Promise.all([prepare ? compile(prepare) : null, compile(run)]);
  const tensors = tensorsOf([...(prepare?.buffers ?? []), ...run.buffers], facts);
  // Imported only for several threads: most pages use one thread and need no pool.
  const shared = run.shared && threads > 1 ? await import("./sharedInstance.js") : undefined;
  return {
    tier: "wasm",
    vectors,
    facts,
    tensors,
    codeBytes: run.code.length + (prepare?.code.length ?? 0),
    threads: shared ? threads : 1,
    instantiate: () =>
      shared
        ? new shared.SharedInstance(preparePart, runPart, tensors, threads)
        : new WasmInstance(preparePart, runPart, tensors),
  };
}
