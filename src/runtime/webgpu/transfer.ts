/**
 * Calls on arrays, through one set of buffers. Inputs are copied to the buffers and outputs back from them. The buffers
 * serve one call after the other.
 */
import type { Arrays } from "../host/loaded.js";
import { type Buffers, type Declared, upload } from "./buffers.js";
import { USAGE } from "./flags.js";
import { fromHalves } from "./half.js";
import { mapping, type WebgpuInstance } from "./instance.js";
import { bytesOf } from "./layout.js";
import { type DispatchStep, recordPass } from "./steps.js";
import type { WebgpuBuffer } from "./types.js";
import type { WebgpuWeights } from "./weights.js";

interface Stations {
  /** The buffers of inputs and outputs. */
  readonly tensors: Buffers;
  /** Copies of the outputs that JavaScript can read. */
  readonly landings: Buffers;
}

export class Transfer {
  readonly #instance: WebgpuInstance;
  #stations: Stations | undefined;
  /** The steps of a call, by the weights that they are bound to. */
  readonly #steps = new WeakMap<WebgpuWeights, DispatchStep[]>();

  constructor(instance: WebgpuInstance) {
    this.#instance = instance;
  }

  /** Runs one call; the next may begin only when this one has ended. */
  async run(inputs: Arrays, weights: WebgpuWeights, outputs: Arrays): Promise<void> {
    const instance = this.#instance;
    const { device, tensors } = instance;
    this.#stations ??= await this.#allocate();
    const stations = this.#stations;
    const steps = await this.#bound(stations, weights);
    const landings = await instance.attempt(() => {
      for (const [i, input] of tensors.inputs.entries()) {
        upload(device, stations.tensors.get(input.name) as WebgpuBuffer, input, inputs[i] as Float32Array);
      }
      const encoder = device.createCommandEncoder();
      recordPass(encoder, steps);
      const back = tensors.outputs.map((output) => {
        const landing = stations.landings.get(output.name) as WebgpuBuffer;
        encoder.copyBufferToBuffer(stations.tensors.get(output.name) as WebgpuBuffer, 0, landing, 0, bytesOf(output));
        return landing;
      });
      device.queue.submit([encoder.finish()]);
      return back.map((landing) => ({ landing, ...mapping(landing) }));
    });
    for (const [i, { landing, mapped }] of landings.entries()) {
      const [output, out] = [tensors.outputs[i] as Declared, outputs[i] as Float32Array];
      await instance.read(landing, mapped, (bytes) => decode(output, bytes, out));
    }
  }

  async #bound(stations: Stations, weights: WebgpuWeights): Promise<DispatchStep[]> {
    const buffers = await weights.on(this.#instance);
    const steps = this.#steps.get(weights) ?? (await this.#instance.bind("run", [...buffers, ...stations.tensors]));
    this.#steps.set(weights, steps);
    return steps;
  }

  async #allocate(): Promise<Stations> {
    const instance = this.#instance;
    const { inputs, outputs } = instance.tensors;
    const [up, down, landings] = await Promise.all([
      instance.allocate(inputs, USAGE.storage | USAGE.copyDestination),
      instance.allocate(outputs, USAGE.storage | USAGE.copySource),
      instance.allocate(outputs, USAGE.mapRead | USAGE.copyDestination),
    ]);
    return { tensors: new Map([...up, ...down]), landings };
  }
}

function decode({ dtype }: Declared, bytes: ArrayBuffer, out: Float32Array): void {
  if (dtype === "f16") fromHalves(new Uint16Array(bytes), out);
  else out.set(new Float32Array(bytes, 0, out.length));
}
