/** Kernel objects on the GPU: weights, calls on arrays or buffers, and the loss of a device. */
import { fail, TilewrightError } from "../../ir/errors.js";
import type { Facts } from "../../ir/module.js";
import type { BufferDecl } from "../../ir/program.js";
import { callInWords, checkArguments, type Named, weightsOf } from "../arguments.js";
import { describe } from "../describe.js";
import { KernelFacts } from "../kernelFacts.js";
import { type Alike, elementsOf, type Shapes, type Values } from "../tensor.js";
import type { Tensors } from "../tensors.js";
import { allocateBuffers, checkBuffer } from "./buffers.js";
import { WebgpuCall } from "./call.js";
import { isBuffer, lossOf } from "./device.js";
import { USAGE } from "./flags.js";
import { areBuffers, type Given, givenOf, tensorsInWords } from "./given.js";
import type { WebgpuInstance } from "./instance.js";
import type { DeviceCode } from "./recorder.js";
import { type DispatchStep, recordPass } from "./steps.js";
import { Transfer } from "./transfer.js";
import type { WebgpuBuffer, WebgpuDevice } from "./types.js";
import { type Source, WebgpuWeights } from "./weights.js";

/** Makes an instance of the kernel on the device that its source has now. */
type Install = () => Promise<WebgpuInstance>;

/** The kind of fresh outputs for inputs of this kind, in a call by name. */
type Fresh<T> = T extends WebgpuBuffer ? WebgpuBuffer : Alike<T, readonly number[]>;

/** A kernel on a GPU. `compile` with `target: "webgpu"` makes it. */
export class WebgpuKernel<S extends Shapes = Shapes> extends KernelFacts<S> {
  readonly target = "webgpu";
  readonly #install: Install;
  #instance: WebgpuInstance;
  #transfer: Transfer;
  #replacing: Promise<void> | undefined;
  /** The empty set of weights, with which a kernel without weights runs. */
  #noWeights: WebgpuWeights | undefined;
  /** The end of the last run, for which the next one waits. */
  #last: Promise<unknown> = Promise.resolve();

  /** @internal Use `compile`. */
  constructor(install: Install, instance: WebgpuInstance) {
    super();
    this.#install = install;
    this.#instance = instance;
    this.#transfer = new Transfer(instance);
  }

  protected override get facts(): Facts {
    return this.#instance.module;
  }

  protected override get tensors(): Tensors {
    return this.#instance.tensors;
  }

  /**
   * The device that the kernel runs on, for callers to make buffers on. If the device is lost and can be replaced, this
   * is another device from the next call on.
   */
  get device(): WebgpuDevice {
    return this.#instance.device;
  }

  /** The kernel in words: spec, target, schedule, work and memory. */
  explain(): string {
    const { prepare, run } = this.#instance.module;
    const storage = this.tensors.outputs[0]?.dtype;
    return describe(this.facts, this.tensors, {
      target: this.target,
      codeBytes: [...prepare, ...run].reduce((sum, { code }) => sum + code.length, 0),
      means: `tensors of ${storage}, pipelines ${run.length} to run and ${prepare.length} to prepare`,
    });
  }

  /**
   * Brings weights into the kernel's order, once per set of weights. Weights are given by name,
   * `prepare({ filters, bias })`, or in the order of `weightNames`; see `Kernel.prepare`. Buffers need usage COPY_SRC.
   * @throws TilewrightError `invalid-argument`, `too-large`, `device-lost`, `disposed`
   */
  prepare(
    filters: Values<S["filters"]> | WebgpuBuffer,
    ...more: readonly (Values | WebgpuBuffer | undefined)[]
  ): Promise<WebgpuWeights>;
  prepare(weights?: Named<Values | WebgpuBuffer>): Promise<WebgpuWeights>;
  async prepare(...given: readonly unknown[]): Promise<WebgpuWeights> {
    this.#instance.checkAlive();
    const values = weightsOf(this.tensors, given, this.facts.spec);
    const sources = this.tensors.weights.map((declared, i) => sourceFor(declared, values[i]));
    const weights = new WebgpuWeights(this, sources);
    const canRepeat = !sources.some(({ from }) => isBuffer(from));
    await this.#onDevice(canRepeat, (instance) => weights.on(instance));
    return weights;
  }

  /**
   * Runs the kernel. Runs of one kernel follow each other. Inputs are read and outputs are written until the promise is
   * kept.
   *
   * Arrays and tensors are copied to the GPU, and the results are copied back. Buffers stay where they are, and the
   * results are buffers, too. The promise of a buffer is kept as soon as the work is queued; any later work on the
   * device sees complete results. Buffers need usage STORAGE.
   *
   * Inputs by name, `run({ value }, weights, { output })`, give all outputs by name; see `Kernel.run`.
   * @param out receives the result and is returned; default: fresh memory. It is of the inputs' kind, and no input.
   * @throws TilewrightError `invalid-argument`, `too-large`, `device-lost`, `disposed`
   */
  run(value: WebgpuBuffer, weights?: WebgpuWeights, out?: WebgpuBuffer): Promise<WebgpuBuffer>;
  run<T extends Values<S["value"]>>(
    value: T,
    weights?: WebgpuWeights,
    out?: Alike<T, S["output"]>,
  ): Promise<Alike<T, S["output"]>>;
  run<T extends Values | WebgpuBuffer, Out extends Values | WebgpuBuffer = never>(
    inputs: Named<T>,
    weights?: WebgpuWeights,
    outputs?: Named<Out>,
  ): Promise<Named<Out | Fresh<T>>>;
  async run(value: unknown, weights?: WebgpuWeights, out?: unknown): Promise<unknown> {
    const prepared = this.#check(weights);
    const given = givenOf(this.tensors, value, out);
    if (areBuffers(given)) return this.#inTurn(() => this.#runOnBuffers(given, prepared));
    const { inputs, outputs, result } = checkArguments(this.tensors, value, out);
    await this.#inTurn(() => this.#onDevice(true, () => this.#transfer.run(inputs, prepared, outputs)));
    return result;
  }

  #runOnBuffers(given: Given, weights: WebgpuWeights): Promise<unknown> {
    return this.#onDevice(false, async (instance) => {
      const { device } = instance;
      const missing = instance.tensors.outputs.filter((_, i) => given.outputs[i]?.given === undefined);
      const fresh = await allocateBuffers(device, missing, USAGE.storage | USAGE.copySource | USAGE.copyDestination);
      const outputs = given.outputs.map((output) => ({
        ...output,
        given: output.given ?? fresh.get(output.buffer),
      }));
      try {
        const steps = await this.#bind(instance, { ...given, outputs }, weights);
        await instance.attempt(
          () => {
            const encoder = device.createCommandEncoder();
            recordPass(encoder, steps);
            device.queue.submit([encoder.finish()]);
          },
          ({ message }) =>
            fail("invalid-argument", `${tensorsInWords(given)} must be alive, and mapped nowhere: ${message}`),
        );
      } catch (error) {
        for (const buffer of fresh.values()) buffer.destroy();
        throw error;
      }
      return given.wrap(outputs.map((output) => output.given as WebgpuBuffer));
    });
  }

  /**
   * Binds the kernel to buffers: they are checked once, and the call can be recorded any number of times. Buffers are
   * passed as to `run`, the only input and output bare or all by name, and none may be left out. Buffers need usage
   * STORAGE, and an output must differ from all other buffers.
   * @throws TilewrightError `invalid-argument`, `too-large`, `device-lost`, `disposed`
   */
  bind(value: WebgpuBuffer, weights: WebgpuWeights | undefined, out: WebgpuBuffer): Promise<WebgpuCall>;
  bind(
    inputs: Named<WebgpuBuffer>,
    weights: WebgpuWeights | undefined,
    outputs: Named<WebgpuBuffer>,
  ): Promise<WebgpuCall>;
  async bind(value: unknown, weights: WebgpuWeights | undefined, out: unknown): Promise<WebgpuCall> {
    const prepared = this.#check(weights);
    const given = givenOf(this.tensors, value, out);
    return this.#onDevice(false, async (instance) => {
      return new WebgpuCall(instance, prepared, await this.#bind(instance, given, prepared));
    });
  }

  async #bind(instance: WebgpuInstance, { inputs, outputs }: Given, weights: WebgpuWeights): Promise<DispatchStep[]> {
    const names = new Map<WebgpuBuffer, string>();
    const places: [string, WebgpuBuffer][] = [];
    for (const { declared, buffer, given } of [...inputs, ...outputs]) {
      const accepted = await instance.accept(declared, given);
      const other = names.get(accepted);
      if (other !== undefined && places.length >= inputs.length) {
        fail("invalid-argument", `${declared.name} is ${other}, which it would overwrite; use two buffers`);
      }
      names.set(accepted, declared.name);
      places.push([buffer, accepted]);
    }
    return instance.bind("run", [...(await weights.on(instance)), ...places]);
  }

  /** @internal For recorders, which have memory of their own. */
  get code(): DeviceCode {
    return this.#instance;
  }

  /** Destroys the buffers of the kernel and of its weights. Calls after it throw `disposed`. */
  dispose(): void {
    this.#instance.dispose();
  }

  #check(weights: WebgpuWeights | undefined): WebgpuWeights {
    this.#instance.checkAlive();
    const [first] = this.weightNames;
    if (weights === undefined && first === undefined) {
      this.#noWeights ??= new WebgpuWeights(this, []);
      return this.#noWeights;
    }
    if (!(weights instanceof WebgpuWeights) || weights.kernel !== this) {
      fail(
        "invalid-argument",
        first === undefined
          ? "this kernel has no weights; leave them out"
          : "weights must be what prepare() of this very kernel object has promised, as in " +
              callInWords(this.tensors, this.facts.spec, "await "),
      );
    }
    weights.check();
    return weights;
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#last.then(run);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /**
   * Makes the attempt. If the device was lost and can be replaced, replaces it, and repeats the attempt if `canRepeat`.
   */
  async #onDevice<T>(canRepeat: boolean, attempt: (instance: WebgpuInstance) => Promise<T>): Promise<T> {
    const instance = this.#instance;
    try {
      return await attempt(instance);
    } catch (error) {
      const isLost = error instanceof TilewrightError && error.code === "device-lost" && lossOf(instance.device);
      if (!isLost || !instance.source.canReplace) throw error;
      await this.#replace(instance);
      if (!canRepeat) throw error;
      return attempt(this.#instance);
    }
  }

  /** Replaces a lost instance. Calls that find the same device lost wait for the same replacement. */
  async #replace(lost: WebgpuInstance): Promise<void> {
    if (this.#instance !== lost) return;
    this.#replacing ??= this.#install()
      .then((instance) => {
        // If the lost instance was disposed of meanwhile, so is its replacement.
        if (lost.isDisposed) instance.dispose();
        this.#instance = instance;
        this.#transfer = new Transfer(instance);
      })
      .finally(() => {
        this.#replacing = undefined;
      });
    await this.#replacing;
  }
}

/** A tensor of weights as given. An array is copied, as it is read later, and again after the loss of a device. */
const sourceFor = (declared: BufferDecl, values: unknown): Source =>
  isBuffer(values)
    ? { declared, from: checkBuffer(declared, values, "copySource") }
    : { declared, from: new Float32Array(elementsOf(declared.name, values, declared.shape)) };
