/** Names with meanings, in nested scopes. An inner scope sees the names of its outer scope without copying them. */

/** The part of a map that looking up needs. */
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

  /** Declares a name in this scope; it hides an outer one. */
  set(name: string, meaning: V): this {
    this.#own.set(name, meaning);
    return this;
  }
}
