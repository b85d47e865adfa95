/**
 * Instances of WebAssembly kernels. Each instance has a linear memory of exactly the size that its buffers need.
 * Callers can fill inputs and read outputs in this memory; arrays elsewhere are copied.
 *
 * The memory has room for one set of weights. The set that ran last stays in place; another set is copied in.
 */
import { namesOf, type Tensors } from "../tensors.js";
import { Arena, type CompiledPart } from "./arena.js";
import type { Arrays, Instance, Prepared } from "./loaded.js";

export class WasmInstance implements Instance {
  readonly inputs: Arrays;
  readonly outputs: Arrays;
  protected readonly arena: Arena;
  readonly #prepare: CompiledPart | null;
  readonly #weightNames: readonly string[];
  /** The names and views of the buffers that hold weights. */
  readonly #stored: readonly (readonly [name: string, view: Float32Array])[];
  /** The set of weights that is in memory. All other sets hold copies of their arrays. */
  #resident: Prepared | undefined;

  constructor(prepare: CompiledPart | null, run: CompiledPart, { inputs, weights, outputs }: Tensors) {
    const arena = new Arena(run);
    this.arena = arena;
    this.#prepare = prepare;
    this.#weightNames = namesOf(weights);
    this.#stored = run.buffers
      .filter(({ role }) => role === "weights" || role === "prepared")
      .map(({ name }) => [name, arena.view(name)]);
    this.inputs = inputs.map(({ name }) => arena.view(name));
    this.outputs = outputs.map(({ name }) => arena.view(name));
  }

  prepare(weights: Arrays): Prepared {
    const given = new Map(weights.map((array, i) => [this.#weightNames[i] as string, array]));
    const sources = this.#prepare ? pack(this.#prepare, given) : given;
    this.#evict();
    for (const [name, view] of this.#stored) view.set((given.get(name) ?? sources.get(name)) as Float32Array);
    this.#resident = { arrays: [] };
    return this.#resident;
  }

  run(weights: Prepared, inputs: Arrays, outputs: Arrays): void {
    this.moveIn(weights, inputs);
    this.arena.run();
    this.moveOut(outputs);
  }

  async runThreaded(weights: Prepared, inputs: Arrays, outputs: Arrays): Promise<void> {
    this.run(weights, inputs, outputs);
  }

  /** Copies inputs and weights into memory, unless they are there already. */
  protected moveIn(weights: Prepared, inputs: Arrays): void {
    copyAll(inputs, this.inputs);
    if (this.#resident === weights) return;
    this.#evict();
    for (const [i, [, view]] of this.#stored.entries()) view.set(weights.arrays[i] as Float32Array);
    weights.arrays = [];
    this.#resident = weights;
  }

  protected moveOut(outputs: Arrays): void {
    copyAll(this.outputs, outputs);
  }

  #evict(): void {
    if (this.#resident) this.#resident.arrays = this.#stored.map(([, view]) => view.slice());
    this.#resident = undefined;
  }
}

/** Packs weights in a memory of its own, which is dropped afterwards: only then are weights needed in two orders. */
export function pack(part: CompiledPart, given: ReadonlyMap<string, Float32Array>): ReadonlyMap<string, Float32Array> {
  const arena = new Arena(part);
  for (const name of arena.names) {
    const values = given.get(name);
    if (values) arena.view(name).set(values);
  }
  arena.run();
  return new Map(arena.names.map((name) => [name, arena.view(name)]));
}

/**
 * Copies each array that does not lie at its place. If one lies at the place of another, all arrays are read before
 * any is written: a caller may pass the memory of two inputs the other way round.
 */
function copyAll(from: Arrays, to: Arrays): void {
  const isCrossed = from.length > 1 && from.some((array, i) => array.buffer === to[i]?.buffer && !isSame(array, to[i]));
  const sources = isCrossed ? from.map((array) => array.slice()) : from;
  for (let i = 0; i < sources.length; i++) {
    const [source, place] = [sources[i] as Float32Array, to[i] as Float32Array];
    if (!isSame(source, place)) place.set(source);
  }
}

/** True if two arrays of equal length are the same memory. */
const isSame = (a: Float32Array, b: Float32Array | undefined): boolean =>
  a === b || (a.buffer === b?.buffer && a.byteOffset === b.byteOffset);
