/**
 * Instances of WebAssembly kernels. Each has one linear memory of exactly the size its buffers need; the input is filled and the
 * output read where they lie in it, and what lies elsewhere is copied.
 *
 * The memory has room for one set of weights. The set that ran last stays in place; another one moves in by a copy.
 */
import { failInternally } from "../../ir/errors.js";
import { Arena, type CompiledPart } from "./arena.js";
import type { Instance, Prepared } from "./loaded.js";

/** Where weights are at home. Empty once it is disposed of: whoever keeps weights must not keep the memory. */
interface Home {
  instance: WasmInstance | undefined;
}

const isStored = (role: string): boolean => role === "weights" || role === "prepared";

export class WasmInstance implements Instance {
  readonly value: Float32Array;
  readonly output: Float32Array;
  protected readonly arena: Arena;
  readonly #prepare: CompiledPart | null;
  readonly #home: Home = { instance: this };
  /** Views of the buffers that hold weights. */
  readonly #stored: ReadonlyMap<string, Float32Array>;
  /** The weights that are in memory. */
  #resident: WasmWeights | undefined;

  constructor(prepare: CompiledPart | null, run: CompiledPart) {
    this.#prepare = prepare;
    this.arena = new Arena(run);
    const stored = run.buffers.filter((buffer) => isStored(buffer.role));
    this.#stored = new Map(stored.map(({ name }) => [name, this.arena.view(name)]));
    this.value = this.arena.view("value");
    this.output = this.arena.view("output");
  }

  prepare(filters: Float32Array, bias: Float32Array | undefined): Prepared {
    const given = new Map([["filters", filters]]);
    if (bias) given.set("bias", bias);
    const sources = this.#prepare ? pack(this.#prepare, given) : given;
    this.#evict();
    for (const [name, view] of this.#stored) view.set((given.get(name) ?? sources.get(name)) as Float32Array);
    this.#resident = new WasmWeights(this.#home);
    return this.#resident;
  }

  run(weights: WasmWeights, value: Float32Array, output: Float32Array): void {
    this.moveIn(weights, value);
    this.arena.run();
    this.moveOut(output);
  }

  async runThreaded(weights: WasmWeights, value: Float32Array, output: Float32Array): Promise<void> {
    this.run(weights, value, output);
  }

  dispose(): void {
    this.#home.instance = undefined;
  }

  /** Brings what a call reads into memory, where it is not there already. */
  protected moveIn(weights: WasmWeights, value: Float32Array): void {
    if (!isSame(value, this.value)) this.value.set(value);
    if (this.#resident === weights) return;
    this.#evict();
    for (const [name, values] of weights.saved) this.#stored.get(name)?.set(values);
    weights.saved = new Map();
    this.#resident = weights;
  }

  protected moveOut(output: Float32Array): void {
    if (!isSame(output, this.output)) output.set(this.output);
  }

  #evict(): void {
    if (this.#resident) this.#resident.saved = new Map([...this.#stored].map(([name, view]) => [name, view.slice()]));
    this.#resident = undefined;
  }
}

export class WasmWeights implements Prepared {
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
    await this.#instance.runThreaded(this, value, output);
  }

  get #instance(): WasmInstance {
    return this.#home.instance ?? failInternally("weights outlived their kernel");
  }
}

/** Packs in a memory that is dropped afterwards: weights are needed in two orders only for a moment. */
export function pack(part: CompiledPart, given: ReadonlyMap<string, Float32Array>): ReadonlyMap<string, Float32Array> {
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
