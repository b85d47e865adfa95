/**
 * Arenas: the buffers of a compiled part in a heap, and its calls there.
 *
 * They lie in one block. In a memory that is not the library's own the inputs and outputs have a block to themselves,
 * which is made when it is first needed: whoever calls over tensors elsewhere needs none.
 *
 * An arena that nobody holds any more gives its block back, as one does whose kernel is disposed of. Whoever holds an
 * array that the arena gave holds the arena.
 */
import { failInternally } from "../../ir/errors.js";
import { ALIGNMENT, layOut } from "../../ir/layout.js";
import type { WasmBuffer, WasmEntry, WasmPart } from "../../ir/module.js";
import { elementCount } from "../../ir/shape.js";
import { fillHalves } from "../half.js";
import { whenAbandoned } from "./abandoned.js";
import { type Block, type Heap, ownHeap } from "./heap.js";

export interface CompiledPart extends WasmPart {
  readonly module: WebAssembly.Module;
}

/** The elements of a buffer as they lie in memory: float32, or the bits of halves. */
export type Stored = Float32Array | Uint16Array;

type Functions = Readonly<Record<string, (...parameters: readonly number[]) => void>>;

/** An entry with its first parameters: the addresses of its buffers, and the length of a call if it is chosen. */
export interface LinkedEntry extends WasmEntry {
  readonly parameters: readonly number[];
  /** Runs the whole entry. */
  readonly run: () => void;
  /** Runs the iterations begin .. end-1 of an entry that threads can share. */
  readonly runPart: (begin: number, end: number) => void;
}

/** The functions of a module in a memory. Kernels of the same code in the same memory share them. */
const linked = new WeakMap<WebAssembly.Module, WeakMap<WebAssembly.Memory, Functions>>();

function link(module: WebAssembly.Module, memory: WebAssembly.Memory): Functions {
  const inMemories = linked.get(module) ?? new WeakMap<WebAssembly.Memory, Functions>();
  linked.set(module, inMemories);
  const known = inMemories.get(memory);
  if (known) return known;
  // Whatever function a module imports is one of Math.
  const env = Object.assign(Object.create(Math), { memory });
  const functions = new WebAssembly.Instance(module, { env }).exports as Functions;
  inMemories.set(memory, functions);
  return functions;
}

/** The number of iterations of a call, if threads can share them. */
function iterationsOf({ iterations, end }: WasmEntry, units: number | undefined): number | null {
  if (!end || units === undefined) return iterations;
  return Math.floor((end.constant + end.perUnit * units) / end.by) + 1;
}

const abandoned = whenAbandoned<Block>((block) => block.free());

/** The arena of each array. The entry of an array lives as long as the array. */
const owners = new WeakMap<Stored, Arena>();

/** True for a buffer that callers fill or read, zero at first. */
const isTensor = ({ role }: WasmBuffer): boolean => role === "input" || role === "output";

export class Arena {
  readonly part: CompiledPart;
  readonly memory: WebAssembly.Memory;
  readonly #heap: Heap;
  readonly #blocks: Block[] = [];
  readonly #functions: Functions;
  readonly #buffers = new Map<string, WasmBuffer & { readonly address: number }>();
  readonly #views = new Map<string, Stored>();
  #entries: readonly LinkedEntry[] | undefined;

  constructor(part: CompiledPart, heap: Heap = ownHeap(part.shared)) {
    this.part = part;
    this.#heap = heap;
    this.memory = this.#place(heap.isOneMemory ? part.buffers.filter((buffer) => !isTensor(buffer)) : part.buffers);
    this.#functions = link(part.module, this.memory);
  }

  /** Takes a block for these buffers, and gives its memory. */
  #place(buffers: readonly WasmBuffer[]): WebAssembly.Memory {
    const { offsets, bytes, least } = layOut(buffers);
    const block = this.#heap.allocate(bytes, least, ALIGNMENT);
    abandoned.register(this, block, this);
    this.#blocks.push(block);
    for (const buffer of buffers) {
      const address = block.address + (offsets.get(buffer.name) as number);
      this.#buffers.set(buffer.name, { ...buffer, address });
      if (buffer.values) store(arrayIn(block.memory, buffer, address), buffer.values);
      // What callers see is zero at first, also where something else lay before.
      else if (isTensor(buffer)) arrayIn(block.memory, buffer, address).fill(0);
    }
    return block.memory;
  }

  get names(): string[] {
    return this.part.buffers.map((buffer) => buffer.name);
  }

  /** The entries, over the arena's own buffers. */
  get entries(): readonly LinkedEntry[] {
    this.#entries ??= this.entriesAt(new Map());
    return this.#entries;
  }

  /**
   * The entries with buffers at other addresses of the same memory; those left out stay where they are. `units` says
   * the length of the call where calls choose it; default: the largest.
   */
  entriesAt(elsewhere: ReadonlyMap<string, number>, units?: number): LinkedEntry[] {
    return this.part.entries.map((entry): LinkedEntry => {
      const { name, buffers, mostUnits } = entry;
      const run = this.#functions[name] ?? failInternally(`the module exports no ${name}`);
      const addresses = buffers.map((buffer) => elsewhere.get(buffer) ?? this.#placeOf(buffer).address);
      const parameters = mostUnits === undefined ? addresses : [...addresses, units ?? mostUnits];
      const iterations = iterationsOf(entry, units);
      const range = iterations === null ? [] : [0, iterations];
      // Bound functions are called faster than with spread arguments.
      return {
        ...entry,
        iterations,
        parameters,
        run: run.bind(undefined, ...parameters, ...range),
        runPart: run.bind(undefined, ...parameters),
      };
    });
  }

  /** The elements of a buffer of float32, in place. */
  view(name: string): Float32Array {
    const elements = this.elements(name);
    return elements instanceof Float32Array ? elements : failInternally(`${name} is no float32`);
  }

  /** Stores numbers in a buffer, rounded to its type. */
  write(name: string, values: ArrayLike<number>): void {
    store(this.elements(name), values);
  }

  /** The elements of a buffer, in place. It is the same array at each call, unless the memory has grown since. */
  elements(name: string): Stored {
    const known = this.#views.get(name);
    const { address, ...buffer } = this.#placeOf(name);
    // An array is empty once its memory has grown, and so is its buffer.
    if (known?.length === elementCount(buffer.shape) && known.buffer.byteLength > 0) return known;
    const view = arrayIn(this.memory, buffer, address);
    this.#views.set(name, view);
    owners.set(view, this);
    return view;
  }

  /** Runs the entries one after the other on the calling thread. */
  run(): void {
    for (const { run } of this.entries) run();
  }

  /** Gives the memory back. No array of the arena may be used after it. */
  free(): void {
    abandoned.unregister(this);
    for (const block of this.#blocks) block.free();
  }

  #placeOf(name: string) {
    if (!this.#buffers.has(name)) this.#place(this.part.buffers.filter(isTensor));
    return this.#buffers.get(name) ?? failInternally(`no buffer ${name} in memory`);
  }
}

function store(elements: Stored, values: ArrayLike<number>): void {
  if (elements instanceof Float32Array) elements.set(values);
  else fillHalves(elements, values);
}

const arrayIn = ({ buffer }: WebAssembly.Memory, { shape, dtype }: WasmBuffer, address: number): Stored =>
  new (dtype === "f16" ? Uint16Array : Float32Array)(buffer, address, elementCount(shape));
