/** Names with meanings, in nested scopes. An inner scope sees what is declared outside it, and copies nothing. */

/** As much of a map as looking up needs. */
export interface Lookup<V> {
  get(name: string): V | undefined;
  has(name: string): boolean;
}

export class Scope<V> implements Lookup<V> {
  readonly #own = new Map<string, V>();
  readonly #outer: Lookup<V> | undefined;

  constructor(outer?: Lookup<V>) {
    this.#outer = outer;
  }

  get(name: string): V | undefined {
    return this.#own.get(name) ?? this.#outer?.get(name);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** Declares a name in this scope; hides an outer one. */
  set(name: string, meaning: V): this {
    this.#own.set(name, meaning);
    return this;
  }
}
