/** Names that nothing else has: each is given once. */

export class FreeNames {
  readonly #taken: Set<string>;
  /** How many names of each base were tried. */
  readonly #tried = new Map<string, number>();
  #next = 0;

  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  /** `base`, or the first of `base1`, `base2`, ... that is free. `mark` stands before the number. */
  like(base: string, mark = ""): string {
    let tried = this.#tried.get(base) ?? 0;
    const name = () => (tried === 0 ? base : `${base}${mark}${tried}`);
    while (this.#taken.has(name())) tried++;
    const free = name();
    this.#tried.set(base, tried + 1);
    this.#taken.add(free);
    return free;
  }

  /** `base` and a number. The numbers go on from name to name, whatever their bases are: `x0`, `x1`, `y2`. */
  numbered(base: string): string {
    let name = `${base}${this.#next++}`;
    while (this.#taken.has(name)) name = `${base}${this.#next++}`;
    this.#taken.add(name);
    return name;
  }
}
