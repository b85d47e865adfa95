/** Kernel objects: one compiled shape, its input memory, and the calls. */
import { fail } from "../ir/errors.js";
import type { OpSpec, Shape4 } from "../ir/ops/spec.js";
import { describe } from "./describe.js";
import type { Instance, Loaded, Prepared } from "./host/loaded.js";
import { allocateFloats } from "./memory.js";
import { type Alike, checkNoAlias, elementsOf, isFloat32Array, type Shapes, type Values } from "./tensor.js";

/** Weights in the order one kernel wants them. Made by `Kernel.prepare`; a snapshot, later changes do not show. */
export class Weights {
  /** @internal */
  constructor(
    readonly kernel: Kernel,
    /** @internal */
    readonly prepared: Prepared,
  ) {}
}

export class Kernel<S extends Shapes = Shapes> {
  readonly spec: OpSpec;
  /** [N, OH, OW, Co] */
  readonly outputShape: S["output"] & Shape4;
  readonly #loaded: Loaded;
  #memory: Instance | undefined;
  #disposed = false;

  /** @internal Use `compile`. */
  constructor(loaded: Loaded) {
    const { spec, outputShape } = loaded.facts;
    this.spec = spec;
    // Frozen, as results carry it: a caller who changes a shape must not change what the kernel checks against.
    this.outputShape = Object.freeze(outputShape);
    this.#loaded = loaded;
  }

  /** What runs the kernel: "wasm" or "js", or "plain" where the page allows no code generation. */
  get target(): Loaded["tier"] {
    return this.#loaded.tier;
  }

  /** How the sums are computed: "direct", or as in "winograd F(4x4, 3x3)" for tiles of 4x4 outputs. */
  get algorithm(): string {
    return this.#loaded.facts.algorithm;
  }

  /**
   * How far a sum, before bias and activation, may be from the exact one, as a share of max |value| times the sum of
   * |filters| of its channel. It holds for all data as long as no number on the way leaves the
   * range of float32; errors that are met are far smaller.
   */
  get errorBound(): number {
    return this.#loaded.facts.errorBound;
  }

  /** The schedule in one row: how the loops are tiled, ordered, unrolled and packed. */
  get schedule(): string {
    return this.#loaded.facts.schedule;
  }

  /**
   * The input's own memory, in the shape of `spec.value`: fill it in place and pass it to `run`, which then copies nothing.
   * Zeros at first.
   */
  get value(): Float32Array {
    return this.#instance.value;
  }

  /** The output's own memory, in `outputShape`: pass it to `run` as `out` and read it in place. The next call overwrites it. */
  get output(): Float32Array {
    return this.#instance.output;
  }

  /** Made when it is first needed: a kernel that is only looked at takes no memory. */
  get #instance(): Instance {
    this.#checkAlive();
    this.#memory ??= this.#loaded.instantiate();
    return this.#memory;
  }

  /**
   * Brings weights into the kernel's order, once per set of weights.
   * @param filters shape `spec.filters`
   * @param bias [Co], where and only where the spec has a bias
   */
  prepare(filters: Values<S["filters"]>, bias?: Values): Weights {
    const data = elementsOf("filters", filters, this.spec.filters);
    if (!this.spec.bias && bias !== undefined) {
      fail("invalid-argument", "this kernel adds no bias; compile its spec with bias: true");
    }
    const added = this.spec.bias ? elementsOf("bias", bias, this.outputShape.slice(3)) : undefined;
    return new Weights(this, this.#instance.prepare(data, added));
  }

  /**
   * Runs the kernel, on as many threads as it was compiled for. Calls of one kernel wait for each other; with threads, `value`
   * is read and `out` written until the promise is kept.
   * @param value shape `spec.value`
   * @param out receives the result and is returned; a fresh one otherwise. Must not share memory with `value`.
   * @returns a tensor of `outputShape` if `value` is one, else its elements
   */
  async run<T extends Values<S["value"]>>(
    value: T,
    weights: Weights,
    out?: Alike<T, S["output"]>,
  ): Promise<Alike<T, S["output"]>> {
    const { input, output, result } = this.#checkCall(value, weights, out);
    await weights.prepared.runThreaded(input, output);
    return result as Alike<T, S["output"]>;
  }

  /** `run` without a promise, on the calling thread alone. */
  runSync<T extends Values<S["value"]>>(
    value: T,
    weights: Weights,
    out?: Alike<T, S["output"]>,
  ): Alike<T, S["output"]> {
    const { input, output, result } = this.#checkCall(value, weights, out);
    weights.prepared.run(input, output);
    return result as Alike<T, S["output"]>;
  }

  /** The kernel in words: spec, tier, schedule, work and memory. */
  explain(): string {
    const { facts, tier, codeBytes, vectors, threads } = this.#loaded;
    return describe(facts, {
      target: tier,
      codeBytes,
      means: `${vectors}, ${threads === 1 ? "one thread" : `${threads} threads`}`,
    });
  }

  /** Releases the kernel's memory. Calls after it throw `disposed`. */
  dispose(): void {
    this.#disposed = true;
    this.#memory?.dispose();
    this.#memory = undefined;
  }

  #checkCall(value: Values, weights: Weights, out: Values | undefined) {
    this.#checkAlive();
    const input = elementsOf("value", value, this.spec.value);
    if (!(weights instanceof Weights) || weights.kernel !== this) {
      fail(
        "invalid-argument",
        "weights must come from prepare() of this very kernel object (and prepare() takes the filters)",
      );
    }
    if (out !== undefined) {
      const output = elementsOf("out", out, this.outputShape);
      checkNoAlias("out", output, "value", input);
      return { input, output, result: out };
    }
    const output = allocateFloats("the output", this.outputShape);
    return { input, output, result: isFloat32Array(value) ? output : { shape: this.outputShape, data: output } };
  }

  #checkAlive(): void {
    if (this.#disposed) fail("disposed", "this kernel was disposed; compile its spec again");
  }
}
