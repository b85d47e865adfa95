/** Compiled code by everything that can change it. Kernel objects share code and never memory. */
import { Cache } from "./cache.js";

const BOUND = 512;

/** Of each kind of code one, made by who loads that kind. */
const caches: Cache<unknown>[] = [];

export function newCache<T>(): Cache<T> {
  const cache = new Cache<T>(BOUND);
  caches.push(cache);
  return cache;
}

/** Keys of the kernels in the cache, of each kind least recently used first; and a way to forget them. */
export const kernelCache: { list(): string[]; clear(): void } = {
  list: () => caches.flatMap((cache) => cache.list()),
  clear: () => {
    for (const cache of caches) cache.clear();
  },
};
