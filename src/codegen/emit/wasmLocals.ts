/** The locals of a WebAssembly function: slots by type, taken when a name is declared and free again when its scope ends. */
import type { ValueType } from "./wasmAssembler.js";

export class Locals {
  /** After the parameters. */
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
