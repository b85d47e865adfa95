/**
 * Slots: what a kernel has for the tensors of its weights.
 *
 * A slot belongs to these tensors, and is given back after they have been disposed of. So there are never more slots
 * than weights in use.
 */
import type { CallPlan } from "../plan.js";
import type { TfTensor } from "../tf.js";

export interface Slot {
  readonly plan: CallPlan;
  /** The data of the tensors that the weights were made of. */
  readonly dataIds: readonly object[];
  /** The time of its last use, in uses of all. */
  used: number;
}

/** More are not kept: an app whose images differ in size would else prepare its filters for each size, for good. */
const MOST_SLOTS = 512;

export class Slots<S extends Slot> {
  readonly #byPlan = new Map<CallPlan, S[]>();
  #count = 0;
  #uses = 0;

  /** The slot for these tensors, in the order of the plan's weights. */
  find(plan: CallPlan, tensors: readonly TfTensor[]): S | undefined {
    const slot = this.of(plan).find(({ dataIds }) => dataIds.every((dataId, i) => dataId === tensors[i]?.dataId));
    if (slot) slot.used = ++this.#uses;
    return slot;
  }

  of(plan: CallPlan): readonly S[] {
    return this.#byPlan.get(plan) ?? [];
  }

  /** Adds a slot. Returns the one that was used longest ago, if it has to go for that. */
  add(slot: S): S | undefined {
    slot.used = ++this.#uses;
    this.#byPlan.set(slot.plan, [...this.of(slot.plan), slot]);
    this.#count++;
    if (this.#count <= MOST_SLOTS) return undefined;
    const [oldest] = this.#all().sort((a, b) => a.used - b.used);
    this.#remove(oldest as S);
    return oldest;
  }

  /** Takes out the slots of tensors that are not alive. */
  takeGone(isAlive: (dataId: object) => boolean): readonly S[] {
    const gone = this.#all().filter(({ dataIds }) => !dataIds.every(isAlive));
    for (const slot of gone) this.#remove(slot);
    return gone;
  }

  takeAll(): readonly S[] {
    const all = this.#all();
    for (const slot of all) this.#remove(slot);
    return all;
  }

  #all(): S[] {
    return [...this.#byPlan.values()].flat();
  }

  #remove(slot: S): void {
    const left = this.of(slot.plan).filter((other) => other !== slot);
    if (left.length > 0) this.#byPlan.set(slot.plan, left);
    else this.#byPlan.delete(slot.plan);
    this.#count--;
  }
}
