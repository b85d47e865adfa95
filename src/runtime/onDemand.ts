/** Parts of the library that are imported once they are needed, and are then at hand without a promise. */
import { fail } from "../ir/errors.js";

export class OnDemand<T> {
  #module: T | undefined;

  constructor(readonly load: () => Promise<T>) {}

  async get(): Promise<T> {
    this.#module ??= await this.load();
    return this.#module;
  }

  /** The module. Throws `not-ready` before it is loaded. */
  get loaded(): T {
    return this.#module ?? fail("not-ready", "this needs a part that is not loaded yet; await ready() first");
  }
}
