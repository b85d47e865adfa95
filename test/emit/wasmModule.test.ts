/** Modules as a host gets them: their buffers, how much memory those take, and that a second opinion takes them all. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileModule } from "../../src/codegen/compile.js";
import type { Lowered } from "../../src/codegen/lower.js";
import { renderWasm } from "../../src/codegen/module/wasm.js";
import { printSchedule, type Schedule } from "../../src/codegen/schedule.js";
import type { WasmFeatures } from "../../src/codegen/target.js";
import type { TilewrightError } from "../../src/ir/errors.js";
import { number, type UnaryOp, unary } from "../../src/ir/expr.js";
import { aligned, byteLengthOf, layOut } from "../../src/ir/layout.js";
import { PAGE_BYTES, type WasmBuffer, type WasmModule, type WasmPart } from "../../src/ir/module.js";
import { programOf } from "../../src/ir/ops/index.js";
import type { OpSpec } from "../../src/ir/ops/spec.js";
import type { Stage } from "../../src/ir/program.js";
import { ScheduleBuilder, specs } from "../support/arbitraries.js";
import { specWith } from "../support/calls.js";
import { PAIRS, SEED } from "../support/effort.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { alloc, at, buffer, kernel, store, when } from "../support/kernels.js";
import { unlessRefused } from "../support/run.js";
import { accumulate, cache, conv, pack, reorder } from "../support/schedules.js";
import { machine, textOf } from "../support/wasm.js";

const compile = (spec: OpSpec, schedule?: Schedule, features: Partial<WasmFeatures> = {}): WasmModule =>
  compileModule(spec, { target: machine(features), ...(schedule ? { schedule } : {}) }) as WasmModule;

const partsOf = ({ prepare, run }: WasmModule): WasmPart[] => (prepare ? [prepare, run] : [run]);

describe("memory", () => {
  const SPECS: Readonly<Record<string, Partial<OpSpec>>> = {
    tiny: {},
    "with a bias": { bias: true, filters: [3, 3, 5, 2] },
    "beyond a page": { value: [2, 40, 40, 16], filters: [3, 3, 24, 16], rate: 2 },
    "many pages": { value: [1, 33, 33, 256], filters: [3, 3, 64, 256], rate: 6 },
    "an output larger than the input": { value: [1, 9, 9, 4], filters: [3, 3, 4, 4], rate: 20, padding: "VALID" },
    empty: { value: [0, 4, 5, 2] },
    "without input channels": { value: [1, 4, 5, 0], filters: [3, 3, 3, 0] },
  };

  test.each(Object.entries(SPECS))("%s: buffers side by side, in any memory", (_, change) => {
    for (const { buffers, code } of partsOf(compile(specWith(change)))) {
      const { offsets, bytes } = layOut(buffers);
      const offsetOf = ({ name }: WasmBuffer) => offsets.get(name) as number;
      let end = 0;
      for (const one of buffers.toSorted((a, b) => offsetOf(a) - offsetOf(b) || byteLengthOf(a) - byteLengthOf(b))) {
        expect(offsetOf(one), one.name).toBe(end);
        end += aligned(byteLengthOf(one));
      }
      expect(bytes).toBe(end);
      expect(textOf(code)).toContain("(memory $env.memory 0)");
    }
  });

  test("every buffer has a parameter in each function that uses it", () => {
    for (const { buffers, entries } of partsOf(compile(specWith({ bias: true })))) {
      const names = new Set(buffers.map(({ name }) => name));
      for (const entry of entries) for (const name of entry.buffers) expect(names).toContain(name);
      expect(new Set(entries.flatMap((entry) => entry.buffers))).toEqual(names);
    }
  });

  test("the image may lie as low as its padding allows, everything else anywhere", () => {
    const padded = compile(specWith({ value: [1, 9, 9, 4], filters: [3, 3, 4, 4], rate: 2 })).run;
    for (const { name, least } of padded.buffers) {
      // Two rows and two pixels of padding, at most.
      if (name === "value") expect(least).toBeLessThanOrEqual(4 * 4 * (2 * 9 + 2));
      else expect(least, name).toBe(0);
    }
    const [output, image] = [buffer("out", [4], "output"), buffer("x", [4], "input")];
    expect(layOut([{ ...image, least: 1000 }]).least).toBe(1000);
    expect(
      layOut([
        { ...image, least: 1000 },
        { ...output, least: 0 },
      ]).least,
    ).toBe(1000 - 64);
    expect(
      layOut([
        { ...image, least: 60 },
        { ...output, least: 0 },
      ]).least,
    ).toBe(0);
  });

  test("what stays comes first, the input last", () => {
    const { run } = compile(specWith({ bias: true }), conv(accumulate("ky"), pack("ky kx ic oc"), reorder("ky oy")));
    expect([...layOut(run.buffers).offsets.keys()]).toMatchInlineSnapshot(`
      [
        "bias",
        "convFilters",
        "output",
        "convPartial",
        "value",
      ]
    `);
  });

  test("scratch of one kernel has a place", () => {
    const cached = conv(cache("value", "oy"));
    const [plain, with_] = [compile(specWith({}), {}), compile(specWith({}), cached)];
    const ends = [plain, with_].map(({ run }) => layOut(run.buffers).offsets.get("value") as number);
    // Three rows of 5 x 2 elements, of which the image has at most three at rate 1.
    expect((ends[1] as number) - (ends[0] as number)).toBe(aligned(4 * 3 * 7 * 2));
  });

  test("one name that two branches allocate has one place", () => {
    const branch = alloc("t", [40], "local", [store("t", ["0"], number(1)), store("out", ["0"], number(1))]);
    const body = [when(["0"], [branch], [branch])];
    const tiny = kernel([buffer("out", [4], "output"), buffer("x", [4], "input")], body, "f32");
    const { buffers } = renderWasm("tiny", [tiny as Lowered], false);
    expect([...layOut(buffers).offsets]).toEqual([
      ["out", 0],
      ["t", 64],
      ["x", 64 + aligned(160)],
    ]);
  });

  test("several kernels share their buffers", () => {
    const out = buffer("out", [4], "output");
    const one = kernel([out], [store("out", ["0"], number(1))], "f32");
    const two = { ...kernel([out], [store("out", ["4"], number(2))], "f32"), name: "second" };
    const part = renderWasm("both", [one, two] as Lowered[], false);
    expect(part.buffers.length).toBe(1);
    expect(part.entries.map(({ name }) => name)).toEqual(["tiny", "second"]);
    expect(textOf(part.code)).toContain('(export "second")');
  });

  test("prepare has a memory of its own, without the image", () => {
    const { prepare, run } = compile(specWith({}), conv(pack("ky kx ic oc")));
    expect(prepare?.buffers.map(({ name }) => name)).toEqual(["filters", "convFilters"]);
    expect(run.buffers.map(({ name }) => name)).toEqual(["value", "output", "convFilters"]);
    expect(compile(specWith({}), {}).prepare).toBeNull();
  });

  test("more than signed addresses reach is refused, with the bytes", () => {
    const side = 2 ** 14;
    const refused = (change: Partial<OpSpec>) =>
      thrownBy(() => compile(specWith({ filters: [1, 1, 1, 1], ...change }), {}));
    const error = refused({ value: [1, side, side, 1] }) as TilewrightError;
    const bytes = 2 * 4 * side * side + 64;
    expect(errorOf(error)).toBe(
      `too-large: atrousConv2dTranspose needs ${bytes} bytes of memory; a WebAssembly kernel addresses ${2 ** 31 - PAGE_BYTES}. Split the batch or the image`,
    );
    expect(error.bytes).toBe(bytes);
    // One page less than half of all addresses is the most there is.
    const most = (Math.floor((2 ** 31 - PAGE_BYTES - 64) / 2 / 64) * 64) / 4;
    const { run } = compile(specWith({ filters: [1, 1, 1, 1], value: [1, 1, most, 1] }), {});
    expect(Math.ceil(layOut(run.buffers).bytes / PAGE_BYTES)).toBe(2 ** 15 - 1);
    expect(errorOf(refused({ value: [1, 1, most + 16, 1] }))).toContain("too-large");
  });

  test("packed weights that are too large are told of as well", () => {
    const filters = [1, 1, 2 ** 14, 2 ** 14] as const;
    const attempt = () => compile(specWith({ value: [1, 1, 1, 2 ** 14], filters }), conv(pack("ky kx ic oc")));
    expect(errorOf(thrownBy(attempt))).toMatch(/^too-large: .*\(prepare\) needs 2147483648 bytes/);
  });
});

test("a module imports the functions that it calls, and the two that modules always have", () => {
  const buffers = [buffer("x", [4], "input"), buffer("out", [4], "output")];
  const part = (...ops: readonly UnaryOp[]) => {
    const values = ops.map((op) => unary(op, at("x", "4")));
    const body = values.map((value, i) => store("out", [String(4 * i)], value));
    return renderWasm("tiny", [{ ...kernel(buffers, body, "f32"), addressing: "bytes" } as Lowered], false);
  };
  const importsOf = (...ops: readonly UnaryOp[]) => textOf(part(...ops).code).match(/(?<=import "env" ")\w+/g);
  expect(importsOf("abs")).toEqual(["memory", "exp", "tanh"]);
  expect(importsOf("cos", "exp")).toEqual(["memory", "exp", "tanh", "cos"]);
  expect(importsOf("sin", "cos", "log", "sin")).toEqual(["memory", "exp", "tanh", "log", "sin", "cos"]);
  // The pass that writes it out has not run.
  expect(errorOf(thrownBy(() => part("erf")))).toBe("internal: tilewright bug: the module imports no erf");
});

test("random specs and schedules: a second opinion takes every module", () => {
  const features = fc.record({
    simd: fc.constantFrom("none" as const, "simd128" as const, "relaxed" as const),
    hoistsLoads: fc.boolean(),
    pairs: fc.boolean(),
    threads: fc.boolean(),
  });
  let fitting = 0;
  fc.assert(
    fc.property(specs, fc.gen(), fc.boolean(), features, (spec, draw, own, features) => {
      const schedule = { conv: new ScheduleBuilder(draw, programOf(spec).run[0] as Stage).build() };
      const module = unlessRefused(() => compile(spec, own ? schedule : undefined, features));
      if (!module) return;
      fitting++;
      for (const part of partsOf(module)) {
        try {
          textOf(part.code);
        } catch (error) {
          throw new Error(`${error}\n${JSON.stringify({ spec, features })}\n${own ? printSchedule(schedule) : ""}`);
        }
      }
    }),
    { seed: SEED, numRuns: PAIRS },
  );
  expect(fitting).toBeGreaterThan(PAIRS / 2);
});

test("the same input gives the same bytes", () => {
  const spec = specWith({ bias: true, rate: 2 });
  expect(compile({ ...spec }, undefined, { threads: true })).toEqual(compile(spec, undefined, { threads: true }));
});
