/** The free ranges of a memory. Neighbours are one range, and the smallest range that fits is taken first. */
import { aligned } from "../../ir/layout.js";

/** Addresses from `begin` to `end`, the end left out; both are multiples of 64. */
interface AddressRange {
  readonly begin: number;
  readonly end: number;
}

export class FreeRanges {
  /** In ascending order, no two of them adjacent. */
  #ranges: AddressRange[];

  constructor(begin: number, end: number) {
    this.#ranges = [{ begin, end }];
  }

  get bytes(): number {
    return this.#ranges.reduce((sum, { begin, end }) => sum + end - begin, 0);
  }

  /** Takes bytes, a multiple of 64, at an address of `least` or above. Undefined if no range has so many. */
  take(bytes: number, least: number): number | undefined {
    let best: { readonly index: number; readonly address: number } | undefined;
    for (const [index, { begin, end }] of this.#ranges.entries()) {
      const address = Math.max(begin, aligned(least));
      if (address + bytes > end) continue;
      if (best === undefined || end - begin < this.#sizeAt(best.index)) best = { index, address };
    }
    if (best === undefined) return undefined;
    const { begin, end } = this.#ranges[best.index] as AddressRange;
    const rest = [
      { begin, end: best.address },
      { begin: best.address + bytes, end },
    ];
    this.#ranges.splice(best.index, 1, ...rest.filter((range) => range.begin < range.end));
    return best.address;
  }

  /** Gives back what was taken. */
  give(begin: number, bytes: number): void {
    const next = this.#ranges.findIndex((range) => range.begin > begin);
    const index = next < 0 ? this.#ranges.length : next;
    const [before, after] = [this.#ranges[index - 1], this.#ranges[index]];
    const end = begin + bytes;
    const joinsBefore = before?.end === begin;
    const joinsAfter = after?.begin === end;
    const joined = { begin: joinsBefore ? before.begin : begin, end: joinsAfter ? after.end : end };
    this.#ranges.splice(joinsBefore ? index - 1 : index, Number(joinsBefore) + Number(joinsAfter), joined);
  }

  #sizeAt(index: number): number {
    const { begin, end } = this.#ranges[index] as AddressRange;
    return end - begin;
  }
}
