/**
 * Loads WebAssembly kernels. Each instance has one linear memory of exactly the size its buffers need; the input is filled
 * and the output read where they lie in it, and what lies elsewhere is copied.
 *
 * The memory has room for one set of weights. The set that ran last stays in place; another one moves in by a copy.
 */
import { fail, failInternally } from "../../ir/errors.js";
import type { WasmModule, WasmPart } from "../../ir/module.js";
import { Arena, type CompiledPart } from "./arena.js";
import type { Instance, Loaded, Prepared } from "./loaded.js";

/** `threads`: how many share a kernel's range, where its memory is shared. */
export async function loadWasm({ prepare, run, vectors, ...facts }: WasmModule, threads: number): Promise<Loaded> {
  const compile = async (part: WasmPart): Promise<CompiledPart> => ({
    ...part,
    module: await WebAssembly.compile(part.code),
  });
  const [preparePart, runPart] = await Promise.all([prepare ? compile(prepare) : null, compile(run)]);
  return {
    tier: "wasm",
    facts,
    vectors,
    codeBytes: run.code.length + (prepare?.code.length ?? 0),
    threads: run.shared ? threads : 1,
    instantiate: () => new WasmInstance(preparePart, runPart, threads),
  };
}

/** Where weights are at home. Empty once it is disposed of: whoever keeps weights must not keep the memory. */
interface Home {
  instance: WasmInstance | undefined;
}

const isStored = (role: string): boolean => role === "weights" || role === "prepared";

class WasmInstance implements Instance {
  readonly value: Float32Array;
  readonly output: Float32Array;
  readonly #prepare: CompiledPart | null;
  readonly #arena: Arena;
  readonly #threads: number;
  readonly #home: Home = { instance: this };
  /** Views of the buffers that hold weights. */
  readonly #stored: ReadonlyMap<string, Float32Array>;
  /** The weights that are in memory. */
  #resident: WasmWeights | undefined;
  /** Ends when the calls before have ended: the memory serves one at a time. */
  #queue: Promise<unknown> | undefined;

  constructor(prepare: CompiledPart | null, run: CompiledPart, threads: number) {
    this.#prepare = prepare;
    this.#threads = threads;
    this.#arena = new Arena(run);
    const stored = run.buffers.filter((buffer) => isStored(buffer.role));
    this.#stored = new Map(stored.map(({ name }) => [name, this.#arena.view(name)]));
    this.value = this.#arena.view("value");
    this.output = this.#arena.view("output");
  }

  prepare(filters: Float32Array, bias: Float32Array | undefined): Prepared {
    this.#checkIdle();
    const given = new Map([["filters", filters]]);
    if (bias) given.set("bias", bias);
    const sources = this.#prepare ? pack(this.#prepare, given) : given;
    this.#evict();
    for (const [name, view] of this.#stored) view.set((given.get(name) ?? sources.get(name)) as Float32Array);
    this.#resident = new WasmWeights(this.#home);
    return this.#resident;
  }

  run(weights: WasmWeights, value: Float32Array, output: Float32Array): void {
    this.#checkIdle();
    this.#moveIn(weights);
    if (!isSame(value, this.value)) this.value.set(value);
    this.#arena.run();
    if (!isSame(output, this.output)) output.set(this.output);
  }

  /** Calls wait for each other. */
  async runThreaded(weights: WasmWeights, value: Float32Array, output: Float32Array): Promise<void> {
    const turn = Promise.resolve(this.#queue).then(async () => {
      this.#moveIn(weights);
      if (!isSame(value, this.value)) this.value.set(value);
      await this.#arena.runThreaded(this.#threads);
      if (!isSame(output, this.output)) output.set(this.output);
    });
    const ended = turn.catch(() => undefined); // told to whoever made that call
    this.#queue = ended;
    await turn.finally(() => {
      if (this.#queue === ended) this.#queue = undefined;
    });
  }

  dispose(): void {
    this.#home.instance = undefined;
    // Calls that were made before keep their weights and their workers to the end.
    if (this.#queue) void this.#queue.then(() => this.#arena.dispose());
    else this.#arena.dispose();
  }

  get isShared(): boolean {
    return this.#arena.isShared && this.#threads > 1;
  }

  #checkIdle(): void {
    if (this.#queue)
      fail("invalid-argument", "a run() of this kernel is still under way in its memory; await it first");
  }

  #moveIn(weights: WasmWeights): void {
    if (this.#resident === weights) return;
    this.#evict();
    for (const [name, values] of weights.saved) this.#stored.get(name)?.set(values);
    weights.saved = new Map();
    this.#resident = weights;
  }

  #evict(): void {
    if (this.#resident) this.#resident.saved = new Map([...this.#stored].map(([name, view]) => [name, view.slice()]));
    this.#resident = undefined;
  }
}

class WasmWeights implements Prepared {
  readonly #home: Home;
  /** Copies of the buffers while other weights are in memory. */
  saved: ReadonlyMap<string, Float32Array> = new Map();

  constructor(home: Home) {
    this.#home = home;
  }

  run(value: Float32Array, output: Float32Array): void {
    this.#instance.run(this, value, output);
  }

  async runThreaded(value: Float32Array, output: Float32Array): Promise<void> {
    const instance = this.#instance;
    if (instance.isShared) await instance.runThreaded(this, value, output);
    else instance.run(this, value, output);
  }

  get #instance(): WasmInstance {
    return this.#home.instance ?? failInternally("weights outlived their kernel");
  }
}

/** Packs in a memory that is dropped afterwards: weights are needed in two orders only for a moment. */
function pack(part: CompiledPart, given: ReadonlyMap<string, Float32Array>): ReadonlyMap<string, Float32Array> {
  const arena = new Arena(part);
  for (const name of arena.names) {
    const values = given.get(name);
    if (values) arena.view(name).set(values);
  }
  arena.run();
  return new Map(arena.names.map((name) => [name, arena.view(name)]));
}

/** Whether two arrays of equal length are the same memory. */
const isSame = (a: Float32Array, b: Float32Array): boolean =>
  a === b || (a.buffer === b.buffer && a.byteOffset === b.byteOffset);
