/** Calls kernels with arrays of two realms, and prints what became of that. */
import { compile, interpret } from "../../dist/runtime/index.js";

const spec = { op: "conv2d", value: [1, 24, 24, 16], filters: [3, 3, 16, 16], rate: 2, padding: "SAME" };
const integers = (length, seed) => Float32Array.from({ length }, (_, i) => ((i * 7 + seed) % 9) - 4);
const [value, filters] = [integers(24 * 24 * 16, 1), integers(3 * 3 * 16 * 16, 2)];
const expected = interpret(spec, value, filters);

const globals = {
  encoder: typeof TextEncoder,
  registry: typeof FinalizationRegistry,
  isStrange: globalThis.outside !== Float32Array,
};
const calls = [];
for (const options of [{ target: "wasm" }, { target: "js" }, { target: "plain" }, { threads: 2 }]) {
  const kernel = await compile(spec, options);
  for (const Floats of [Float32Array, globalThis.outside]) {
    const output = new Floats(expected.length);
    await kernel.run(new Floats(value), kernel.prepare(new Floats(filters)), output);
    const tensor = await kernel.run(
      { shape: spec.value, data: new Floats(value) },
      kernel.prepare({ filters: { shape: spec.filters, data: new Floats(filters) } }),
    );
    calls.push([output, tensor.data].every((result) => result.every((x, i) => x === expected[i])));
  }
  kernel.dispose();
}
const threads = /(\w+) threads/.exec((await compile(spec, { threads: 2 })).explain())?.[1];
console.log(JSON.stringify({ globals, calls, threads }));
