/**
 * Kernels on the CPU, each with the weights that it was prepared for.
 *
 * When the tensors of a slot are disposed of, the next slot that is made takes its kernel, if it is for the same plan,
 * or its memory. So training, which makes new filters in each step, prepares the same few kernels again and again.
 */
import { type CompileOptions, compile, compileSync, ready } from "../../runtime/compile.js";
import type { Kernel, Weights } from "../../runtime/kernel.js";
import type { TensorHost } from "../hosts/host.js";
import type { CallPlan } from "../plan.js";
import type { TfCall, TfTensor } from "../tf.js";
import { type PlanKernels, renamed } from "./planKernels.js";
import { type Slot, Slots } from "./slots.js";

interface CpuSlot extends Slot {
  readonly kernel: Kernel;
  readonly weights: Weights | undefined;
}

export class CpuKernels implements PlanKernels {
  readonly isOnGpu = false;
  readonly #host: TensorHost;
  readonly #options: CompileOptions;
  readonly #slots = new Slots<CpuSlot>();
  #isDisposed = false;

  constructor(host: TensorHost, accuracy: "exact" | "fast") {
    this.#host = host;
    this.#options = { ...host.options, accuracy };
  }

  get handicap(): number {
    return this.#host.handicap;
  }

  ready(): Promise<void> {
    const { target = "wasm", threads = 1 } = this.#options;
    return ready({ target, threads });
  }

  obstacle(): undefined {
    return undefined;
  }

  madeFor(plan: CallPlan, call: TfCall): readonly TfTensor[] {
    return Object.values(renamed(plan.weights, call));
  }

  run(plan: CallPlan, call: TfCall): TfTensor | undefined {
    const slot = this.#slots.find(plan, this.madeFor(plan, call));
    return slot && this.#host.run(slot.kernel, slot.weights, renamed(plan.inputs, call), [...plan.outputShape]);
  }

  make(plan: CallPlan, tensors: readonly TfTensor[]): boolean {
    const free = this.#freeKernel(plan);
    this.#add(plan, free ?? compileSync(plan.spec, this.#options), tensors);
    return free === undefined;
  }

  async makeLater(plan: CallPlan, tensors: readonly TfTensor[]): Promise<void> {
    const kernel = (await compile(plan.spec, this.#options)) as Kernel;
    const isWanted =
      !this.#isDisposed &&
      tensors.every(({ dataId }) => this.#host.isAlive(dataId)) &&
      !this.#slots.find(plan, tensors);
    if (isWanted) this.#add(plan, kernel, tensors);
    else kernel.dispose();
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const { kernel } of this.#slots.takeAll()) kernel.dispose();
    this.#host.dispose();
  }

  #add(plan: CallPlan, kernel: Kernel, tensors: readonly TfTensor[]): void {
    const names = Object.keys(plan.weights);
    const given = names.map((name, i) => [name, this.#host.elementsOf(tensors[i] as TfTensor)] as const);
    const weights = names.length > 0 ? kernel.prepare(Object.fromEntries(given)) : undefined;
    const dataIds = tensors.map(({ dataId }) => dataId);
    this.#slots.add({ plan, kernel, weights, dataIds, used: 0 })?.kernel.dispose();
  }

  /** The kernel of a slot of this plan whose weights are gone. All others that are gone are disposed of. */
  #freeKernel(plan: CallPlan): Kernel | undefined {
    const gone = this.#slots.takeGone((dataId) => this.#host.isAlive(dataId));
    const free = gone.find((slot) => slot.plan === plan);
    for (const slot of gone) if (slot !== free) slot.kernel.dispose();
    return free?.kernel;
  }
}
