/** The locals of a WebAssembly function. A name takes a slot of its type, which is free again when its scope ends. */
import type { ValueType } from "./wasmAssembler.js";

export class Locals {
  /** The types of the slots that follow the parameters. */
  readonly types: ValueType[] = [];
  readonly #free = new Map<ValueType, number[]>();
  readonly #taken: { slot: number; type: ValueType }[] = [];
  readonly #first: number;

  constructor(parameters: readonly ValueType[]) {
    this.#first = parameters.length;
  }

  take(type: ValueType): number {
    const slot = this.#free.get(type)?.pop() ?? this.#first + this.types.push(type) - 1;
    this.#taken.push({ slot, type });
    return slot;
  }

  mark(): number {
    return this.#taken.length;
  }

  release(mark: number): void {
    for (const { slot, type } of this.#taken.splice(mark)) {
      const free = this.#free.get(type) ?? [];
      free.push(slot);
      this.#free.set(type, free);
    }
  }
}
