/**
 * Slots: kernels with the weights that they were prepared for.
 *
 * A slot belongs to the tensors of its weights. When these are disposed of, the next slot that is made takes its
 * kernel, if it is for the same plan, or its memory. So there are never more slots than weights in use, and training,
 * which makes new filters in each step, prepares the same few kernels again and again.
 */
import { type CompileOptions, compile, compileSync } from "../runtime/compile.js";
import type { Kernel, Weights } from "../runtime/kernel.js";
import type { TensorHost } from "./hosts/host.js";
import type { CallPlan } from "./plan.js";
import type { TfTensor } from "./tf.js";

export interface Slot {
  readonly plan: CallPlan;
  readonly kernel: Kernel;
  readonly weights: Weights | undefined;
  /** The data of the tensors that the weights were made of. */
  readonly dataIds: readonly object[];
  /** The time of its last use, in uses of all. */
  used: number;
}

/** More are not kept: an app whose images differ in size would else prepare its filters for each size, for good. */
const MOST_SLOTS = 512;

export class Slots {
  readonly #host: TensorHost;
  readonly #options: CompileOptions;
  readonly #byPlan = new Map<CallPlan, Slot[]>();
  #count = 0;
  #uses = 0;
  #isDisposed = false;

  constructor(host: TensorHost, accuracy: "exact" | "fast") {
    this.#host = host;
    this.#options = { ...host.options, accuracy };
  }

  /** The slot for these tensors, in the order of the plan's weights. */
  find(plan: CallPlan, tensors: readonly TfTensor[]): Slot | undefined {
    const slot = this.#byPlan
      .get(plan)
      ?.find(({ dataIds }) => dataIds.every((dataId, i) => dataId === tensors[i]?.dataId));
    if (slot) slot.used = ++this.#uses;
    return slot;
  }

  /** Compiles in place, unless a kernel is free. Throws what `compileSync` and `prepare` throw. */
  make(plan: CallPlan, tensors: readonly TfTensor[]): Slot {
    const kernel = this.#freeKernel(plan) ?? compileSync(plan.spec, this.#options);
    return this.#add(plan, kernel, tensors);
  }

  /** The same, also with kernels made ahead of time. There is no slot if the tensors are gone before it is ready. */
  async makeLater(plan: CallPlan, tensors: readonly TfTensor[]): Promise<void> {
    const kernel = (await compile(plan.spec, this.#options)) as Kernel;
    const isWanted =
      !this.#isDisposed && tensors.every(({ dataId }) => this.#host.isAlive(dataId)) && !this.find(plan, tensors);
    if (isWanted) this.#add(plan, kernel, tensors);
    else kernel.dispose();
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const slot of [...this.#byPlan.values()].flat()) slot.kernel.dispose();
    this.#byPlan.clear();
    this.#count = 0;
  }

  #add(plan: CallPlan, kernel: Kernel, tensors: readonly TfTensor[]): Slot {
    const names = Object.keys(plan.weights);
    const given = names.map((name, i) => [name, this.#host.elementsOf(tensors[i] as TfTensor)] as const);
    const slot: Slot = {
      ...{ plan, kernel, dataIds: tensors.map(({ dataId }) => dataId), used: ++this.#uses },
      weights: names.length > 0 ? kernel.prepare(Object.fromEntries(given)) : undefined,
    };
    const slots = this.#byPlan.get(plan) ?? [];
    this.#byPlan.set(plan, [...slots, slot]);
    this.#count++;
    if (this.#count > MOST_SLOTS) this.#disposeOldest();
    return slot;
  }

  /** The kernel of a slot of this plan whose weights are gone. All others that are gone are disposed of. */
  #freeKernel(plan: CallPlan): Kernel | undefined {
    const gone = [...this.#byPlan.values()]
      .flat()
      .filter(({ dataIds }) => dataIds.some((dataId) => !this.#host.isAlive(dataId)));
    for (const slot of gone) this.#remove(slot);
    const free = gone.find((slot) => slot.plan === plan);
    for (const slot of gone) if (slot !== free) slot.kernel.dispose();
    return free?.kernel;
  }

  #disposeOldest(): void {
    const [oldest] = [...this.#byPlan.values()].flat().sort((a, b) => a.used - b.used);
    if (!oldest) return;
    this.#remove(oldest);
    oldest.kernel.dispose();
  }

  #remove(slot: Slot): void {
    const left = (this.#byPlan.get(slot.plan) ?? []).filter((other) => other !== slot);
    if (left.length > 0) this.#byPlan.set(slot.plan, left);
    else this.#byPlan.delete(slot.plan);
    this.#count--;
  }
}
