/** What a careless or hostile caller may hand in: always a typed error, never a silent change. */
import { runInNewContext } from "node:vm";
import {
  atrousConv2dTranspose,
  type CompileOptions,
  compile,
  interpret,
  type OpSpec,
  TilewrightError,
  warmUp,
} from "tilewright";
import { compileModule, explain, JS } from "tilewright/compiler";
import { expect, test } from "vitest";
import { useTuned } from "../../src/runtime/tuned.js";

const SPEC: OpSpec = {
  op: "atrousConv2dTranspose",
  value: [1, 5, 5, 2],
  filters: [3, 3, 4, 2],
  rate: 2,
  padding: "SAME",
};
const value = new Float32Array(50).fill(1);
const filters = new Float32Array(72).fill(1);

async function refusal(attempt: () => unknown): Promise<string> {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof TilewrightError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error("nothing was refused");
}

const compileWith = (options: unknown) => compile(SPEC, options as CompileOptions);
const compileSpec = (change: object) => compile({ ...SPEC, ...change });

test("shapes that a result or a kernel carries cannot be changed", async () => {
  const kernel = await compile(SPEC);
  const result = kernel.runSync({ shape: SPEC.value, data: value }, kernel.prepare(filters));
  expect(() => Object.assign(result.shape, { 0: 3 })).toThrow(TypeError);
  expect(() => Object.assign(kernel.spec.value, { 1: 1 })).toThrow(TypeError);
  expect(() => Object.assign(kernel.spec, { rate: 1 })).toThrow(TypeError);
});

test("arrays of another realm are arrays", async () => {
  const foreign = runInNewContext("new Float32Array(50).fill(1)") as Float32Array;
  expect(foreign).not.toBeInstanceOf(Float32Array);
  const kernel = await compile(SPEC);
  const weights = kernel.prepare(filters);
  expect([...kernel.runSync(foreign, weights)]).toEqual([...kernel.runSync(value, weights)]);
});

test("mistyped options are named", async () => {
  expect(await refusal(() => compileWith({ taget: "plain" }))).toMatch(/^invalid-argument: there is no option "taget"/);
  expect(await refusal(() => compileWith("js"))).toMatch(/^invalid-argument: options are an object/);
  expect(await refusal(() => compileWith(null))).toMatch(/^invalid-argument: options are an object/);
  expect(await refusal(() => compileWith({ algorithm: "fft" }))).toMatch(/^invalid-argument: algorithm must be/);
  const call = (options: object) =>
    atrousConv2dTranspose(
      { shape: SPEC.value, data: value },
      { shape: SPEC.filters, data: filters },
      [1, 5, 5, 4],
      2,
      "SAME",
      options,
    );
  expect(await refusal(() => call({ activaton: "relu" }))).toMatch(/there is no option "activaton"/);
  expect(await refusal(() => interpret(SPEC, value, filters, new Float32Array(4)))).toMatch(/adds no bias/);
});

test("values that JSON cannot write are shown all the same", async () => {
  const circle: object[] = [];
  circle.push(circle);
  expect(await refusal(() => compileSpec({ rate: 2n }))).toMatch(/^invalid-spec: rate .* got 2$/);
  expect(await refusal(() => compileSpec({ rate: Number.NaN }))).toMatch(/got NaN$/);
  expect(await refusal(() => compileSpec({ value: [1, Number.NaN, 5, 2] }))).toMatch(/got \[1,NaN,5,2\]$/);
  expect(await refusal(() => compileSpec({ value: circle }))).toMatch(
    /^invalid-shape: .* got an object that cannot be shown$/,
  );
  expect(await refusal(() => compileSpec({ padding: Object.create(null) }))).toMatch(/^invalid-spec: padding/);
});

test("a list of specs with a hole in it is refused, and not taken for a shorter one", async () => {
  const specs = [SPEC, undefined, SPEC] as OpSpec[];
  expect(await refusal(() => warmUp(specs, { target: "js" }))).toMatch(/^invalid-spec: a spec is an object/);
});

test("targets that no constructor makes are refused", async () => {
  const compileFor = (change: object) => refusal(() => compileModule(SPEC, { target: { ...JS, ...change } }));
  expect(await compileFor({ lanes: 3 })).toBe(
    "invalid-argument: target.lanes of such a target is 1; got 3. " +
      "Take JS, or what wasmTarget, wgslTarget or targetOf returns",
  );
  expect(await compileFor({ language: "wasm" })).toMatch(/^invalid-argument: target\.arithmetic .* "f32"; got "f64"/);
  expect(await compileFor({ registers: 0 })).toMatch(/^invalid-argument: target\.registers takes integers >= 1/);
  expect(compileModule(SPEC, { target: { ...JS, registers: 4 } }).language).toBe("js");
});

test("options of the compiler that do not exist are named", async () => {
  const target = JS;
  expect(await refusal(() => compileModule(SPEC, { target, schedul: {} } as never))).toMatch(
    /^invalid-argument: there is no option "schedul"; there are target, accuracy, algorithm, schedule, watch; did you mean schedule\?$/,
  );
  expect(await refusal(() => compileModule(SPEC, undefined as never))).toMatch(
    /^invalid-argument: options are an object/,
  );
  expect(await refusal(() => explain(SPEC, { peek: 1 } as never))).toMatch(
    /^invalid-argument: there is no option "peek"/,
  );
});

test("a storage that nobody has is refused, also where schedules were tuned", async () => {
  useTuned([["another kernel", { algorithm: { kind: "direct" }, knobs: {} }]]);
  const storage: unknown[] = [];
  storage.push(storage);
  expect(await refusal(() => compileWith({ target: "webgpu", storage }))).toMatch(/^invalid-argument: storage/);
});

test("malformed schedules are refused for every target", async () => {
  for (const target of ["js", "plain"]) {
    for (const schedule of ["fast", 0, [], { conv: new Array(1) }, { conv: [{ do: "melt" }] }]) {
      expect(await refusal(() => compileWith({ target, schedule }))).toMatch(/^invalid-schedule: /);
    }
  }
});

test("names in schedules are names, so no message has more than one line", async () => {
  const withSchedule = (schedule: object) => refusal(() => compileWith({ target: "js", schedule }));
  expect(await withSchedule({ conv: [{ do: "unroll", axis: "ox\n" }] })).toBe(
    'invalid-schedule: conv[0]: unroll needs axis, a name; got "ox\\n"',
  );
  expect(await withSchedule({ "conv\n": [] })).toBe('invalid-schedule: "conv\\n" is no name of a stage');
});

test("a tile that would run for ever over nothing is refused", async () => {
  const schedule = { conv: [{ do: "split", axis: "ox", by: 2 ** 33, into: ["a", "b"], tail: "guard" }] };
  expect(await refusal(() => compileWith({ schedule }))).toMatch(
    /^invalid-schedule: conv: split.* split by at most \d+$/,
  );
});

test("packed weights count as well", async () => {
  const spec: OpSpec = { ...SPEC, value: [1, 1, 1, 1], filters: [1, 1, 2 ** 31 - 2, 1] };
  const conv = [
    { do: "split", axis: "oc", by: 8, into: ["oco", "oci"], tail: "roundUp" },
    { do: "pack", buffer: "filters", layout: ["oco", "ky", "kx", "ic", "oci"] },
  ] as const;
  expect(await refusal(() => compileModule(spec, { target: JS, schedule: { conv } }))).toMatch(
    /^too-large: convFilters/,
  );
});
