/** Compiled code by everything that can change it. Kernel objects share code and never memory. */
import { Cache } from "./cache.js";
import type { Loaded } from "./host/loaded.js";
import type { WgslCode } from "./webgpu/code.js";

const BOUND = 512;

/** Of kernels on the CPU. */
export const loadedKernels = new Cache<Loaded>(BOUND);
/** Of those on GPUs. */
export const wgslKernels = new Cache<WgslCode>(BOUND);

/** Keys of the kernels in the cache, of each kind least recently used first; and a way to forget them. */
export const kernelCache: { list(): string[]; clear(): void } = {
  list: () => [...loadedKernels.list(), ...wgslKernels.list()],
  clear: () => {
    loadedKernels.clear();
    wgslKernels.clear();
  },
};
