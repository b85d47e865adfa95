/** Data of checks: right results are off by nothing, wrong ones by more than they may, and Winograd's rounding by far less. */
import fc from "fast-check";
import { compileModule } from "tilewright/compiler";
import { describe, expect, test } from "vitest";
import { wasmTarget } from "../../src/codegen/target.js";
import { local, unary } from "../../src/ir/expr.js";
import { interpretProgram } from "../../src/ir/interpret.js";
import { programOf } from "../../src/ir/ops/index.js";
import { checkSpec, geometryOf, type OpSpec } from "../../src/ir/ops/spec.js";
import { elementCount, type Stage, SUM } from "../../src/ir/program.js";
import { checkAnySpec } from "../../src/specs/anySpec.js";
import { type CheckData, checkData, differenceOf, errorOf, largestDifference } from "../../src/tune/checkData.js";
import { timedKernel } from "../../src/tune/timedKernel.js";
import { winogradSizesOf, winogradTiles } from "../support/algorithms.js";
import { HAS_TIME, PAIRS, SEED } from "../support/effort.js";
import { DENSE, jsModuleOf, MATMUL, STAGES, wasmModuleOf } from "../support/namedPrograms.js";
import { activatedSpecs, resultOf } from "../support/tuning.js";

const dataFor = (spec: OpSpec): CheckData => checkData(programOf(spec));

const errorFor = (spec: OpSpec, data: CheckData, output: Float32Array): number =>
  errorOf(programOf(spec), data, new Map([["output", output]]));

function definitionOf(spec: OpSpec, { given }: CheckData): Float32Array {
  const output = interpretProgram(programOf(spec), given).get("output");
  return Float32Array.from(output as Float64Array);
}

const filtersOf = ({ given }: CheckData) => given.get("filters") as Float32Array;

const withFilters = (data: CheckData, filters: Float32Array): CheckData => ({
  ...data,
  given: new Map([...data.given, ["filters", filters]]),
});

/** The least difference between two sums. */
function stepOf(data: CheckData): number {
  return filtersOf(data).reduce((least, value) => (value === 0 ? least : Math.min(least, Math.abs(value))), Infinity);
}

/** Whose results on a grid are no longer on one. */
const isRounded = ({ activation }: OpSpec): boolean =>
  activation === "sigmoid" ||
  activation === "tanh" ||
  (typeof activation === "object" && activation.kind === "leakyRelu");

const isEmpty = (spec: OpSpec) =>
  elementCount(geometryOf(spec).outputShape) === 0 ||
  elementCount(spec.filters) === 0 ||
  elementCount(spec.value) === 0;

describe("the error of a result", () => {
  test("is 0 for right results, whatever the op and the activation", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(activatedSpecs, (spec) => {
        const data = dataFor(spec);
        seen.add(`${spec.op} ${JSON.stringify(spec.activation)}`);
        const error = errorFor(spec, data, definitionOf(spec, data));
        // Only what is stored is rounded, to 24 bits.
        if (isRounded(spec)) expect(error).toBeLessThan(2 ** -16);
        else expect(error).toBe(0);
        expect(error).toBeLessThanOrEqual(data.tolerance);
      }),
      { seed: SEED, numRuns: PAIRS },
    );
    if (HAS_TIME) expect(seen.size).toBeGreaterThan(14);
  });

  test("is more than may be for one element that is off by one step, in any channel that is checked", () => {
    fc.assert(
      fc.property(activatedSpecs, fc.nat(), fc.nat(2), fc.boolean(), (spec, at, which, isMore) => {
        fc.pre(!isEmpty(spec));
        const data = dataFor(spec);
        const output = definitionOf(spec, data);
        const { outputChannels } = geometryOf(spec);
        const channel = [0, Math.floor(outputChannels / 3), outputChannels - 1][which] as number;
        const places = output.length / outputChannels;
        const step = stepOf(data) * (spec.activation === undefined ? 1 : steepest(spec));
        fc.pre(Number.isFinite(step));
        output[(at % places) * outputChannels + channel] =
          (output[(at % places) * outputChannels + channel] as number) + (isMore ? step : -step);
        expect(errorFor(spec, data, output)).toBeGreaterThan(data.tolerance);
      }),
      { seed: SEED, numRuns: PAIRS },
    );
  });

  /** What becomes of a step where the activation is steepest. */
  const steepest = ({ activation }: OpSpec): number =>
    typeof activation === "object" && activation.kind === "leakyRelu" ? Math.max(1, Math.abs(activation.alpha)) : 1;

  test("is infinite where an element was not written", () => {
    fc.assert(
      fc.property(activatedSpecs, fc.nat(), (spec, at) => {
        fc.pre(elementCount(geometryOf(spec).outputShape) > 0);
        const data = dataFor(spec);
        const output = definitionOf(spec, data);
        const { outputChannels } = geometryOf(spec);
        output[(at % (output.length / outputChannels)) * outputChannels] = Number.NaN;
        expect(errorFor(spec, data, output)).toBe(Infinity);
        expect(errorFor(spec, data, new Float32Array(output.length).fill(Number.NaN))).toBe(Infinity);
        expect(errorFor(spec, data, output.slice(0, -1))).toBe(Infinity);
      }),
      { seed: SEED, numRuns: Math.ceil(PAIRS / 3) },
    );
  });

  test.each<OpSpec["activation"]>([
    undefined,
    "relu",
    "relu6",
    "sigmoid",
    "tanh",
    { kind: "leakyRelu", alpha: 0.1 },
    { kind: "leakyRelu", alpha: 8 },
    { kind: "clip", min: -1, max: 1 },
  ])(
    "is more than may be where one weight of a checked channel is wrong or missing, with activation %j",
    (activation) => {
      for (const op of ["conv2d", "atrousConv2dTranspose"] as const)
        for (const [inputs, rate] of [
          [1, 1],
          [3, 2],
          [16, 1],
        ] as const) {
          const sizes = op === "conv2d" ? ([inputs, 4] as const) : ([4, inputs] as const);
          const spec = checkSpec({
            ...{ op, value: [1, 9, 9, inputs], filters: [3, 3, ...sizes], rate, padding: "SAME" },
            ...(activation ? { activation } : {}),
          });
          const data = dataFor(spec);
          const step = stepOf(data);
          // Channel 0 of the last tap: it is the second to last index of one op and the last one of the other.
          const at = 8 * inputs * 4;
          for (const change of [step, -step]) {
            const filters = filtersOf(data).slice();
            filters[at] = (filters[at] as number) + change;
            const wrong = definitionOf(spec, withFilters(data, filters));
            expect(errorFor(spec, data, wrong), JSON.stringify(spec)).toBeGreaterThan(data.tolerance);
          }
        }
    },
  );
});

test("a definition that takes long is checked at some places, those at the ends of each dimension among them", () => {
  // One channel, of which all places once had to be interpreted: 4 * 10^8 terms.
  const spec = checkAnySpec({
    ...{ op: "conv2dTranspose", value: [1, 1, 50, 2048], filters: [1, 4096, 1, 2048], strides: [1, 1024] },
  });
  const program = programOf(spec);
  const data = checkData(program);
  const target = wasmTarget({ simd: "simd128", hoistsLoads: false, pairs: false, threads: false });
  const right = resultOf(compileModule(spec, { target }), data.given);
  const errorWith = (at: number): number => {
    const output = Float32Array.from(right);
    output[at] = (output[at] as number) + 1;
    return errorOf(program, data, new Map([["output", output]]));
  };
  expect(errorOf(program, data, new Map([["output", Float32Array.from(right)]]))).toBe(0);
  for (const at of [0, 1, right.length - 2, right.length - 1]) expect(errorWith(at)).toBe(1);
}, 120_000);

describe("programs with any number of tensors", () => {
  const all = Object.entries({ MATMUL, DENSE, STAGES });

  /** The output called `name`, with one element off by one step of the sums. */
  const withStep = (results: ReadonlyMap<string, Float64Array>, name: string, at: number, step: number) =>
    new Map(
      [...results].map(([key, array]) => [key, key === name ? array.with(at, (array[at] as number) + step) : array]),
    );

  test.each(all)("have data for each, and right results are off by nothing: %s", (_, program) => {
    const data = checkData(program);
    const given = program.buffers.filter(({ role }) => role !== "output");
    expect([...data.given.keys()]).toEqual(given.map(({ name }) => name));
    for (const { name, shape } of given) {
      const values = data.given.get(name) as Float32Array;
      expect(values.length).toBe(elementCount(shape));
      expect(new Set(values).size).toBeGreaterThan(2);
    }
    const results = interpretProgram(program, data.given);
    expect(errorOf(program, data, results)).toBe(0);
    expect(data.tolerance).toBeGreaterThan(0);
  });

  test.each(all)("one wrong element of any output is seen: %s", (_, program) => {
    const data = checkData(program);
    const results = interpretProgram(program, data.given);
    for (const { name, shape } of program.buffers.filter(({ role }) => role === "output")) {
      const last = shape.at(-1) as number;
      for (const place of [0, Math.floor(last / 3), last - 1]) {
        const wrong = withStep(results, name, last + place, 4 * data.tolerance);
        expect(errorOf(program, data, wrong)).toBeGreaterThan(data.tolerance);
        expect(largestDifference(wrong, results)).toBeGreaterThan(data.tolerance);
      }
      expect(errorOf(program, data, new Map([...results].filter(([key]) => key !== name)))).toBe(Infinity);
    }
  });

  test.each(all)("one wrong element of any input or weight is seen: %s", (_, program) => {
    const data = checkData(program);
    for (const [name, values] of data.given) {
      const steps = [...values].map(Math.abs).filter((value) => value > 0);
      const changed = new Map([...data.given, [name, values.with(0, (values[0] as number) + Math.min(...steps))]]);
      expect(errorOf(program, data, interpretProgram(program, changed)), name).toBeGreaterThan(data.tolerance);
    }
  });

  test.each(all)("modules are called with them, and give what the definition gives: %s", async (_, program) => {
    const data = checkData(program);
    for (const module of [jsModuleOf(program), wasmModuleOf(program, {}, { simd: "none" })]) {
      const loaded = await timedKernel(module, data, 1);
      const results = await (await loaded.place()).result();
      expect(errorOf(program, data, results), module.language).toBe(0);
      expect([...results.keys()].sort()).toEqual(
        program.buffers
          .filter(({ role }) => role === "output")
          .map(({ name }) => name)
          .sort(),
      );
      loaded.dispose();
    }
  });
});

test("a function of sums that is not defined for all of them leaves a tolerance all the same", () => {
  const [stage] = MATMUL.run;
  const program = { ...MATMUL, run: [{ ...(stage as Stage), finish: unary("log", local(SUM)) }] };
  const data = checkData(program);
  expect(data.tolerance).toBeGreaterThan(0);
  expect(data.tolerance).toBeLessThan(10);
  const results = interpretProgram(program, data.given);
  expect([...(results.get("c") as Float64Array)].some(Number.isNaN)).toBe(true);
  expect(errorOf(program, data, results)).toBe(0);
  expect(largestDifference(results, results)).toBe(0);
});

describe("a difference", () => {
  test("is 0 between what is the same", () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true, noDefaultInfinity: true })), (values) => {
        expect(differenceOf(Float32Array.from(values), Float32Array.from(values))).toBe(0);
      }),
      { seed: SEED, numRuns: PAIRS },
    );
  });

  test("is 0 between what is no number in both, or infinite in both", () => {
    expect(differenceOf([Number.NaN, -Infinity, 1], [Number.NaN, -Infinity, 2])).toBe(1);
    expect(differenceOf([Infinity], [-Infinity])).toBe(Infinity);
    expect(differenceOf([], [Number.NaN])).toBe(Infinity);
  });

  test("is the largest, of either sign", () => {
    expect(differenceOf([1, 2, 3], [1, 2.5, 3.25])).toBe(0.5);
    expect(differenceOf([1, 2, 3], [0, 2.5, 3.25])).toBe(1);
    expect(differenceOf([], [])).toBe(0);
  });

  test("is infinite where a number is missing, wherever that is", () => {
    for (const result of [
      [Number.NaN, 2, 3],
      [1, 2, Number.NaN],
      [Number.NaN, 9, 3],
      [9, Number.NaN, 3],
      [Infinity, 2, 3],
      [1, 2],
      [],
    ])
      expect(differenceOf(result, [1, 2, 3])).toBe(Infinity);
    expect(differenceOf([1, 2, 3], [1, Number.NaN, 3])).toBe(Infinity);
  });
});

describe("the tolerance", () => {
  const target = wasmTarget({ simd: "simd128", hoistsLoads: false, pairs: false, threads: false });

  /** As the suite has them, on fewer pixels. */
  const SUITE: readonly [string, Partial<OpSpec>][] = [
    ["256 channels at rate 2", { value: [1, 14, 14, 256], filters: [3, 3, 24, 256], rate: 2 }],
    ["filters of 5 by 5", { value: [1, 12, 12, 128], filters: [5, 5, 16, 128], rate: 2 }],
    ["one row", { value: [1, 1, 256, 64], filters: [1, 9, 16, 64], rate: 4 }],
    ["leakyRelu and a bias", { activation: { kind: "leakyRelu", alpha: 0.2 }, bias: true }],
    ["tanh", { activation: "tanh" }],
    ["sigmoid", { activation: "sigmoid", bias: true }],
  ];

  test.each(SUITE)("tells the rounding of every Winograd from a missing term: %s", (_, change) => {
    const spec = checkSpec({
      ...{ op: "atrousConv2dTranspose", value: [1, 14, 14, 64], filters: [3, 3, 16, 64], rate: 1, padding: "SAME" },
      ...change,
    });
    const data = dataFor(spec);
    const right = resultOf(compileModule(spec, { target }), data.given);
    expect(errorFor(spec, data, Float32Array.from(right))).toBeLessThanOrEqual(data.tolerance / 100);
    // What is missing is one weight that is not zero.
    const filters = filtersOf(data);
    const at = filters.findIndex((value, i) => i > filters.length / 2 && value !== 0);
    const without = withFilters(data, filters.with(at, 0));
    const all = winogradTiles(spec).filter((tile) => winogradSizesOf(spec, tile));
    // The largest, whose numbers grow most, the smallest, and some between.
    const tiles = all.filter((_, i) => i % Math.ceil(all.length / 3) === 0 || i === all.length - 1);
    expect(tiles.length).toBeGreaterThan(2);
    let most = 0;
    for (const tile of tiles) {
      const module = compileModule(spec, { target, algorithm: { kind: "winograd", tile } });
      const rounding = differenceOf(resultOf(module, data.given), right);
      most = Math.max(most, rounding);
      expect(rounding, `tile ${tile}`).toBeLessThan(data.tolerance / 2);
      expect(differenceOf(resultOf(module, without.given), right), `tile ${tile}`).toBeGreaterThan(data.tolerance);
    }
    console.log(`rounding is ${(most / data.tolerance).toPrecision(2)} of the tolerance at most`);
    expect(most).toBeGreaterThan(0);
  });
});
