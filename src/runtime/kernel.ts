/** Kernel objects on the CPU: a compiled program for fixed shapes, its memory, and its calls. */
import { fail, reading } from "../ir/errors.js";
import type { Facts } from "../ir/module.js";
import { byName, callInWords, checkAddresses, checkArguments, type Named, onlyOf, weightsOf } from "./arguments.js";
import { CallLength } from "./callLength.js";
import { describe } from "./describe.js";
import type { LinearMemory } from "./global.js";
import type { Heap } from "./host/heap.js";
import type { Instance, Loaded, Prepared } from "./host/loaded.js";
import { KernelFacts } from "./kernelFacts.js";
import { type Alike, elementsOf, type Shapes, type Values } from "./tensor.js";
import type { Tensors } from "./tensors.js";

/**
 * Weights in the order that one kernel needs. `Kernel.prepare` makes them. They are a snapshot: later changes of the
 * arrays do not show.
 */
export class Weights {
  /** @internal */
  constructor(
    readonly kernel: Kernel,
    /** @internal */
    readonly prepared: Prepared,
  ) {}
}

/** A kernel on the CPU. `compile` makes it. Its tensors are its own; it shares code with other kernels. */
export class Kernel<S extends Shapes = Shapes> extends KernelFacts<S> {
  readonly #loaded: Loaded;
  readonly #heap: Heap | undefined;
  readonly #length: CallLength;
  #memory: Instance | undefined;
  /** The empty set of weights, with which a kernel without weights runs. */
  #noWeights: Prepared | undefined;
  #disposed = false;

  /** @internal Use `compile`. */
  constructor(loaded: Loaded, heap?: Heap) {
    super();
    this.#loaded = loaded;
    this.#heap = heap;
    this.#length = new CallLength(loaded.tensors, loaded.facts.parameter);
  }

  protected override get facts(): Facts {
    return this.#loaded.facts;
  }

  protected override get tensors(): Tensors {
    return this.#loaded.tensors;
  }

  /** The means that runs the kernel: "wasm" or "js", or "plain" if the page allows no code generation. */
  get target(): Loaded["tier"] {
    return this.#loaded.tier;
  }

  /**
   * The memory of the inputs by name, zeros at first. Fill it in place and pass it to `run`, which then copies no
   * input.
   *
   * In WebAssembly it is part of a memory that kernels share. So copy an array with `slice` before it is sent to
   * another thread, as `postMessage` sends all memory behind it. The array is the kernel's as long as the kernel is not
   * disposed of, and as long as somebody holds the kernel or this very array. In a memory that was given and has grown
   * it is empty: take it again.
   */
  get inputs(): Named<Float32Array> {
    return byName(this.tensors.inputs, this.#instance.inputs);
  }

  /**
   * The memory of the outputs by name: pass it to `run` and read it in place. The next call overwrites it. What is said
   * of `inputs` holds for it as well.
   */
  get outputs(): Named<Float32Array> {
    return byName(this.tensors.outputs, this.#instance.outputs);
  }

  /** The memory of the only input, as in `inputs`. */
  get value(): Float32Array {
    return onlyOf("input", this.tensors.inputs, this.#instance.inputs);
  }

  /** The memory of the only output, as in `outputs`: pass it to `run` as `out`. */
  get output(): Float32Array {
    return onlyOf("output", this.tensors.outputs, this.#instance.outputs);
  }

  /** Memory is made when it is first needed, so a kernel that is only described takes none. */
  get #instance(): Instance {
    this.#checkAlive();
    this.#memory ??= this.#loaded.instantiate(this.#heap);
    return this.#memory;
  }

  /**
   * Brings weights into the kernel's order, once per set of weights. Weights are given by name,
   * `prepare({ filters, bias })`, or in the order of `weightNames`. Filters have the shape `spec.filters`. A bias [Co]
   * is given if and only if the spec has one.
   * @throws TilewrightError `invalid-argument`, `too-large`, `disposed`
   */
  prepare(filters: Values<S["filters"]>, ...more: readonly (Values | undefined)[]): Weights;
  prepare(weights?: Named<Values>): Weights;
  prepare(...given: readonly unknown[]): Weights {
    const { weights } = this.tensors;
    const values = weightsOf(this.tensors, given, this.facts.spec);
    const arrays = weights.map(({ name, shape }, i) => elementsOf(name, values[i], shape));
    return new Weights(this, this.#instance.prepare(arrays));
  }

  /**
   * Runs the kernel, on as many threads as it was compiled for. Calls of one kernel wait for each other. With threads,
   * inputs are read and outputs are written until the promise is kept.
   *
   * A kernel with one input takes it bare, and the result has the form of the input: a tensor of `outputShape` for a
   * tensor, elements for elements. Inputs by name, `run({ value }, weights, { output })`, give all outputs by name.
   * Outputs that the caller leaves out are fresh; a fresh output is a tensor if some input is one. A kernel without
   * weights takes none. Where calls choose a size, the input says it, and outputs are as long as that makes them.
   * @param out receives the result and is returned; default: fresh memory. It must not share memory with an input.
   * @throws TilewrightError `invalid-argument`, `too-large`, `worker-failed`, `disposed`
   */
  run<T extends Values<S["value"]>>(
    value: T,
    weights?: Weights,
    out?: Alike<T, S["output"]>,
  ): Promise<Alike<T, S["output"]>>;
  run<T extends Values, Out extends Values = never>(
    inputs: Named<T>,
    weights?: Weights,
    outputs?: Named<Out>,
  ): Promise<Named<Out | Alike<T, readonly number[]>>>;
  async run(given: unknown, weights?: Weights, out?: unknown): Promise<unknown> {
    this.#checkAlive();
    const { tensors, units } = this.#length.ofInputs(given);
    const { inputs, outputs, result } = checkArguments(tensors, given, out);
    const prepared = this.#preparedOf(weights);
    await this.#instance.runThreaded(prepared, inputs, outputs, units);
    return result;
  }

  /** Runs the kernel like `run`, without a promise. For its threads see `CompileOptions.threads`. */
  runSync<T extends Values<S["value"]>>(
    value: T,
    weights?: Weights,
    out?: Alike<T, S["output"]>,
  ): Alike<T, S["output"]>;
  runSync<T extends Values, Out extends Values = never>(
    inputs: Named<T>,
    weights?: Weights,
    outputs?: Named<Out>,
  ): Named<Out | Alike<T, readonly number[]>>;
  runSync(given: unknown, weights?: Weights, out?: unknown): unknown {
    this.#checkAlive();
    const { tensors, units } = this.#length.ofInputs(given);
    const { inputs, outputs, result } = checkArguments(tensors, given, out);
    const prepared = this.#preparedOf(weights);
    this.#instance.run(prepared, inputs, outputs, units);
    return result;
  }

  /**
   * The memory in which the kernel's tensors lie. It is that of other kernels, too. Undefined unless the target is
   * "wasm".
   */
  get memory(): LinearMemory | undefined {
    return this.#instance.memory;
  }

  /**
   * Runs the kernel like `runSync`, over tensors that lie anywhere in `memory`: nothing is checked but the places, and
   * nothing is copied.
   * @param addresses the first byte of each input and each output by name, multiples of 4. No output may lie where
   *   another tensor lies.
   * @param length the size of the input's dimension that calls choose; left out if there is none
   * @throws TilewrightError `invalid-argument`, `target-unavailable` unless the target is "wasm", `disposed`
   */
  runAt(addresses: Named<number>, weights?: Weights, length?: number): void {
    const instance = this.#instance;
    if (!instance.runAt) fail("target-unavailable", `a kernel for "${this.target}" runs on arrays; call runSync`);
    const { inputs, outputs } = this.tensors;
    const { units } = this.#length.ofLength(length);
    instance.runAt(this.#preparedOf(weights), checkAddresses([...inputs, ...outputs], addresses), units);
  }

  /** The kernel in words: spec, tier, schedule, work and memory. */
  explain(): string {
    const { facts, tensors, tier, codeBytes, vectors, threads } = this.#loaded;
    const halves = tensors.weights[0]?.dtype === "f16" ? "weights of f16, " : "";
    return describe(facts, tensors, {
      target: tier,
      codeBytes,
      means: `${vectors}, ${halves}${threads === 1 ? "one thread" : `${threads} threads`}`,
    });
  }

  /** Releases the kernel's memory, which other kernels may then take. Calls after it throw `disposed`. */
  dispose(): void {
    this.#disposed = true;
    this.#memory?.dispose?.();
    this.#memory = undefined;
  }

  #preparedOf(weights: Weights | undefined): Prepared {
    const isOwn = reading("weights", () => weights instanceof Weights && weights.kernel === this);
    if (weights && isOwn) return weights.prepared;
    const [first] = this.weightNames;
    if (weights === undefined && first === undefined) {
      this.#noWeights ??= this.#instance.prepare([]);
      return this.#noWeights;
    }
    return fail(
      "invalid-argument",
      first === undefined
        ? "this kernel has no weights; leave them out"
        : "weights must come from prepare() of this very kernel object, as in " +
            callInWords(this.tensors, this.facts.spec),
    );
  }

  #checkAlive(): void {
    if (this.#disposed) fail("disposed", "this kernel was disposed; compile its spec again");
  }
}
