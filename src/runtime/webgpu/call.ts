/** Calls that are bound once, to buffers on the GPU, and recorded as often as one likes. */
import type { WebgpuInstance } from "./instance.js";
import { type DispatchStep, record, recordPass } from "./steps.js";
import { timeOf, type WebgpuTiming } from "./timing.js";
import type { WebgpuWeights } from "./weights.js";

/** Made by `WebgpuKernel.bind`. */
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
   * Records the call; it runs when the encoder's commands are submitted. Calls of any kernels may follow each other in one
   * encoder, or one pass: each sees what those before it have written.
   * @param into an encoder, which gets a pass of its own, or a compute pass, perhaps with timestamps
   */
  encode(into: GPUCommandEncoder | GPUComputePassEncoder): void {
    this.#check();
    if ("dispatchWorkgroups" in into) record(into, this.#steps);
    else recordPass(into, this.#steps);
  }

  /**
   * Runs the call, as often as it takes to be measured, and tells how long one takes on the GPU.
   * @param calls how many are timed together; by default as many as last a hundred steps of the clock
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
