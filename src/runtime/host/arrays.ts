/** Instances whose buffers are JavaScript arrays, so that arguments are read and written in place. */
import { arrayOf, type TypedArray } from "../../ir/dtype.js";
import type { BufferDecl } from "../../ir/program.js";
import { allocate, allocateFloats } from "../memory.js";
import { namesOf, type Tensors } from "../tensors.js";
import type { Arrays, Instance, Prepared } from "./loaded.js";

/** A function over arrays, and the buffers that it takes. */
export interface ArrayEntry {
  readonly run: (...parameters: readonly (TypedArray | number)[]) => void;
  /** Names of the buffers, in the order of the parameters. */
  readonly buffers: readonly string[];
  /** See `JsEntry`. */
  readonly mostUnits?: number;
}

export interface ArrayCode {
  readonly buffers: readonly BufferDecl[];
  readonly prepare: readonly ArrayEntry[];
  readonly run: readonly ArrayEntry[];
}

/** An entry that knows each buffer by its index among all buffers. */
interface PlacedEntry extends Pick<ArrayEntry, "run" | "mostUnits"> {
  readonly places: readonly number[];
}

export class ArrayInstance implements Instance {
  readonly #buffers: readonly BufferDecl[];
  readonly #prepare: readonly PlacedEntry[];
  readonly #run: readonly PlacedEntry[];
  readonly #tensors: Tensors;
  readonly #places: Readonly<Record<keyof Tensors, readonly number[]>>;
  #inputs: Arrays | undefined;
  #outputs: Arrays | undefined;
  #scratch: (readonly [place: number, array: TypedArray])[] | undefined;

  constructor({ buffers, prepare, run }: ArrayCode, tensors: Tensors) {
    const all = namesOf(buffers);
    const placesOf = (names: readonly string[]) => names.map((name) => all.indexOf(name));
    const placed = (entry: ArrayEntry): PlacedEntry => ({ ...entry, places: placesOf(entry.buffers) });
    this.#buffers = buffers;
    this.#prepare = prepare.map(placed);
    this.#run = run.map(placed);
    this.#tensors = tensors;
    this.#places = {
      inputs: placesOf(namesOf(tensors.inputs)),
      weights: placesOf(namesOf(tensors.weights)),
      outputs: placesOf(namesOf(tensors.outputs)),
    };
  }

  get inputs(): Arrays {
    this.#inputs ??= floatsOf(this.#tensors.inputs);
    return this.#inputs;
  }

  get outputs(): Arrays {
    this.#outputs ??= floatsOf(this.#tensors.outputs);
    return this.#outputs;
  }

  prepare(weights: Arrays): Prepared {
    const arrays = this.#buffers.map((buffer) => {
      if (buffer.role === "constant") return constantOf(buffer);
      return buffer.role === "prepared" || buffer.role === "scratch" ? memoryOf(buffer) : undefined;
    });
    put(weights, this.#places.weights, arrays);
    for (const entry of this.#prepare) call(entry, arrays);
    const read = new Set(this.#run.flatMap(({ places }) => places));
    const kept = arrays.map((array, place) => {
      const { role } = this.#buffers[place] as BufferDecl;
      if (!read.has(place) || role === "scratch") return undefined;
      // Weights that a call reads directly are copied: a caller who changes an array must not change the kernel.
      return role === "weights" ? array?.slice() : array;
    });
    return { arrays: kept };
  }

  run(weights: Prepared, inputs: Arrays, outputs: Arrays, units?: number): void {
    this.#scratch ??= this.#allocateScratch();
    const arrays = weights.arrays.slice() as (TypedArray | undefined)[];
    for (const [place, array] of this.#scratch) arrays[place] = array;
    put(inputs, this.#places.inputs, arrays);
    put(outputs, this.#places.outputs, arrays);
    for (const entry of this.#run) call(entry, arrays, units);
  }

  async runThreaded(weights: Prepared, inputs: Arrays, outputs: Arrays, units?: number): Promise<void> {
    this.run(weights, inputs, outputs, units);
  }

  #allocateScratch(): [number, TypedArray][] {
    return this.#buffers.flatMap((buffer, place) => (buffer.role === "scratch" ? [[place, memoryOf(buffer)]] : []));
  }
}

const memoryOf = ({ name, shape, dtype }: BufferDecl): TypedArray => allocate(name, shape, dtype);

/** Memory for callers' tensors, which are float32 in JavaScript whatever their type is elsewhere. */
const floatsOf = (buffers: readonly BufferDecl[]): Arrays =>
  buffers.map(({ name, shape }) => allocateFloats(name, shape));

function constantOf({ dtype, values = [] }: BufferDecl): TypedArray {
  const array = arrayOf(dtype, values.length);
  array.set(values);
  return array;
}

/** Puts each array at its place among all arrays. */
function put(some: Arrays, places: readonly number[], all: (TypedArray | undefined)[]): void {
  for (let i = 0; i < places.length; i++) all[places[i] as number] = some[i];
}

function call(
  { run, places, mostUnits }: PlacedEntry,
  all: readonly (TypedArray | undefined)[],
  units = mostUnits,
): void {
  const arrays = places.map((place) => all[place] as TypedArray);
  if (mostUnits === undefined || units === undefined) run(...arrays);
  else run(...arrays, units);
}
