/** Calls over tensors that lie elsewhere in an arena's memory, at addresses of the caller's. */
import { bufferAt } from "../../ir/bufferAt.js";
import { fail, show } from "../../ir/errors.js";
import { byteLengthOf } from "../../ir/layout.js";
import type { WasmBuffer } from "../../ir/module.js";
import type { Arena, LinkedEntry } from "./arena.js";

interface TensorPlace {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
  readonly isWritten: boolean;
}

export class RelocatedCalls {
  readonly #arena: Arena;
  readonly #tensors: readonly WasmBuffer[];
  /** The addresses of the last call, for which the entries were made, and its length. */
  #last: readonly number[] = [];
  #units: number | undefined;
  #entries: readonly LinkedEntry[] = [];

  constructor(arena: Arena) {
    this.#arena = arena;
    this.#tensors = arena.part.buffers.filter(({ role }) => role === "input" || role === "output");
  }

  /** Throws `invalid-argument` unless each tensor has a place in memory where nothing else is written. */
  entriesAt(addresses: ReadonlyMap<string, number>, units?: number): readonly LinkedEntry[] {
    const given = this.#tensors.map(({ name }) => addresses.get(name) as number);
    const isSame = given.length === this.#last.length && given.every((address, i) => address === this.#last[i]);
    if (!isSame || units !== this.#units) {
      const tensors = units === undefined ? this.#tensors : this.#tensors.map((tensor) => bufferAt(tensor, units));
      this.#check(tensors.map((tensor, i) => this.#placeOf(tensor, given[i] as number)));
      this.#entries = this.#arena.entriesAt(addresses, units);
      this.#last = given;
      this.#units = units;
    }
    return this.#entries;
  }

  #placeOf(tensor: WasmBuffer, given: number): TensorPlace {
    const { name, role, least } = tensor;
    // Addresses from 2 GiB on come out of WebAssembly as negative numbers.
    const begin = Number.isInteger(given) && given >= -(2 ** 31) && given < 2 ** 32 ? given >>> 0 : Number.NaN;
    if (!(begin % 4 === 0)) {
      fail("invalid-argument", `the address of ${name} must be a multiple of 4 below 2^32; got ${show(given)}`);
    }
    if (begin < least) {
      fail(
        "invalid-argument",
        `${name} must lie at ${least} or above, as its kernel counts from before its beginning; got ${begin}`,
      );
    }
    const end = begin + byteLengthOf(tensor);
    const { byteLength } = this.#arena.memory.buffer;
    if (end > byteLength) {
      fail("invalid-argument", `${name} at ${begin} ends at ${end}, beyond its memory of ${byteLength} bytes`);
    }
    return { name, begin, end, isWritten: role === "output" };
  }

  #check(places: readonly TensorPlace[]): void {
    for (const [i, one] of places.entries()) {
      const other = places.find(
        ({ begin, end, isWritten }, j) => i !== j && (isWritten || one.isWritten) && begin < one.end && one.begin < end,
      );
      if (other) fail("invalid-argument", `${one.name} and ${other.name} share memory; give each a place of its own`);
    }
  }
}
