/** Calls on arrays: one set of buffers, to which values go up and from which results come back, for one call after the other. */
import { upload } from "./buffers.js";
import { USAGE } from "./flags.js";
import { fromHalves } from "./half.js";
import { mapping, type WebgpuInstance } from "./instance.js";
import { bytesOf } from "./layout.js";
import { recordPass, type Step } from "./steps.js";
import type { Tensors } from "./tensors.js";
import type { WebgpuWeights } from "./weights.js";

interface Stations {
  readonly value: GPUBuffer;
  readonly output: GPUBuffer;
  /** Where results can be read from. */
  readonly landing: GPUBuffer;
}

export class Transfer {
  readonly #instance: WebgpuInstance;
  readonly #tensors: Tensors;
  #stations: Stations | undefined;
  /** By the weights that they are bound to. */
  readonly #steps = new WeakMap<WebgpuWeights, Step[]>();

  constructor(instance: WebgpuInstance, tensors: Tensors) {
    this.#instance = instance;
    this.#tensors = tensors;
  }

  /** The next one may begin when this one has ended. */
  async run(value: Float32Array, weights: WebgpuWeights, out: Float32Array): Promise<void> {
    const instance = this.#instance;
    const { device } = instance;
    this.#stations ??= await this.#allocate();
    const stations = this.#stations;
    const steps = await this.#bound(stations, weights);
    const { mapped } = await instance.attempt(() => {
      upload(device, stations.value, this.#tensors.value, value);
      const encoder = device.createCommandEncoder();
      recordPass(encoder, steps);
      encoder.copyBufferToBuffer(stations.output, 0, stations.landing, 0, bytesOf(this.#tensors.output));
      device.queue.submit([encoder.finish()]);
      return mapping(stations.landing);
    });
    await instance.read(stations.landing, mapped, (bytes) => this.#decode(bytes, out));
  }

  #decode(bytes: ArrayBuffer, out: Float32Array): void {
    if (this.#tensors.output.dtype === "f16") fromHalves(new Uint16Array(bytes), out);
    else out.set(new Float32Array(bytes, 0, out.length));
  }

  async #bound({ value, output }: Stations, weights: WebgpuWeights): Promise<Step[]> {
    const buffers = await weights.on(this.#instance);
    const steps =
      this.#steps.get(weights) ??
      (await this.#instance.bind("run", [...buffers, ["value", value], ["output", output]]));
    this.#steps.set(weights, steps);
    return steps;
  }

  async #allocate(): Promise<Stations> {
    const instance = this.#instance;
    const { value: up, output: back } = this.#tensors;
    const [value, output, landing] = await Promise.all([
      instance.allocateOne(up, USAGE.storage | USAGE.copyDestination),
      instance.allocateOne(back, USAGE.storage | USAGE.copySource),
      instance.allocateOne(back, USAGE.mapRead | USAGE.copyDestination),
    ]);
    return { value, output, landing };
  }
}
