// @ts-check
/** Values that no function expects. */

/** @typedef {import("./random.js").Random} Random */

const trap = () => {
  throw new Error("a trap");
};
const NAMES = [
  "op",
  "value",
  "filters",
  "shape",
  "data",
  "target",
  "kind",
  "language",
  "conv",
  "formula",
  "tensors",
  "length",
];

/** @type {readonly ((random: Random) => unknown)[]} */
const MAKERS = [
  () => undefined,
  () => null,
  () => true,
  (random) => random.pick([0, -0, -1, 0.5, Number.NaN, Infinity, -Infinity, 2 ** 31, 2 ** 32, 2 ** 53, 1e308, 5e-324]),
  () => 2n ** 70n,
  () => Symbol("odd"),
  (random) =>
    random.pick(["", "auto", "wasm", "js", "SAME", "valid", "__proto__", "constructor", "\u0000", "\ud800", "../../x"]),
  (random) => "x".repeat(random.pick([100, 300_000])),
  () => () => 1,
  () => ({}),
  () => Object.create(null),
  () => ({ [Symbol("odd")]: 1, ["y".repeat(100_000)]: 1 }),
  () => [],
  (random) => new Array(random.pick([4, 300_000])),
  (random) => new Array(random.pick([3, 4, 300_000])).fill(random.pick([1, 0, -1, "1", null])),
  () => Object.assign([], { length: 2 ** 32 - 1 }),
  () => circle(),
  () => Object.defineProperties({}, Object.fromEntries(NAMES.map((name) => [name, { enumerable: true, get: trap }]))),
  () => new Proxy({}, { get: trap, ownKeys: trap, has: trap, getPrototypeOf: trap }),
  () => new Proxy([], { get: (list, key) => (key === "length" ? 4 : Reflect.get(list, key)) }),
  () => revoked(),
  () => new Proxy(new Float32Array(40), {}),
  () => detached(),
  (random) => new (random.pick([Float64Array, Int32Array, Uint8Array, BigInt64Array, Uint8ClampedArray]))(40),
  (random) => new Float32Array(random.pick([0, 1, 39, 40, 41, 54, 60])),
  () => new Float32Array(new SharedArrayBuffer(160)),
  () => new Float32Array(growing()),
  () => new Float32Array(40).fill(Number.NaN),
  () => ({ length: 40, [Symbol.toStringTag]: "Float32Array" }),
  () => Object.setPrototypeOf({}, Float32Array.prototype),
  () => Object.setPrototypeOf(new Float32Array(40), null),
  () => ({ shape: null, data: null }),
  () => ({ shape: [1, 4, 5, 2], data: new Float32Array(40) }),
  () => new Date(Number.NaN),
  () => new Map([["op", "conv2d"]]),
  () => new ArrayBuffer(160),
  () => new WebAssembly.Memory({ initial: 1 }),
  () => Promise.resolve(1),
  () => ({ toJSON: trap, toString: trap, valueOf: trap, [Symbol.toPrimitive]: trap }),
  () => Object.defineProperty({}, "constructor", { get: trap }),
  () => new Error("odd"),
  () => /odd/y,
  () => globalThis,
];

/** A buffer that may grow, where there are such. */
const growing = () => Reflect.construct(ArrayBuffer, [160, { maxByteLength: 1600 }]);

function circle() {
  /** @type {unknown[]} */
  const list = [];
  list.push(list);
  return list;
}

function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function detached() {
  const array = new Float32Array(40);
  structuredClone(array, { transfer: [array.buffer] });
  return array;
}

/** @param {Random} random @returns {any} */
export const odd = (random) => MAKERS[random.int(0, MAKERS.length - 1)]?.(random);

/** A copy of something legal, in which something somewhere is odd. @param {Random} random @param {any} legal @returns {any} */
export function spoil(random, legal) {
  try {
    return spoilt(random, legal);
  } catch {
    // It was odd before, and cannot even be copied.
    return odd(random);
  }
}

/** @param {Random} random @param {any} legal @returns {any} */
function spoilt(random, legal) {
  if (random.once(4) || typeof legal !== "object" || legal === null || ArrayBuffer.isView(legal)) return odd(random);
  if (legal.length > 1000) return odd(random);
  if (Array.isArray(legal)) {
    const list = [...legal];
    list[random.int(0, list.length)] = random.once(2) ? odd(random) : spoil(random, random.pick(legal));
    return list;
  }
  const keys = [...Object.keys(legal), ...(random.once(6) ? ["more"] : [])];
  const key = keys.length > 0 ? random.pick(keys) : "more";
  return { ...legal, [key]: spoil(random, legal[key]) };
}
