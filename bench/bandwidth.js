// @ts-check
/** How fast one thread reads memory that no cache holds: a sum from WebAssembly over far more bytes than there are in caches. */
import { assemble, Code } from "../build/codegen/emit/wasmAssembler.js";
import { sample, summarise } from "./measure.js";

/** @typedef {{ gigabytesPerSecond: number, spread: number }} Bandwidth */

const PAGE_BYTES = 65_536;
/** Some caches hold 100 MB, of which a process gets a part. */
const PAGES = 4096;
const BYTES = PAGES * PAGE_BYTES;

/** Vectors that are read in each step, each added to a sum of its own: one sum would wait for its additions. */
const VECTORS = 8;
const VECTOR_BYTES = 16;

/** @returns {{ take: (ms: number) => Promise<void>, bandwidth: () => Bandwidth }} `bandwidth` is the median of all that was taken */
export function bandwidthMeter() {
  const memory = new WebAssembly.Memory({ initial: PAGES });
  new Float32Array(memory.buffer).fill(0.5); // pages that nobody wrote are all one page, which a cache holds
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assembleSum()), { env: { memory } });
  const run = /** @type {() => void} */ (exports.run);
  run(); // a first call compiles
  /** @type {number[]} */
  const times = [];
  return {
    take: async (ms) => {
      times.push(...(await sample(run, ms)));
    },
    bandwidth: () => {
      const { ms, spread } = summarise("", times, undefined);
      return { gigabytesPerSecond: BYTES / ms / 1e6, spread };
    },
  };
}

/** Adds up the whole memory; the sums go to its start, so that nobody leaves them out. */
function assembleSum() {
  const [address, first] = [0, 1];
  const sums = Array.from({ length: VECTORS }, (_, i) => first + i);
  const code = new Code();
  code.loop();
  for (const [i, sum] of sums.entries()) {
    code
      .localGet(address)
      .memory("v128.load", i * VECTOR_BYTES)
      .localGet(sum)
      .plain("f32x4.add")
      .localSet(sum);
  }
  code
    .localGet(address)
    .i32Const(VECTORS * VECTOR_BYTES)
    .plain("i32.add")
    .localTee(address);
  code.i32Const(BYTES).plain("i32.lt_s").branchIf(0);
  code.plain("end");
  for (const [i, sum] of sums.entries()) {
    code
      .i32Const(0)
      .localGet(sum)
      .memory("v128.store", i * VECTOR_BYTES);
  }
  return assemble({
    shared: false,
    imports: [],
    functions: [
      {
        name: "run",
        type: { parameters: [], results: [] },
        locals: ["i32", ...sums.map(() => /** @type {const} */ ("v128"))],
        code,
      },
    ],
  });
}
