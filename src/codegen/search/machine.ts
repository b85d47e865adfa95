/**
 * The machine that the CPU cost models describe: a core of x64 with AVX, as V8 uses it.
 *
 * Two models may have different numbers for one property. Both are fits to measured schedules and also stand for
 * effects that a model leaves out. Only the ratios of the numbers within one model matter.
 */

/** Bytes of a vector, 128 bits. */
export const VECTOR_BYTES = 16;

/** Bytes of the first-level data cache: 32 KiB on Zen 3 and most other cores. */
export const L1_BYTES = 32_768;

/**
 * Bytes of the first level that Winograd's tiles can use, beside weights and stack. Fitted to 1300 schedules of 26
 * shapes on Zen 3.
 */
export const L1_BYTES_OF_TILES = 25_000;

/**
 * Bytes of the second-level cache that count, of 512 KiB on Zen 3. Data that does not fit is read again in the order in
 * which it left the cache, so nothing of it is found. Fitted to the same 1300 schedules.
 */
export const L2_BYTES = 500_000;

/**
 * Bytes of the last-level cache that count. It is shared with other cores, and little is known of it: 8 MiB in phones
 * and laptops, 32 MiB and more in servers.
 */
export const L3_BYTES = 16_000_000;

/**
 * Bytes per cycle from the second level, as fitted: `tile` for the reads of a register tile, `weights` for those of
 * Winograd's products, `rows` for rows of Winograd's tiles.
 */
export const L2_BYTES_PER_CYCLE = { tile: 12, weights: 64, rows: 40 } as const;

/**
 * Bytes per cycle from beyond the second level, as fitted: `blocks` in Winograd's blocks, `images` for images and
 * weights of other kernels, and for Winograd's weights that fit no cache. Most of these reads run ahead of the
 * arithmetic.
 */
export const MEMORY_BYTES_PER_CYCLE = { blocks: 32, images: 16 } as const;
