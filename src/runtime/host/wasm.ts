/**
 * Loads WebAssembly kernels. Each instance has one linear memory of exactly the size its buffers need; the input is filled
 * and the output read where they lie in it, and what lies elsewhere is copied.
 *
 * The memory has room for one set of weights. The set that ran last stays in place; another one moves in by a copy.
 */
import { fail } from "../../ir/errors.js";
import { PAGE_BYTES, type WasmModule, type WasmPart } from "../../ir/module.js";
import { elementCount } from "../../ir/program.js";
import type { Instance, Loaded, Prepared } from "./loaded.js";

/** A part of a module, compiled. */
interface CompiledPart extends WasmPart {
  readonly module: WebAssembly.Module;
}

export async function loadWasm({ schedule, prepare, run }: WasmModule): Promise<Loaded> {
  const compile = async (part: WasmPart): Promise<CompiledPart> => ({
    ...part,
    module: await WebAssembly.compile(part.code),
  });
  const [preparePart, runPart] = await Promise.all([prepare ? compile(prepare) : null, compile(run)]);
  return {
    tier: "wasm",
    schedule,
    codeBytes: run.code.length + (prepare?.code.length ?? 0),
    instantiate: () => new WasmInstance(preparePart, runPart),
  };
}

type Functions = Readonly<Record<string, (begin?: number, end?: number) => void>>;

/** A compiled part in a memory of its own. */
class Arena {
  readonly memory: WebAssembly.Memory;
  readonly #part: CompiledPart;
  readonly #functions: Functions;

  constructor(part: CompiledPart) {
    this.#part = part;
    this.memory = allocateMemory(part);
    const env = { memory: this.memory, exp: Math.exp, tanh: Math.tanh };
    this.#functions = new WebAssembly.Instance(part.module, { env }).exports as Functions;
  }

  get names(): string[] {
    return this.#part.buffers.map((buffer) => buffer.name);
  }

  /** The elements of a buffer, in place. */
  view(name: string): Float32Array {
    const buffer = this.#part.buffers.find((candidate) => candidate.name === name);
    if (!buffer) return fail("internal", `tilewright bug: no buffer ${name} in memory`);
    return new Float32Array(this.memory.buffer, buffer.address, elementCount(buffer.shape));
  }

  run(): void {
    for (const { name, iterations } of this.#part.entries) {
      if (iterations === null) this.#functions[name]?.();
      else this.#functions[name]?.(0, iterations);
    }
  }
}

function allocateMemory({ pages, shared }: WasmPart): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory(shared ? { initial: pages, maximum: pages, shared } : { initial: pages });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const bytes = pages * PAGE_BYTES;
    return fail("too-large", `the kernel needs ${bytes} bytes of memory, which cannot be allocated`, bytes);
  }
}

const isStored = (role: string): boolean => role === "weights" || role === "prepared";

class WasmInstance implements Instance {
  readonly value: Float32Array;
  readonly output: Float32Array;
  readonly #prepare: CompiledPart | null;
  readonly #arena: Arena;
  readonly #stored: readonly string[];
  /** The weights that are in memory. */
  #resident: WasmWeights | undefined;

  constructor(prepare: CompiledPart | null, run: CompiledPart) {
    this.#prepare = prepare;
    this.#arena = new Arena(run);
    this.#stored = run.buffers.filter((buffer) => isStored(buffer.role)).map((buffer) => buffer.name);
    this.value = this.#arena.view("value");
    this.output = this.#arena.view("output");
  }

  prepare(filters: Float32Array, bias: Float32Array | undefined): Prepared {
    const given = new Map([["filters", filters]]);
    if (bias) given.set("bias", bias);
    const sources = this.#prepare ? this.#pack(this.#prepare, given) : given;
    this.#evict();
    for (const name of this.#stored) this.#arena.view(name).set(sources.get(name) ?? (given.get(name) as Float32Array));
    this.#resident = new WasmWeights(this);
    return this.#resident;
  }

  /** Packs in a memory that is dropped afterwards: weights are needed in two orders only for a moment. */
  #pack(part: CompiledPart, given: ReadonlyMap<string, Float32Array>): Map<string, Float32Array> {
    const arena = new Arena(part);
    for (const name of arena.names) {
      const values = given.get(name);
      if (values) arena.view(name).set(values);
    }
    arena.run();
    return new Map(arena.names.map((name) => [name, arena.view(name)]));
  }

  run(weights: WasmWeights, value: Float32Array, output: Float32Array): void {
    this.#moveIn(weights);
    if (!isSame(value, this.value)) this.value.set(value);
    this.#arena.run();
    if (!isSame(output, this.output)) output.set(this.output);
  }

  #moveIn(weights: WasmWeights): void {
    if (this.#resident === weights) return;
    this.#evict();
    for (const [name, values] of weights.saved) this.#arena.view(name).set(values);
    weights.saved = new Map();
    this.#resident = weights;
  }

  #evict(): void {
    if (this.#resident)
      this.#resident.saved = new Map(this.#stored.map((name) => [name, this.#arena.view(name).slice()]));
    this.#resident = undefined;
  }

  dispose(): void {
    this.#resident = undefined;
  }
}

class WasmWeights implements Prepared {
  readonly #instance: WasmInstance;
  /** Copies of the buffers while other weights are in memory. */
  saved: ReadonlyMap<string, Float32Array> = new Map();

  constructor(instance: WasmInstance) {
    this.#instance = instance;
  }

  run(value: Float32Array, output: Float32Array): void {
    this.#instance.run(this, value, output);
  }

  async runThreaded(value: Float32Array, output: Float32Array): Promise<void> {
    this.run(value, output);
  }
}

const isSame = (a: Float32Array, b: Float32Array): boolean =>
  a === b || (a.buffer === b.buffer && a.byteOffset === b.byteOffset);
