// @ts-check
/**
 * What the machine's registers give from WebAssembly: small matrix products that stay in the first-level cache, for each way
 * to multiply and add in the register tile that this engine does best. No kernel is faster, but by leaving work out.
 */
import { assemble, Code } from "../build/codegen/emit/wasmAssembler.js";
import { sample, summarise, warmUp } from "./measure.js";

/**
 * @typedef {object} Kind
 * @property {string} name
 * @property {1 | 4} lanes
 * @property {boolean} fused multiply and add in one instruction
 * @property {readonly string[]} tiles pixels x vectors; which of them fits 15 registers depends on the engine
 *
 * @typedef {{ name: string, tile: string, gflops: number }} Peak
 * @typedef {{ name: string, tile: string, flops: number, run: () => unknown }} PeakTask
 */

/** @type {Kind} */
const SCALAR = { name: "scalar", lanes: 1, fused: false, tiles: ["4x2", "5x2", "3x3"] };

/** @type {readonly Kind[]} */
const KINDS = [
  SCALAR,
  { name: "128-bit", lanes: 4, fused: false, tiles: ["4x2", "5x2", "3x3"] },
  { name: "128-bit fused", lanes: 4, fused: true, tiles: ["4x2", "6x2", "3x3"] },
];

/** V8's revectorizer makes one vector of two. @type {readonly Kind[]} */
const REVECTORIZED_KINDS = [
  SCALAR,
  { name: "256-bit", lanes: 4, fused: false, tiles: ["5x2", "4x4", "5x4"] },
  { name: "256-bit fused", lanes: 4, fused: true, tiles: ["6x2", "5x4", "6x4"] },
];

/** Products in each sum. */
const DEPTH = 128;
/** Tiles in each call, which then takes some 50 microseconds. */
const TILES = 300;
const WARM_UP_MS = 60;

/**
 * Makes and warms up the kernels. Kinds that the engine lacks are left out.
 * @param {boolean} revectorize whether V8 runs with its revectorizer
 * @returns {Promise<(ms: number) => Promise<Peak[]>>} measures for that long: the median of each kind's best tile
 */
export async function peakMeter(revectorize) {
  const tasks = peakTasks(revectorize);
  for (const { run } of tasks) await warmUp(run, WARM_UP_MS);
  return async (ms) => {
    /** @type {Map<string, Peak>} */
    const best = new Map();
    for (const { name, tile, flops, run } of tasks) {
      const median = summarise(name, await sample(run, ms / tasks.length), flops).ms;
      const gflops = flops / median / 1e6;
      if (gflops > (best.get(name)?.gflops ?? 0)) best.set(name, { name, tile, gflops });
    }
    return [...best.values()];
  };
}

/** Every tile of every kind that this engine has. @param {boolean} revectorize whether V8 runs with its revectorizer */
export const peakTasks = (revectorize) => (revectorize ? REVECTORIZED_KINDS : KINDS).flatMap(tasksOf);

/** @param {Kind} kind @returns {PeakTask[]} */
function tasksOf({ name, lanes, fused, tiles }) {
  return tiles.flatMap((tile) => {
    const [pixels = 0, vectors = 0] = tile.split("x").map(Number);
    const bytes = assembleProduct(pixels, vectors, lanes, fused);
    if (!WebAssembly.validate(bytes)) return [];
    const memory = new WebAssembly.Memory({ initial: PAGES });
    new Float32Array(memory.buffer).fill(0.5);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
    const flops = 2 * TILES * DEPTH * pixels * vectors * lanes;
    return [{ name, tile, flops, run: /** @type {() => void} */ (exports.run) }];
  });
}

/** Pixels, weights and sums have a page of memory each. */
const PAGES = 3;
const PAGE_BYTES = 65_536;

/**
 * TILES times: sums[p][v] = sum over DEPTH of pixels[p] * weights[v], all sums in registers.
 * @param {number} pixels @param {number} vectors @param {1 | 4} lanes @param {boolean} fused
 */
function assembleProduct(pixels, vectors, lanes, fused) {
  const bytes = 4 * lanes;
  const numbered = (/** @type {number} */ count, /** @type {number} */ from) =>
    Array.from({ length: count }, (_, i) => from + i);
  // Three addresses, two counters, one element of a pixel for all lanes.
  const [pixelAt, weightAt, sumAt, depth, tile, pixel] = [0, 1, 2, 3, 4, 5];
  const weights = numbered(vectors, 6);
  const sums = numbered(pixels * vectors, 6 + vectors);
  const code = new Code();
  const count = (/** @type {number} */ local, /** @type {number} */ step) =>
    code.localGet(local).i32Const(step).plain("i32.add").localTee(local);

  code
    .i32Const(TILES)
    .localSet(tile)
    .i32Const(2 * PAGE_BYTES)
    .localSet(sumAt);
  code.loop();
  for (const sum of sums) (lanes === 4 ? code.f32x4Const(0) : code.f32Const(0)).localSet(sum);
  code.i32Const(0).localSet(pixelAt).i32Const(PAGE_BYTES).localSet(weightAt).i32Const(DEPTH).localSet(depth);
  code.loop();
  for (const [v, weight] of weights.entries()) {
    code
      .localGet(weightAt)
      .memory(lanes === 4 ? "v128.load" : "f32.load", v * bytes)
      .localSet(weight);
  }
  for (let p = 0; p < pixels; p++) {
    code
      .localGet(pixelAt)
      .memory(lanes === 4 ? "v128.load32_splat" : "f32.load", p * DEPTH * 4)
      .localSet(pixel);
    for (const [v, weight] of weights.entries()) {
      const sum = sums[p * vectors + v] ?? 0;
      if (fused) code.localGet(pixel).localGet(weight).localGet(sum).plain("f32x4.relaxed_madd");
      else if (lanes === 4) code.localGet(sum).localGet(pixel).localGet(weight).plain("f32x4.mul").plain("f32x4.add");
      else code.localGet(sum).localGet(pixel).localGet(weight).plain("f32.mul").plain("f32.add");
      code.localSet(sum);
    }
  }
  count(pixelAt, 4).localSet(pixelAt);
  count(weightAt, vectors * bytes).localSet(weightAt);
  count(depth, -1).branchIf(0);
  code.plain("end");
  for (const [i, sum] of sums.entries()) {
    code
      .localGet(sumAt)
      .localGet(sum)
      .memory(lanes === 4 ? "v128.store" : "f32.store", i * bytes);
  }
  count(tile, -1).branchIf(0);
  code.plain("end");

  const vector = lanes === 4 ? "v128" : "f32";
  return assemble({
    shared: false,
    imports: [],
    functions: [
      {
        name: "run",
        type: { parameters: [], results: [] },
        locals: [
          ...numbered(5, 0).map(() => /** @type {const} */ ("i32")),
          ...[pixel, ...weights, ...sums].map(() => vector),
        ],
        code,
      },
    ],
  });
}
