/** Names of the loops that a schedule makes from a stage's axes: each name is free and stays the same. */
import { loadsOf } from "../../ir/expr.js";
import type { Stage } from "../../ir/program.js";
import { RESERVED } from "../reserved.js";

/** The most characters of an axis's name in a loop's name: `nestStage` refuses long names. */
const LONGEST = 14;

export class LoopNames {
  readonly #taken: Set<string>;
  readonly #given = new Map<string, string>();

  constructor({ space, reduce, term, finish, output }: Stage) {
    const buffers = [...loadsOf(term), ...loadsOf(finish), output].map(({ buffer }) => buffer);
    this.#taken = new Set([...RESERVED, ...[...space, ...reduce].map(({ name }) => name), ...buffers]);
  }

  /** The name of a part of an axis. The suffix tells it from other parts: `oco` and `oci` are parts of `oc`. */
  of(axis: string, suffix: string): string {
    return this.named(
      `${axis
        .toLowerCase()
        .replace(/[^a-z0-9]/g, "")
        .slice(0, LONGEST)}${suffix}`,
    );
  }

  /** The name itself, or with a number if it is taken; the same wish gives the same name. */
  named(wish: string): string {
    const known = this.#given.get(wish);
    if (known !== undefined) return known;
    let name = wish;
    for (let i = 1; this.#taken.has(name); i++) name = `${wish}${i}`;
    this.#taken.add(name);
    this.#given.set(wish, name);
    return name;
  }
}
