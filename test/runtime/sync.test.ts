/** Compiling without a promise: refused before `ready`, and then the same kernels as `compile` makes. */
import { compile, compileSync, interpret, kernelCache, type OpSpec, ready } from "tilewright";
import { describe, expect, test } from "vitest";
import { elementCount } from "../../src/ir/shape.js";
import { callOf, specWith, TARGETS } from "../support/calls.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { smallIntegers } from "../support/run.js";

// The first test of its file, which has loaded nothing yet.
test("before `ready` it says what to do", async () => {
  const refused = (options: object) => errorOf(thrownBy(() => compileSync(specWith(), options)));
  const sentence = "not-ready: this needs a part that is not loaded yet; await ready() first";
  for (const options of [{}, { target: "js" }, { schedule: {} }]) expect(refused(options)).toBe(sentence);
  await ready({ target: "js" });
  expect(refused({ target: "wasm" })).toBe(sentence);
  expect(compileSync(specWith(), { target: "js" }).target).toBe("js");
  await ready();
  expect(compileSync(specWith()).target).toBe("wasm");
});

describe.each(TARGETS)("%s, once it is ready", (target) => {
  const SPECS: readonly Partial<OpSpec>[] = [
    {},
    { bias: true, rate: 2 },
    { value: [1, 12, 12, 16], filters: [3, 3, 16, 16] },
  ];

  test.each(SPECS)("%j: what `compile` makes", async (change) => {
    await ready({ target });
    kernelCache.clear();
    const spec = specWith(change);
    for (const accuracy of ["exact", "fast"] as const) {
      const kernel = compileSync(spec, { target, accuracy });
      const [value, filters] = [
        smallIntegers(elementCount(spec.value), 1),
        smallIntegers(elementCount(spec.filters), 2),
      ];
      const bias = spec.bias ? smallIntegers(kernel.outputShape[3], 3) : undefined;
      const result = kernel.runSync(value, kernel.prepare(filters, bias));
      if (kernel.algorithm === "direct")
        expect(result).toEqual(Float32Array.from(interpret(spec, value, filters, bias)));
      expect(kernel.schedule).toBe((await compile(spec, { target, accuracy })).schedule);
    }
    // `compile` has found what `compileSync` had made.
    expect(kernelCache.list().length).toBe(2);
  });

  test("finds what `compile` has made", async () => {
    await ready({ target });
    kernelCache.clear();
    await callOf(specWith(), { target });
    compileSync(specWith(), { target });
    expect(kernelCache.list().length).toBe(1);
  });
});

test("threads", async () => {
  await ready({ threads: 2 });
  const spec = specWith({ value: [1, 33, 33, 64], filters: [3, 3, 64, 64] });
  const kernel = compileSync(spec, { threads: 2 });
  const [value, filters] = [smallIntegers(elementCount(spec.value), 1), smallIntegers(elementCount(spec.filters), 2)];
  const expected = Float32Array.from(interpret(spec, value, filters));
  const weights = kernel.prepare(filters);
  expect(await kernel.run(value, weights)).toEqual(expected);
  expect(kernel.runSync(value, weights)).toEqual(expected);
});

test("a schedule of one's own, and one that is none", async () => {
  await ready();
  expect(compileSync(specWith(), { schedule: { conv: [{ do: "unroll", axis: "kx" }] } }).schedule).toBe(
    "conv: unroll(kx)",
  );
  expect(errorOf(thrownBy(() => compileSync(specWith(), { schedule: 7 as never })))).toMatch(/^invalid-schedule/);
});

test("what it does not take", () => {
  const refused = (options: object) => errorOf(thrownBy(() => compileSync(specWith(), options)));
  expect(refused({ revectorize: true })).toBe(
    "invalid-argument: revectorize compares kernels for some time; compile with it, and not compileSync",
  );
  expect(refused({ target: "webgpu" })).toMatch(/^invalid-argument: target must be/);
  expect(refused(null as never)).toMatch(/^invalid-argument: options are an object/);
});
