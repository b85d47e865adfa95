// @ts-check
/** Hostile arguments to every public function and every method of kernels: typed errors, or an answer. */
import { CALLS, kernelFor, METHODS } from "./calls.js";
import { spoil } from "./odd.js";

/** @param {import("./random.js").Random} random @param {import("./tally.js").Tally} tally */
export async function round(random, tally) {
  if (random.once(4)) return methodRound(random, tally);
  const name = random.pick(Object.keys(CALLS));
  const { f, args } = /** @type {NonNullable<(typeof CALLS)[string]>} */ (CALLS[name]);
  const given = spoiltList(random, args());
  await tally.attempt(`${name}(${given.map(shown).join(", ")})`, async () => void (await f(...given)));
}

/** @param {import("./random.js").Random} random @param {import("./tally.js").Tally} tally */
async function methodRound(random, tally) {
  const name = random.pick(Object.keys(METHODS));
  const { f, args } = /** @type {NonNullable<(typeof METHODS)[string]>} */ (METHODS[name]);
  const target = random.pick(["wasm", "js", "plain"]);
  const kernel = await kernelFor(target);
  const isGone = random.once(12);
  /** @type {any[]} */
  let legal = [];
  try {
    legal = args(kernel);
  } catch {
    // Only WebAssembly has addresses: any other kernel refuses whatever is said.
  }
  const given = spoiltList(random, legal);
  if (isGone) kernel.dispose();
  const text = `${target} kernel.${name}(${given.map(shown).join(", ")})${isGone ? " after dispose" : ""}`;
  await tally.attempt(text, async () => void (await f(kernel, ...given)));
  kernel.dispose();
}

/** @param {import("./random.js").Random} random @param {any[]} legal */
function spoiltList(random, legal) {
  const list = [...legal];
  for (let left = random.once(3) ? 2 : 1; left > 0; left--) {
    const i = random.int(0, Math.max(0, list.length - 1));
    list[i] = spoil(random, list[i]);
  }
  return list;
}

/** Something of any value. Nothing that is thrown here may end the attack. @param {unknown} value */
function shown(value) {
  try {
    if (typeof value === "function") return "a function";
    if (ArrayBuffer.isView(value)) return `${Object.prototype.toString.call(value)} of ${value.byteLength} bytes`;
    if (Array.isArray(value) && value.length > 100) return `a list of ${value.length}`;
    return (JSON.stringify(value) ?? String(value)).slice(0, 500);
  } catch {
    return `${typeof value} that cannot be shown`;
  }
}
