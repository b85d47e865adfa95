/** Names of the loops that a schedule makes from a stage's axes: each name is free and stays the same. */
import { loadsOf } from "../../ir/expr.js";
import { FreeNames } from "../../ir/freeNames.js";
import { RESERVED } from "../../ir/names.js";
import type { Stage } from "../../ir/program.js";

/** Longer ones are refused (see `nestStage`), so the axis's part is cut. */
const LONGEST = 13;

export class LoopNames {
  readonly #free: FreeNames;
  readonly #given = new Map<string, string>();

  constructor({ space, reduce, term, finish, output }: Stage) {
    const buffers = [...loadsOf(term), ...loadsOf(finish), output].map(({ buffer }) => buffer);
    this.#free = new FreeNames([...RESERVED, ...[...space, ...reduce].map(({ name }) => name), ...buffers]);
  }

  /** The name of a part of an axis. The suffix tells it from other parts: `oco` and `oci` are parts of `oc`. */
  of(axis: string, suffix: string): string {
    const start = axis
      .toLowerCase()
      .replace(/^[^a-z]+|[^a-z0-9]/g, "")
      .slice(0, LONGEST);
    return this.#nameOf(`${axis} ${suffix}`, `${start}${suffix}`);
  }

  /** A loop that is no part of one axis. */
  named(wish: string): string {
    return this.#nameOf(wish, wish);
  }

  /** `loop`: which one it is, as two may wish for the same name. */
  #nameOf(loop: string, wish: string): string {
    const known = this.#given.get(loop);
    if (known !== undefined) return known;
    const name = this.#free.like(wish);
    this.#given.set(loop, name);
    return name;
  }
}
