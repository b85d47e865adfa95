// @ts-check
/** Random options of `compile`, and ways to call what it makes. */

/** @typedef {import("./random.js").Random} Random */

/** @param {Random} random @returns {any} options that name what else decides a kernel */
export function drawOptions(random) {
  const target = random.pick(["wasm", "wasm", "js", "auto", "plain"]);
  const algorithm = random.once(8)
    ? random.pick(["direct", "winograd", { kind: "direct", parts: 4 }, { kind: "winograd", tile: [2, 2] }])
    : undefined;
  const features = {
    simd: random.pick(["none", "simd128", "relaxed"]),
    hoistsLoads: random.once(2),
  };
  return {
    target,
    ...(random.once(3) ? { accuracy: random.pick(["exact", "fast", "fast"]) } : {}),
    ...(random.once(4) ? { threads: random.int(1, 3) } : {}),
    ...(target === "wasm" && random.once(3) ? { features } : {}),
    ...(algorithm === undefined ? {} : { algorithm }),
  };
}

/** A memory of one's own whose allocator only goes up; addresses are multiples of 16. */
export function ownMemory() {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 4096 });
  let end = 1024;
  const allocate = (/** @type {number} */ bytes) => {
    const at = end;
    end += Math.ceil(bytes / 16) * 16;
    const lacking = end - memory.buffer.byteLength;
    if (lacking > 0) memory.grow(Math.ceil(lacking / 65536));
    return at;
  };
  return { memory, allocate, free: () => {} };
}

/**
 * Runs a kernel of one input in one of the ways there are. Returns the elements of the result, or what is wrong with the
 * form of the answer.
 * @param {Random} random @param {any} kernel @param {any} data
 * @returns {Promise<Float32Array | string>}
 */
export async function callKernel(random, kernel, { value, filters, bias }) {
  const isNamed = random.once(3);
  const weights = isNamed ? kernel.prepare({ filters, ...(bias ? { bias } : {}) }) : kernel.prepare(filters, bias);
  const before = value.slice();
  const isInPlace = random.once(3);
  if (isInPlace) kernel.value.set(value);
  const given = isInPlace ? kernel.value : value;
  const out = random.pick([undefined, kernel.output, new Float32Array(kernel.output.length).fill(Number.NaN)]);
  const run = (/** @type {any[]} */ ...args) => (random.once(2) ? kernel.run(...args) : kernel.runSync(...args));
  // The second call must not depend on what the first has left behind.
  for (let left = random.int(0, 1); left > 0; left--) await run(given, weights);
  if (!isNamed && random.once(3)) {
    const tensor = await run({ shape: kernel.spec.value, data: given }, weights);
    if (String(tensor.shape) !== String(kernel.outputShape)) return `the result has the shape ${tensor.shape}`;
    return tensor.data;
  }
  const result = isNamed
    ? (await run({ value: given }, weights, ...(out ? [{ output: out }] : []))).output
    : await run(given, weights, ...(out ? [out] : []));
  if (out && result !== out) return "the output that was given is not what is returned";
  if (value.some((/** @type {number} */ element, /** @type {number} */ i) => element !== before[i]))
    return "value was changed";
  return result;
}
