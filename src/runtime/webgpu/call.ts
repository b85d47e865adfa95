/** Calls that are bound once to buffers on the GPU, and recorded any number of times. */
import type { WebgpuInstance } from "./instance.js";
import { type DispatchStep, record, recordPass } from "./steps.js";
import { timeOf, type WebgpuTiming } from "./timing.js";
import type { WebgpuCommandEncoder, WebgpuComputePass } from "./types.js";
import type { WebgpuWeights } from "./weights.js";

/** A call with all of its buffers. `WebgpuKernel.bind` makes it. */
export class WebgpuCall {
  readonly #instance: WebgpuInstance;
  readonly #weights: WebgpuWeights;
  readonly #steps: readonly DispatchStep[];

  /** @internal */
  constructor(instance: WebgpuInstance, weights: WebgpuWeights, steps: readonly DispatchStep[]) {
    this.#instance = instance;
    this.#weights = weights;
    this.#steps = steps;
  }

  /**
   * Records the call, which runs when the encoder's commands are submitted. Calls of any kernels may follow each other
   * in one encoder or pass: a call sees the outputs of all calls before it.
   * @param into a compute pass, or an encoder, in which the call gets a pass of its own
   * @throws TilewrightError `disposed`, `device-lost`
   */
  encode(into: WebgpuCommandEncoder | WebgpuComputePass): void {
    this.#check();
    if ("dispatchWorkgroups" in into) record(into, this.#steps);
    else recordPass(into, this.#steps);
  }

  /**
   * Runs the call as often as a measurement needs, and tells how long one call takes on the GPU.
   * @param calls the number of calls timed together, from 1 to 65536; default: as many as last a hundred steps of the
   *   clock
   * @throws TilewrightError `invalid-argument`, `disposed`, `device-lost`
   */
  time({ calls }: { readonly calls?: number } = {}): Promise<WebgpuTiming> {
    this.#check();
    return timeOf(this.#instance, (pass) => this.encode(pass), calls);
  }

  #check(): void {
    this.#instance.check();
    this.#weights.check();
  }
}
