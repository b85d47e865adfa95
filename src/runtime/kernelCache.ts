/** Caches of compiled code, by everything that can change it. Kernel objects share code and never memory. */
import { Cache } from "./cache.js";

const BOUND = 512;

/** One cache for each kind of code, made by the file that loads that kind. */
const caches: Cache<unknown>[] = [];

export function newCache<T>(): Cache<T> {
  const cache = new Cache<T>(BOUND);
  caches.push(cache as Cache<unknown>);
  return cache;
}

/**
 * The cache of compiled code. `list` gives the keys, those of the CPU apart from those of the GPU, each least recently
 * used first. `clear` forgets all code; kernel objects that exist keep theirs.
 */
export const kernelCache: { list(): string[]; clear(): void } = {
  list: () => caches.flatMap((cache) => cache.list()),
  clear: () => {
    for (const cache of caches) cache.clear();
  },
};
