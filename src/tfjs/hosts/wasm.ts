/**
 * The WebAssembly backend: kernels run in its own memory, on its tensors as they lie there.
 *
 * All fields of the backend that are no public API of TensorFlow.js are in this file. They are as in 4.22.
 */
import type { KernelMemory } from "../../runtime/host/givenHeap.js";
import { canShareMemory } from "../../runtime/threads/sharing.js";
import type { TfTensor } from "../tf.js";
import { type FoundHost, missingFunction } from "./host.js";

/** The module that Emscripten makes. */
interface HeapModule {
  readonly _malloc: (bytes: number) => number;
  readonly _free: (address: number) => void;
  /** In builds without threads. */
  readonly asm?: { readonly memory?: WebAssembly.Memory };
  /** In builds with threads. */
  readonly wasmMemory?: WebAssembly.Memory;
  readonly tfjs?: { readonly getThreadsCount?: () => number };
}

interface WasmTensors {
  /** Null once the backend is disposed of. */
  readonly wasm: HeapModule | null;
  readonly dataIdMap: {
    has(dataId: object): boolean;
    get(dataId: object): { readonly memoryOffset: number };
  };
  makeOutput(shape: number[], dtype: TfTensor["dtype"]): TfTensor;
  disposeData(dataId: object): unknown;
}

/**
 * Code begins to count before its tensors, by up to some MB. The heap begins at 90 kB, so its lowest part is taken at
 * once: tensors then lie above it.
 */
const LOWEST_BYTES = 4 << 20;

export function wasmHost(given: object): FoundHost {
  const backend = given as WasmTensors;
  const module = backend.wasm;
  const memory = module?.asm?.memory ?? module?.wasmMemory;
  const missing =
    missingFunction("wasm", module, ["_malloc", "_free"]) ??
    missingFunction("dataIdMap", backend.dataIdMap, ["has", "get"]) ??
    missingFunction("backend", backend, ["makeOutput", "disposeData"]);
  if (missing !== undefined) return missing;
  if (!module || !(memory instanceof WebAssembly.Memory)) return "wasm.asm.memory";
  const owned: KernelMemory = {
    memory,
    allocate: (bytes) => module._malloc(bytes),
    free: (address) => module._free(address),
  };
  const isShared = typeof SharedArrayBuffer !== "undefined" && memory.buffer instanceof SharedArrayBuffer;
  const theirs = isShared ? Math.max(1, module.tfjs?.getThreadsCount?.() ?? 1) : 1;
  const threads = theirs > 1 && mayBlock() && canShareMemory() ? theirs : 1;
  const lowest = module._malloc(LOWEST_BYTES);
  const addressOf = ({ dataId }: TfTensor) => backend.dataIdMap.get(dataId).memoryOffset;
  return {
    options: { target: "wasm", memory: owned, threads },
    handicap: theirs / threads,
    isAlive: (dataId) => backend.wasm === module && backend.dataIdMap.has(dataId),
    elementsOf: (tensor) => {
      const count = tensor.shape.reduce((all, size) => all * size, 1);
      return new Float32Array(memory.buffer, addressOf(tensor), count).slice();
    },
    run(kernel, weights, inputs, shape) {
      const addresses: Record<string, number> = {};
      for (const [name, tensor] of Object.entries(inputs)) addresses[name] = addressOf(tensor);
      const output = backend.makeOutput(shape, "float32");
      addresses.output = addressOf(output);
      try {
        kernel.runAt(addresses, weights);
      } catch (error) {
        backend.disposeData(output.dataId);
        throw error;
      }
      return output;
    },
    dispose: () => module._free(lowest),
  };
}

/** A page's own thread must not wait for others. */
const mayBlock = (): boolean => typeof document === "undefined";
