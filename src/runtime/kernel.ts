/** Kernel objects: one compiled shape, its input memory, and the calls. */
import type { TypedArray } from "../ir/dtype.js";
import { fail } from "../ir/errors.js";
import { geometryOf, type OpSpec, type Shape4 } from "../ir/ops/spec.js";
import type { BufferDecl } from "../ir/program.js";
import { describe } from "./describe.js";
import type { Loaded, LoadedEntry } from "./host/loaded.js";
import { allocate, allocateFloats } from "./memory.js";
import { checkNoAlias, elementsOf, isFloat32Array, type Tensor, type Values } from "./tensor.js";

/** Weights in the order one kernel wants them. Made by `Kernel.prepare`; a snapshot, later changes do not show. */
export class Weights {
  /** @internal */
  constructor(
    readonly kernel: Kernel,
    /** @internal */
    readonly arrays: ReadonlyMap<string, TypedArray>,
  ) {}
}

export class Kernel {
  readonly spec: OpSpec;
  /** [N, OH, OW, Co] */
  readonly outputShape: Shape4;
  readonly #loaded: Loaded;
  readonly #scratch = new Map<string, TypedArray>();
  #value: Float32Array | undefined;
  #disposed = false;

  /** @internal Use `compile`. */
  constructor(spec: OpSpec, loaded: Loaded) {
    this.spec = spec;
    // Frozen, as results carry it: a caller who changes a shape must not change what the kernel checks against.
    this.outputShape = Object.freeze(geometryOf(spec).outputShape);
    this.#loaded = loaded;
  }

  /** What runs the kernel: "js", or "plain" where the page allows no code generation. */
  get target(): Loaded["tier"] {
    return this.#loaded.tier;
  }

  /** The schedule in one row: how the loops are tiled, ordered, unrolled and packed. */
  get schedule(): string {
    return this.#loaded.schedule;
  }

  /** The input's own memory, in the shape of `spec.value`; fill it in place and pass it to `run`. Zeros at first. */
  get value(): Float32Array {
    this.#checkAlive();
    this.#value ??= allocateFloats("value", this.spec.value);
    return this.#value;
  }

  /**
   * Brings weights into the kernel's order, once per set of weights.
   * @param filters shape `spec.filters`
   * @param bias [Co], where and only where the spec has a bias
   */
  prepare(filters: Values, bias?: Values): Weights {
    this.#checkAlive();
    const given = new Map<string, TypedArray>([["filters", elementsOf("filters", filters, this.spec.filters)]]);
    if (this.spec.bias) given.set("bias", elementsOf("bias", bias, this.outputShape.slice(3)));
    else if (bias !== undefined) fail("invalid-argument", "this kernel adds no bias; compile its spec with bias: true");
    const { buffers, prepare, run } = this.#loaded;
    const arrays = new Map(given);
    for (const buffer of buffers) {
      if (buffer.role === "prepared") arrays.set(buffer.name, allocate(buffer.name, buffer.shape, buffer.dtype));
    }
    for (const entry of prepare) call(entry, arrays);
    // What a call reads directly is copied, so that changing it later does not change the kernel.
    const kept = [...arrays].filter(([name]) => run.some((entry) => entry.buffers.includes(name)));
    return new Weights(this, new Map(kept.map(([name, array]) => [name, given.has(name) ? array.slice() : array])));
  }

  /**
   * Runs the kernel.
   * @param value shape `spec.value`
   * @param out receives the result and is returned; a fresh one otherwise. Must not share memory with `value`.
   * @returns a tensor of `outputShape` if `value` is one, else its elements
   */
  async run<T extends Values>(value: T, weights: Weights, out?: T): Promise<T extends Tensor ? Tensor : Float32Array> {
    return this.runSync(value, weights, out);
  }

  /** `run` without a promise. */
  runSync<T extends Values>(value: T, weights: Weights, out?: T): T extends Tensor ? Tensor : Float32Array {
    this.#checkAlive();
    const input = elementsOf("value", value, this.spec.value);
    if (!(weights instanceof Weights) || weights.kernel !== this) {
      fail(
        "invalid-argument",
        "weights must come from prepare() of this very kernel object (and prepare() takes the filters)",
      );
    }
    const output = out === undefined ? allocateFloats("the output", this.outputShape) : this.#checkOut(out, input);
    const arrays = new Map(weights.arrays);
    arrays.set("value", input);
    arrays.set("output", output);
    for (const buffer of this.#loaded.buffers) {
      if (buffer.role === "scratch") arrays.set(buffer.name, this.#scratchFor(buffer));
    }
    for (const entry of this.#loaded.run) call(entry, arrays);
    const result = out ?? (isFloat32Array(value) ? output : { shape: this.outputShape, data: output });
    return result as T extends Tensor ? Tensor : Float32Array;
  }

  /** The kernel in words: spec, tier, schedule, work and memory. */
  explain(): string {
    return describe(this.spec, this.#loaded);
  }

  /** Releases the kernel's memory. Calls after it throw `disposed`. */
  dispose(): void {
    this.#disposed = true;
    this.#value = undefined;
    this.#scratch.clear();
  }

  #checkOut(out: Values, input: Float32Array): Float32Array {
    const output = elementsOf("out", out, this.outputShape);
    checkNoAlias("out", output, "value", input);
    return output;
  }

  #scratchFor({ name, shape, dtype }: BufferDecl): TypedArray {
    const array = this.#scratch.get(name) ?? allocate(name, shape, dtype);
    this.#scratch.set(name, array);
    return array;
  }

  #checkAlive(): void {
    if (this.#disposed) fail("disposed", "this kernel was disposed; compile its spec again");
  }
}

function call(entry: LoadedEntry, arrays: ReadonlyMap<string, TypedArray>): void {
  entry.run(...entry.buffers.map((name) => arrays.get(name) as TypedArray));
}
