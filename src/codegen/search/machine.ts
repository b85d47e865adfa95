/**
 * The machine that the CPU cost models describe: a core of x64 with AVX as V8 uses it. Where two models hold different figures for one
 * thing, both are fits to measured schedules and stand for what the model leaves out; what matters is the ratio of all within a model.
 */

/** Bytes of a vector of 128 bits. */
export const VECTOR_BYTES = 16;

/** Zen 3 and most others: 32 KiB. */
export const L1_BYTES = 32_768;

/** Winograd's tiles share the first level with weights and stack, so less of it counts: fitted to 1300 schedules of 26 shapes (Zen 3). */
export const L1_BYTES_OF_TILES = 25_000;

/** Of 512 KiB on Zen 3: what does not fit is read again in the order in which it left. Fitted as above. */
export const L2_BYTES = 500_000;

/** An image that is read once for each block of weights leaves the caches from here on; those of cores with 1 MiB of second level. */
export const L2_BYTES_OF_IMAGE = 1_000_000;

/** Bytes per cycle out of each level, as fitted: from the second level in a register tile's reads, for weights of Winograd's products, ... */
export const L2_BYTES_PER_CYCLE = { tile: 12, weights: 64, rows: 40 } as const;

/** ... and from beyond it, ahead of the arithmetic for the most part: in Winograd's blocks, and for images and weights of other kernels. */
export const MEMORY_BYTES_PER_CYCLE = { blocks: 32, images: 16 } as const;
