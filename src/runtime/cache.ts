/**
 * A cache with a bound: it forgets the least recently used key. Concurrent loads of one key become one load. A failed
 * load is not kept. Keys are whole texts and never hashes, so no two can collide.
 */
export class Cache<T> {
  /** Entries are in order of last use: a Map keeps insertion order, and a hit is inserted anew. */
  readonly #entries = new Map<string, Promise<T>>();

  constructor(readonly bound: number) {}

  get(key: string, load: () => Promise<T>): Promise<T> {
    const entry = this.#entries.get(key) ?? this.#load(key, load);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (this.#entries.size > this.bound) this.#entries.delete(this.#entries.keys().next().value as string);
    return entry;
  }

  #load(key: string, load: () => Promise<T>): Promise<T> {
    const entry = load();
    entry.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    return entry;
  }

  /** The keys, least recently used first. */
  list(): string[] {
    return [...this.#entries.keys()];
  }

  clear(): void {
    this.#entries.clear();
  }
}
