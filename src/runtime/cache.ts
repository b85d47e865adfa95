/**
 * A cache with a bound: it forgets the least recently used key. Concurrent loads of one key become one load. A failed
 * load is not kept. Keys are whole texts and never hashes, so no two can collide.
 */
interface Entry<T> {
  readonly promise: Promise<T>;
  /** Undefined until it is loaded. */
  value: T | undefined;
}

export class Cache<T> {
  /** Entries are in order of last use: a Map keeps insertion order, and a hit is inserted anew. */
  readonly #entries = new Map<string, Entry<T>>();

  constructor(readonly bound: number) {}

  get(key: string, load: () => Promise<T>): Promise<T> {
    return this.#use(key, this.#entries.get(key) ?? this.#load(key, load)).promise;
  }

  /** The same without a promise. A load that is under way is not waited for. */
  getSync(key: string, make: () => T): T {
    const known = this.#entries.get(key)?.value;
    const value = known ?? make();
    this.#use(key, { promise: Promise.resolve(value), value });
    return value;
  }

  #use(key: string, entry: Entry<T>): Entry<T> {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (this.#entries.size > this.bound) this.#entries.delete(this.#entries.keys().next().value as string);
    return entry;
  }

  #load(key: string, load: () => Promise<T>): Entry<T> {
    const entry: Entry<T> = { promise: load(), value: undefined };
    entry.promise.then(
      (value) => {
        entry.value = value;
      },
      () => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
      },
    );
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
