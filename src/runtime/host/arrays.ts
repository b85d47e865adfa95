/** Instances whose buffers are JavaScript arrays: what callers hand in is read and written where it lies. */
import { arrayOf, type TypedArray } from "../../ir/dtype.js";
import type { BufferDecl, BufferRole } from "../../ir/program.js";
import { allocate } from "../memory.js";
import type { Instance, Prepared } from "./loaded.js";

/** A function over arrays. */
export interface ArrayEntry {
  readonly run: (...buffers: readonly TypedArray[]) => void;
  /** Names of the buffers, in the order of the parameters. */
  readonly buffers: readonly string[];
}

export interface ArrayCode {
  readonly buffers: readonly BufferDecl[];
  readonly prepare: readonly ArrayEntry[];
  readonly run: readonly ArrayEntry[];
}

export class ArrayInstance implements Instance {
  readonly #code: ArrayCode;
  #value: Float32Array | undefined;
  #output: Float32Array | undefined;
  #scratch: [string, TypedArray][] | undefined;

  constructor(code: ArrayCode) {
    this.#code = code;
  }

  get value(): Float32Array {
    this.#value ??= this.#allocate("input")[0]?.[1] as Float32Array;
    return this.#value;
  }

  get output(): Float32Array {
    this.#output ??= this.#allocate("output")[0]?.[1] as Float32Array;
    return this.#output;
  }

  prepare(filters: Float32Array, bias: Float32Array | undefined): Prepared {
    const { prepare, run } = this.#code;
    const given = new Map<string, TypedArray>([["filters", filters]]);
    if (bias) given.set("bias", bias);
    const arrays = new Map([
      ...given,
      ...this.#allocate("prepared"),
      ...this.#constants(),
      ...this.#allocate("scratch"),
    ]);
    for (const entry of prepare) call(entry, arrays);
    // What a call reads directly is copied, so that changing it later does not change the kernel.
    const kept = [...arrays].filter(([name]) => run.some((entry) => entry.buffers.includes(name)));
    const weights = kept.map(([name, array]) => [name, given.has(name) ? array.slice() : array] as const);
    const runNow = (value: Float32Array, output: Float32Array): void => {
      this.#scratch ??= this.#allocate("scratch");
      const all = new Map<string, TypedArray>([...weights, ...this.#scratch, ["value", value], ["output", output]]);
      for (const entry of run) call(entry, all);
    };
    return { run: runNow, runThreaded: async (value, output) => runNow(value, output) };
  }

  dispose(): void {
    this.#value = undefined;
    this.#output = undefined;
    this.#scratch = undefined;
  }

  #constants(): [string, TypedArray][] {
    const buffers = this.#code.buffers.filter((buffer) => buffer.role === "constant");
    return buffers.map(({ name, dtype, values = [] }) => {
      const array = arrayOf(dtype, values.length);
      array.set(values);
      return [name, array];
    });
  }

  #allocate(role: BufferRole): [string, TypedArray][] {
    const buffers = this.#code.buffers.filter((buffer) => buffer.role === role);
    return buffers.map(({ name, shape, dtype }) => [name, allocate(name, shape, dtype)]);
  }
}

function call(entry: ArrayEntry, arrays: ReadonlyMap<string, TypedArray>): void {
  entry.run(...entry.buffers.map((name) => arrays.get(name) as TypedArray));
}
