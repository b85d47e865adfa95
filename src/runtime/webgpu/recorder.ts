/**
 * Calls that are recorded at once in the pass of somebody else, who cannot wait and whose buffers come and go: a
 * library whose kernels ours take the place of.
 *
 * Nothing here has an error scope, as those are a promise. So buffers must be of the device, alive and large enough,
 * and a GPU without room tells its device alone (`uncapturederror`).
 */
import type { WgslModule } from "../../ir/module.js";
import { type Buffers, type Declared, upload } from "./buffers.js";
import type { Pipelines } from "./code.js";
import { USAGE } from "./flags.js";
import { boundBuffers, bytesOf } from "./layout.js";
import { type DispatchStep, type Places, placesOf, stepsOf } from "./steps.js";
import type { WebgpuBuffer, WebgpuDevice } from "./types.js";

/** Steps that make the weights of calls, and where they leave them. */
export interface PreparedWeights {
  readonly steps: readonly DispatchStep[];
  /** Buffers that calls read, and others that only these steps do. The caller destroys them one day. */
  readonly kept: Buffers;
  readonly passing: Buffers;
}

/** A kernel on a device, without any memory. */
export interface DeviceCode {
  readonly device: WebgpuDevice;
  readonly module: WgslModule;
  readonly pipelines: Pipelines;
}

export class WebgpuRecorder {
  readonly #code: DeviceCode;
  /** Constants, and the scratch memory of calls, which run one after the other. */
  readonly #shared: Buffers;
  readonly #places: Places;

  constructor(code: DeviceCode) {
    const { device, module } = code;
    const { prepare, run } = module;
    this.#code = code;
    const constants = boundBuffers(module, [...prepare, ...run], "constant");
    this.#shared = this.#make([...constants, ...boundBuffers(module, run, "scratch")]);
    for (const constant of constants) {
      const values = Float32Array.from(constant.values ?? []);
      upload(device, this.#shared.get(constant.name) as WebgpuBuffer, constant, values);
    }
    this.#places = placesOf(device, module);
  }

  /** Buffers that all calls share. The caller destroys them as well. */
  get buffers(): readonly WebgpuBuffer[] {
    return [...this.#shared.values(), ...this.#places.values()];
  }

  /** Steps that bring weights, by name, into the order of calls. They read the weights when they run. */
  prepare(weights: Buffers): PreparedWeights {
    const { module } = this.#code;
    const kept = this.#make(boundBuffers(module, [...module.prepare, ...module.run], "prepared"));
    const passing = this.#make(boundBuffers(module, module.prepare, "scratch"));
    return { steps: this.#bind("prepare", [...passing, ...kept, ...weights]), kept, passing };
  }

  /** Steps of a call on all of its tensors and what `prepare` kept. They can be recorded any number of times. */
  bind(tensors: Iterable<readonly [string, WebgpuBuffer]>, kept: Buffers): DispatchStep[] {
    return this.#bind("run", [...kept, ...tensors]);
  }

  #bind(part: keyof Pipelines, buffers: Iterable<readonly [string, WebgpuBuffer]>): DispatchStep[] {
    const all = new Map([...this.#shared, ...buffers]);
    const { device, module, pipelines } = this.#code;
    return stepsOf(device, module, pipelines[part], all, this.#places);
  }

  #make(declared: readonly Declared[]): Buffers {
    const { device } = this.#code;
    const usage = USAGE.storage | USAGE.copyDestination;
    return new Map(declared.map((one) => [one.name, device.createBuffer({ size: bytesOf(one), usage })]));
  }
}
