/** Kernels on the GPU as their users hold them: weights, calls on arrays and on buffers, and what happens when a device is lost. */
import { fail, TilewrightError } from "../../ir/errors.js";
import type { OpSpec, Shape4 } from "../../ir/ops/spec.js";
import { describe } from "../describe.js";
import { allocateFloats } from "../memory.js";
import { type Alike, elementsOf, isFloat32Array, kindOf, type Shapes, type Values } from "../tensor.js";
import { allocate, checkBuffer, type Declared } from "./buffers.js";
import { WebgpuCall } from "./call.js";
import { isBuffer, lossOf } from "./device.js";
import { USAGE } from "./flags.js";
import type { WebgpuInstance } from "./instance.js";
import { recordPass, type Step } from "./steps.js";
import type { Tensors } from "./tensors.js";
import { Transfer } from "./transfer.js";
import { type Given, WebgpuWeights } from "./weights.js";

/** The kernel on the device that its source has now. */
type Install = () => Promise<WebgpuInstance>;

export class WebgpuKernel<S extends Shapes = Shapes> {
  readonly target = "webgpu";
  readonly spec: OpSpec;
  /** [N, OH, OW, Co] */
  readonly outputShape: S["output"] & Shape4;
  readonly #tensors: Tensors;
  readonly #install: Install;
  #instance: WebgpuInstance;
  #transfer: Transfer;
  #replacing: Promise<void> | undefined;
  /** What the next run waits for. */
  #last: Promise<unknown> = Promise.resolve();

  /** @internal Use `compile`. */
  constructor(tensors: Tensors, install: Install, instance: WebgpuInstance) {
    const { spec, outputShape } = instance.module;
    this.spec = spec;
    this.outputShape = Object.freeze(outputShape);
    this.#tensors = tensors;
    this.#install = install;
    this.#instance = instance;
    this.#transfer = new Transfer(instance, tensors);
  }

  /** The device it runs on, to make buffers on. After the loss of one that can be replaced, another one, from the next call on. */
  get device(): GPUDevice {
    return this.#instance.device;
  }

  /** How the sums are computed: "direct", or as in "winograd F(4x4, 3x3)" for tiles of 4x4 outputs. */
  get algorithm(): string {
    return this.#instance.module.algorithm;
  }

  /**
   * How far a sum, before bias and activation, may be from the exact one, as a share of max |value| times the sum of
   * |filters| of its channel; see `Kernel.errorBound`. Rounding tensors to f16 comes on top of it.
   */
  get errorBound(): number {
    return this.#instance.module.errorBound;
  }

  /** The schedule in one row: how the loops are tiled, ordered, unrolled, packed and shared out. */
  get schedule(): string {
    return this.#instance.module.schedule;
  }

  /** The kernel in words: spec, target, schedule, work and memory. */
  explain(): string {
    const { prepare, run, ...facts } = this.#instance.module;
    return describe(facts, {
      target: this.target,
      codeBytes: [...prepare, ...run].reduce((sum, { code }) => sum + code.length, 0),
      means: `tensors of ${this.#tensors.value.dtype}, pipelines ${run.length} to run and ${prepare.length} to prepare`,
    });
  }

  /**
   * Brings weights into the kernel's order, once per set of weights.
   * @param filters shape `spec.filters`; a buffer needs usage COPY_SRC
   * @param bias [Co], where and only where the spec has a bias
   */
  async prepare(filters: Values<S["filters"]> | GPUBuffer, bias?: Values | GPUBuffer): Promise<WebgpuWeights> {
    this.#instance.checkAlive();
    if (!this.spec.bias && bias !== undefined) {
      fail("invalid-argument", "this kernel adds no bias; compile its spec with bias: true");
    }
    const given = [givenFor(this.#tensors.filters, filters)];
    if (this.#tensors.bias) given.push(givenFor(this.#tensors.bias, bias));
    const weights = new WebgpuWeights(this, given);
    const canRepeat = !given.some(({ from }) => isBuffer(from));
    await this.#onDevice(canRepeat, (instance) => weights.on(instance));
    return weights;
  }

  /**
   * Runs the kernel. Runs of one kernel follow each other; a value is read, and `out` written, until the promise is kept.
   *
   * Arrays and tensors go to the GPU, and the result comes back. Buffers stay where they are: the result is one too, which is
   * promised as soon as the work is queued, and which any later work of the device sees complete.
   * @param value shape `spec.value`; a buffer needs usage STORAGE
   * @param out receives the result and is returned; a fresh one otherwise. Of the same kind as `value`, and not the same.
   */
  run(value: GPUBuffer, weights: WebgpuWeights, out?: GPUBuffer): Promise<GPUBuffer>;
  run<T extends Values<S["value"]>>(
    value: T,
    weights: WebgpuWeights,
    out?: Alike<T, S["output"]>,
  ): Promise<Alike<T, S["output"]>>;
  async run(value: Values | GPUBuffer, weights: WebgpuWeights, out?: Values | GPUBuffer): Promise<Values | GPUBuffer> {
    this.#checkCall(weights);
    if (out !== undefined && isBuffer(value) !== isBuffer(out)) {
      fail("invalid-argument", `value and out must be of one kind; got ${kindOf(value)} and ${kindOf(out)}`);
    }
    return isBuffer(value)
      ? this.#inTurn(() => this.#runOnBuffers(value, weights, out as GPUBuffer | undefined))
      : this.#runOnArrays(value, weights, out as Values | undefined);
  }

  async #runOnArrays(value: Values, weights: WebgpuWeights, out: Values | undefined): Promise<Values> {
    const input = elementsOf("value", value, this.spec.value);
    const output =
      out === undefined ? allocateFloats("the output", this.outputShape) : elementsOf("out", out, this.outputShape);
    await this.#inTurn(() => this.#onDevice(true, () => this.#transfer.run(input, weights, output)));
    return out ?? (isFloat32Array(value) ? output : { shape: this.outputShape, data: output });
  }

  #runOnBuffers(value: GPUBuffer, weights: WebgpuWeights, out: GPUBuffer | undefined): Promise<GPUBuffer> {
    return this.#onDevice(false, async (instance) => {
      const { device } = instance;
      const output = out ?? (await fresh(device, this.#tensors.output));
      try {
        const steps = await this.#bind(instance, value, weights, output);
        await instance.attempt(
          () => {
            const encoder = device.createCommandEncoder();
            recordPass(encoder, steps);
            device.queue.submit([encoder.finish()]);
          },
          ({ message }) => fail("invalid-argument", `value and out must be alive, and mapped nowhere: ${message}`),
        );
      } catch (error) {
        if (!out) output.destroy();
        throw error;
      }
      return output;
    });
  }

  /**
   * Binds the kernel to buffers: all that can be checked is checked once, and the call can be recorded as often as one likes.
   * @param value elements of `spec.value`; usage STORAGE
   * @param out receives those of `outputShape`; usage STORAGE, and another one than `value`
   */
  async bind(value: GPUBuffer, weights: WebgpuWeights, out: GPUBuffer): Promise<WebgpuCall> {
    this.#checkCall(weights);
    return this.#onDevice(false, async (instance) => {
      return new WebgpuCall(instance, weights, await this.#bind(instance, value, weights, out));
    });
  }

  async #bind(instance: WebgpuInstance, value: unknown, weights: WebgpuWeights, out: unknown): Promise<Step[]> {
    const input = await instance.accept(this.#tensors.value, value);
    const output = await instance.accept({ ...this.#tensors.output, name: "out" }, out);
    if (input === output) fail("invalid-argument", "out is value, which it would overwrite; use two buffers");
    const buffers = await weights.on(instance);
    return instance.bind("run", [...buffers, ["value", input], ["output", output]]);
  }

  /** Destroys the kernel's buffers, those of its weights as well. Calls after it throw `disposed`. */
  dispose(): void {
    this.#instance.dispose();
  }

  #checkCall(weights: WebgpuWeights): void {
    this.#instance.checkAlive();
    if (!(weights instanceof WebgpuWeights) || weights.kernel !== this) {
      fail(
        "invalid-argument",
        "weights must be what prepare() of this very kernel object has promised (and prepare() takes the filters)",
      );
    }
    weights.check();
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#last.then(run);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Where the device was lost and can be replaced, replaces it, and makes the attempt once more if that can be done. */
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

  /** Calls that find the same device lost wait for the same replacement. */
  async #replace(lost: WebgpuInstance): Promise<void> {
    if (this.#instance !== lost) return;
    this.#replacing ??= this.#install()
      .then((instance) => {
        // Disposed of in the meantime: so is what replaces it.
        if (lost.isDisposed) instance.dispose();
        this.#instance = instance;
        this.#transfer = new Transfer(instance, this.#tensors);
      })
      .finally(() => {
        this.#replacing = undefined;
      });
    await this.#replacing;
  }
}

const fresh = async (device: GPUDevice, output: Declared): Promise<GPUBuffer> => {
  const made = await allocate(device, [output], USAGE.storage | USAGE.copySource | USAGE.copyDestination);
  return made.get(output.name) as GPUBuffer;
};

/** A copy of an array, as it is read later and perhaps once more. */
const givenFor = (declared: Declared, values: Values | GPUBuffer | undefined): Given =>
  isBuffer(values)
    ? { declared, from: checkBuffer(declared, values, "copySource") }
    : { declared, from: new Float32Array(elementsOf(declared.name, values, declared.shape)) };
