/**
 * Instances of WebAssembly kernels. Each has an arena for its buffers. Callers can fill inputs and read outputs there;
 * arrays elsewhere are copied.
 *
 * The arena has room for one set of weights. The set that ran last stays in place; another set is copied in.
 */
import { bufferAt } from "../../ir/bufferAt.js";
import { fail } from "../../ir/errors.js";
import type { BufferDecl } from "../../ir/program.js";
import { elementCount } from "../../ir/shape.js";
import { overlap } from "../tensor.js";
import { namesOf, type Tensors } from "../tensors.js";
import { Arena, type CompiledPart, type LinkedEntry, type Stored } from "./arena.js";
import type { Heap } from "./heap.js";
import type { Arrays, Instance, Prepared } from "./loaded.js";
import { RelocatedCalls } from "./relocatedCalls.js";

export class WasmInstance implements Instance {
  protected readonly arena: Arena;
  readonly #heap: Heap;
  readonly #prepare: CompiledPart | null;
  readonly #tensors: Tensors;
  readonly #names: Readonly<Record<keyof Tensors, readonly string[]>>;
  /** The entries of the last call that chose its length. */
  #called: { readonly units: number; readonly entries: readonly LinkedEntry[] } | undefined;
  #relocated: RelocatedCalls | undefined;
  #inputs: Arrays = [];
  #outputs: Arrays = [];
  /** The names of the buffers that hold weights. */
  readonly #stored: readonly string[];
  /** The set of weights that is in memory. All other sets hold copies of their arrays. */
  #resident: Prepared | undefined;

  constructor(prepare: CompiledPart | null, run: CompiledPart, tensors: Tensors, heap: Heap) {
    const { inputs, weights, outputs } = tensors;
    this.#tensors = tensors;
    this.#heap = heap;
    this.arena = new Arena(run, heap);
    this.#prepare = prepare;
    this.#names = { inputs: namesOf(inputs), weights: namesOf(weights), outputs: namesOf(outputs) };
    this.#stored = namesOf(run.buffers.filter(({ role }) => role === "weights" || role === "prepared"));
  }

  get inputs(): Arrays {
    this.#inputs = this.#attached(this.#inputs, this.#names.inputs);
    return this.#inputs;
  }

  get outputs(): Arrays {
    this.#outputs = this.#attached(this.#outputs, this.#names.outputs);
    return this.#outputs;
  }

  prepare(weights: Arrays): Prepared {
    const given = new Map(weights.map((array, i) => [this.#names.weights[i] as string, array]));
    const store = (packed: (name: string) => Stored | undefined) => {
      this.#evict();
      for (const name of this.#stored) {
        const values = given.get(name);
        if (values) this.arena.write(name, values);
        else this.arena.elements(name).set(packed(name) as Stored);
      }
    };
    if (this.#prepare) pack(this.#prepare, this.#heap, given, (packed) => store((name) => packed.elements(name)));
    else store(() => undefined);
    this.#resident = { arrays: [] };
    return this.#resident;
  }

  run(weights: Prepared, inputs: Arrays, outputs: Arrays, units?: number): void {
    this.moveIn(weights, inputs, units);
    this.runEntries(this.entriesFor(units));
    this.moveOut(outputs, units);
  }

  async runThreaded(weights: Prepared, inputs: Arrays, outputs: Arrays, units?: number): Promise<void> {
    this.run(weights, inputs, outputs, units);
  }

  /** The entries of a call of this length. */
  protected entriesFor(units: number | undefined): readonly LinkedEntry[] {
    if (units === undefined) return this.arena.entries;
    if (this.#called?.units !== units) this.#called = { units, entries: this.arena.entriesAt(new Map(), units) };
    return this.#called.entries;
  }

  get memory(): WebAssembly.Memory {
    return this.arena.memory;
  }

  runAt(weights: Prepared, addresses: ReadonlyMap<string, number>, units?: number): void {
    this.#relocated ??= new RelocatedCalls(this.arena);
    const entries = this.#relocated.entriesAt(addresses, units);
    this.moveInWeights(weights);
    this.runEntries(entries);
  }

  /** Runs one entry after the other, without a promise. */
  protected runEntries(entries: readonly LinkedEntry[]): void {
    for (const { run } of entries) run();
  }

  dispose(): void {
    this.arena.free();
  }

  /** Copies inputs and weights into memory, unless they are there already. */
  protected moveIn(weights: Prepared, inputs: Arrays, units: number | undefined): void {
    copyAll(this.#names.inputs, inputs, atLength(this.inputs, this.#tensors.inputs, units));
    this.moveInWeights(weights);
  }

  protected moveInWeights(weights: Prepared): void {
    if (this.#resident === weights) return;
    this.#evict();
    for (const [i, name] of this.#stored.entries()) this.arena.elements(name).set(weights.arrays[i] as Stored);
    weights.arrays = [];
    this.#resident = weights;
  }

  protected moveOut(outputs: Arrays, units: number | undefined): void {
    copyAll(this.#names.outputs, atLength(this.outputs, this.#tensors.outputs, units), outputs);
  }

  /** The arrays, or others in their place once the memory has grown, which empties arrays. */
  #attached(arrays: Arrays, names: readonly string[]): Arrays {
    const isAttached = arrays.length > 0 && arrays.every(({ length }) => length > 0);
    return isAttached ? arrays : names.map((name) => this.arena.view(name));
  }

  #evict(): void {
    if (this.#resident) this.#resident.arrays = this.#stored.map((name) => this.arena.elements(name).slice());
    this.#resident = undefined;
  }
}

/** The parts of the arrays that a call of this length uses: their beginnings. */
function atLength(arrays: Arrays, declared: readonly BufferDecl[], units: number | undefined): Arrays {
  if (units === undefined) return arrays;
  return arrays.map((array, i) => array.subarray(0, elementCount(bufferAt(declared[i] as BufferDecl, units).shape)));
}

/** Packs weights in a block of its own, which is free afterwards: only then are weights needed in two orders. */
export function pack<T>(
  part: CompiledPart,
  heap: Heap,
  given: ReadonlyMap<string, Float32Array>,
  use: (packed: Arena) => T,
): T {
  const arena = new Arena(part, heap);
  try {
    for (const name of arena.names) {
      const values = given.get(name);
      if (values) arena.write(name, values);
    }
    arena.run();
    return use(arena);
  } finally {
    arena.free();
  }
}

/**
 * Copies each array that does not lie at its place. If one lies at the place of another, all arrays are read before
 * any is written: a caller may pass the memory of two inputs the other way round.
 * @throws TilewrightError `invalid-argument` if the caller has transferred or resized an array since it was checked
 */
function copyAll(names: readonly string[], from: Arrays, to: Arrays): void {
  const changed = from.findIndex(({ length }, i) => length !== (to[i] as Float32Array).length);
  if (changed >= 0)
    fail(
      "invalid-argument",
      `the array for ${names[changed]} was transferred or resized while run() was under way; ` +
        "leave arrays alone until its promise is kept",
    );
  const isCrossed = from.length > 1 && from.some((array, i) => to.some((place, j) => i !== j && overlap(array, place)));
  const sources = isCrossed ? from.map((array) => array.slice()) : from;
  for (let i = 0; i < sources.length; i++) {
    const [source, place] = [sources[i] as Float32Array, to[i] as Float32Array];
    if (!isSame(source, place)) place.set(source);
  }
}

/** True if two arrays of equal length are the same memory. */
const isSame = (a: Float32Array, b: Float32Array): boolean =>
  a === b || (a.buffer === b.buffer && a.byteOffset === b.byteOffset);
