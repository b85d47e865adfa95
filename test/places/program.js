/** A program that runs in any engine: calls a kernel in every way, and prints what served each call. */
import { compile, interpret, ready } from "../../dist/runtime/index.js";

const spec = { op: "conv2d", value: [1, 24, 24, 16], filters: [3, 3, 16, 16], rate: 2, padding: "SAME" };
const WAYS = {
  auto: {},
  js: { target: "js" },
  plain: { target: "plain" },
  threads: { threads: 3 },
  wide: { target: "wasm", revectorize: true },
};

const integers = (length, seed) => Float32Array.from({ length }, (_, i) => ((i * 7 + seed) % 9) - 4);
const [value, filters] = [integers(24 * 24 * 16, 1), integers(3 * 3 * 16 * 16, 2)];
const expected = interpret(spec, value, filters);
const isRight = (output) => output.length === expected.length && output.every((x, i) => x === expected[i]);

async function call(options) {
  const kernel = await compile(spec, options);
  const weights = kernel.prepare(filters);
  const results = [await kernel.run(value, weights), kernel.runSync(value, weights), await kernel.run(value, weights)];
  const said = (pattern) => pattern.exec(kernel.explain())?.[1] ?? "";
  const [threads, bits] = [said(/(\w+) threads?/), said(/(\d+) bits/)];
  return { target: kernel.target, threads, bits, isRight: results.every(isRight) };
}

/** Whether a kernel on a GPU is right, or the code of the error that says that there is none. */
async function callOnGpu() {
  try {
    const kernel = await compile(spec, { target: "webgpu" });
    return isRight(await kernel.run(value, await kernel.prepare(filters))) ? "right" : "wrong";
  } catch (error) {
    return error.code;
  }
}

await ready({ threads: 3 });
const report = {};
for (const [way, options] of Object.entries(WAYS)) report[way] = await call(options);
report.webgpu = await callOnGpu();
console.log(JSON.stringify(report));
