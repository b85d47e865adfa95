/** Kernels of programs, with any number of inputs, weights and outputs, which calls name. */
import { loadKernel } from "tilewright/runtime";
import { describe, expect, test } from "vitest";
import type { Schedule } from "../../src/codegen/schedule.js";
import type { BufferRole, Program } from "../../src/ir/program.js";
import { loadProgram } from "../../src/runtime/host/plain.js";
import { wasmFeatures } from "../../src/runtime/host/wasmFeatures.js";
import { Kernel } from "../../src/runtime/kernel.js";
import { errorOf, rejectionOf, thrownBy } from "../support/errors.js";
import {
  DENSE,
  DENSE_PACKED,
  definitionOf,
  factsOf,
  jsModuleOf,
  MATMUL,
  STAGES,
  STAGES_SHARED,
  wasmModuleOf,
} from "../support/namedPrograms.js";
import { FEATURES, needs } from "../support/needs.js";
import { givenFor } from "../support/run.js";

const LEVELS = ["none", "simd128", "relaxed"] as const;

type Load = (program: Program, schedule?: Schedule) => Promise<Kernel>;

const WAYS: readonly (readonly [title: string, load: Load, runsHere: boolean])[] = [
  ["plain", async (program) => new Kernel(loadProgram(program, factsOf(program))), true],
  ["js", (program, schedule) => loadKernel(jsModuleOf(program, schedule)), true],
  ...LEVELS.map((simd): (typeof WAYS)[number] => [
    `wasm ${simd}`,
    (program, schedule = {}) => loadKernel(wasmModuleOf(program, schedule, { simd })),
    LEVELS.indexOf(simd) <= LEVELS.indexOf(wasmFeatures().simd),
  ]),
  [
    "wasm in threads",
    (program, schedule = {}) => loadKernel(wasmModuleOf(program, schedule, { threads: true }), { threads: 2 }),
    wasmFeatures().simd !== "none",
  ],
];

const dataOf = (program: Program, seed = 1) =>
  Object.fromEntries(givenFor(program, seed)) as Record<string, Float32Array>;
const pick = <T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> =>
  Object.fromEntries(names.map((name) => [name, all[name] as T]));
/** The product of matrices, with buffers of other names and roles. */
function renamed(names: Readonly<Record<string, string>>, roles: Readonly<Record<string, BufferRole>> = {}): Program {
  const rename = (key: string, value: unknown) =>
    key === "name" || key === "buffer" ? (names[value as string] ?? value) : value;
  const program = JSON.parse(JSON.stringify(MATMUL, rename)) as Program;
  return { ...program, buffers: program.buffers.map((one) => ({ ...one, role: roles[one.name] ?? one.role })) };
}

const refusal = (attempt: () => unknown): string => errorOf(thrownBy(attempt));

for (const [title, load, runsHere] of WAYS) {
  describe(title, needs({ [FEATURES]: runsHere }), () => {
    test("two inputs and no weights", async () => {
      const kernel = await load(MATMUL);
      const { a, b } = dataOf(MATMUL) as { a: Float32Array; b: Float32Array };
      const expected = definitionOf(MATMUL, { a, b });
      expect(await kernel.run({ a, b })).toEqual(expected);
      expect(kernel.runSync({ b, a }, kernel.prepare())).toEqual(expected);
      expect(kernel.runSync({ a, b }, kernel.prepare({}))).toEqual(expected);
      expect([kernel.inputNames, kernel.weightNames, kernel.outputNames]).toEqual([["a", "b"], [], ["c"]]);
      expect(kernel.outputShape).toEqual([5, 6]);
    });

    test("weights by name and in their order, whatever the module declares first", async () => {
      const kernel = await load(DENSE, title === "plain" ? {} : DENSE_PACKED);
      const data = dataOf(DENSE);
      const expected = definitionOf(DENSE, data);
      expect(kernel.weightNames).toEqual(["bias", "matrix"]);
      const { bias, matrix } = data as { bias: Float32Array; matrix: Float32Array };
      const inputs = pick(data, ["a", "b"]);
      const others = kernel.prepare({ matrix: matrix.map((x) => -x), bias });
      for (const weights of [kernel.prepare({ matrix, bias }), kernel.prepare(bias, matrix)]) {
        expect(await kernel.run(inputs, weights)).toEqual(expected);
        expect(kernel.runSync(inputs, others)).not.toEqual(expected);
        expect(kernel.runSync(inputs, weights)).toEqual(expected);
      }
    });

    describe("two outputs", () => {
      const setUp = async () => {
        const kernel = await load(STAGES, title.includes("threads") ? STAGES_SHARED : {});
        const data = dataOf(STAGES);
        const inputs = pick(data, ["early", "late"]);
        const weights = kernel.prepare(pick(data, ["earlyWeights", "lateWeights"]));
        return { kernel, data, inputs, weights, expected: definitionOf(STAGES, data) };
      };

      test("come by name", async () => {
        const { kernel, inputs, weights, expected } = await setUp();
        for (let i = 0; i < 3; i++) expect(await kernel.run(inputs, weights)).toEqual(expected);
        expect(kernel.runSync(inputs, weights)).toEqual(expected);
        expect(kernel.inputNames).toEqual(["late", "early"]);
        expect(kernel.weightNames).toEqual(["lateWeights", "earlyWeights"]);
        expect(kernel.outputNames).toEqual(["total", "half"]);
      });

      test("go where the caller says, and the others are fresh", async () => {
        const { kernel, inputs, weights, expected } = await setUp();
        const half = new Float32Array(36).fill(Number.NaN);
        const result = await kernel.run(inputs, weights, { half });
        expect(result).toEqual(expected);
        expect(result.half).toBe(half);
        expect(result.total).not.toBe(kernel.outputs.total);
        const total = { shape: [6, 6], data: new Float32Array(36) };
        expect(kernel.runSync(inputs, weights, { total }).total).toBe(total);
        expect(total.data).toEqual(expected.total);
      });

      test("are tensors if an input is one", async () => {
        const { kernel, inputs, weights, expected } = await setUp();
        const early = { shape: [6, 6], data: inputs.early as Float32Array };
        const result = await kernel.run({ early, late: inputs.late as Float32Array }, weights);
        expect(result).toEqual({
          half: { shape: [6, 6], data: expected.half },
          total: { shape: [6, 6], data: expected.total },
        });
      });

      test("in the kernel's own memory", async () => {
        const { kernel, inputs, weights, expected } = await setUp();
        for (const name of kernel.inputNames) kernel.inputs[name]?.set(inputs[name] as Float32Array);
        const result = await kernel.run(kernel.inputs, weights, kernel.outputs);
        expect(result.half).toBe(kernel.outputs.half);
        expect(kernel.outputs).toEqual(expected);
        expect(kernel.inputs).toEqual(inputs);
      });

      test("and with memory that is handed in the other way round", async () => {
        const { kernel, inputs, weights, expected } = await setUp();
        const { early, late } = kernel.inputs as Record<string, Float32Array>;
        const { half, total } = kernel.outputs as Record<string, Float32Array>;
        const crossed = () => {
          early?.set(inputs.late as Float32Array);
          late?.set(inputs.early as Float32Array);
          return { early: late as Float32Array, late: early as Float32Array };
        };
        expect(kernel.runSync(crossed(), weights)).toEqual(expected);
        kernel.runSync(crossed(), weights, { half: total as Float32Array, total: half as Float32Array });
        expect([half, total]).toEqual([expected.total, expected.half]);
        // One of them in the place of the other, which goes elsewhere.
        const elsewhere = new Float32Array(36);
        kernel.runSync(crossed(), weights, { half: total as Float32Array, total: elsewhere });
        expect([elsewhere, total]).toEqual([expected.total, expected.half]);
        early?.set(inputs.early as Float32Array);
        expect(kernel.runSync({ early: early as Float32Array, late: inputs.late as Float32Array }, weights)).toEqual(
          expected,
        );
        late?.set(inputs.early as Float32Array);
        expect(kernel.runSync({ early: late as Float32Array, late: inputs.late as Float32Array }, weights)).toEqual(
          expected,
        );
      });

      test("weights go their own way again and again", async () => {
        const { kernel, data, inputs, weights, expected } = await setUp();
        const doubled = kernel.prepare({
          earlyWeights: (data.earlyWeights as Float32Array).map((x) => 2 * x),
          lateWeights: (data.lateWeights as Float32Array).map((x) => 2 * x),
        });
        for (let i = 0; i < 3; i++) {
          expect((await kernel.run(inputs, doubled)).total).toEqual(expected.total?.map((x) => 2 * x));
          expect((await kernel.run(inputs, weights)).total).toEqual(expected.total);
        }
      });

      /** Each is refused before anything is written, in both ways to call. */
      const REFUSED: readonly (readonly [
        string,
        (memory: Float32Array) => readonly [inputs: unknown, outputs?: unknown],
        string,
      ])[] = [
        [
          "a missing input",
          () => [{ early: new Float32Array(36) }],
          "late must be a Float32Array or a tensor { shape, data } of one with shape [6, 6]; got undefined",
        ],
        [
          "a misspelt input",
          () => [{ early: new Float32Array(36), latte: new Float32Array(36) }],
          'there is no input "latte"; its inputs are late, early; did you mean late?',
        ],
        [
          "an output that there is not",
          () => [ok(), { output: new Float32Array(36) }],
          'there is no output "output"; its outputs are total, half',
        ],
        ["a wrong length", () => [{ ...ok(), late: new Float32Array(35) }], "late [6, 6] needs 36 elements; got 35"],
        [
          "a wrong shape",
          () => [{ ...ok(), late: { shape: [4, 9], data: new Float32Array(36) } }],
          "late must have shape [6, 6]; got [4,9]",
        ],
        [
          "an output of a wrong shape",
          () => [ok(), { half: { shape: [4, 9], data: new Float32Array(36) } }],
          "half must have shape [6, 6]; got [4,9]",
        ],
        [
          "an input alone",
          () => [new Float32Array(36)],
          "the inputs of this kernel go by name; its inputs are late, early",
        ],
        ["nothing", () => [undefined], "the inputs of this kernel go by name; its inputs are late, early"],
        [
          "an output alone",
          () => [ok(), new Float32Array(36)],
          "the outputs go by name, too; its outputs are total, half",
        ],
        [
          "an output in an input",
          (memory) => [{ ...ok(), early: memory.subarray(0, 36) }, { half: memory.subarray(35, 71) }],
          "half shares memory with early, which it would overwrite; use two buffers",
        ],
        [
          "an output in another",
          (memory) => [ok(), { total: memory.subarray(0, 36), half: memory.subarray(35, 71) }],
          "half shares memory with total, which it would overwrite; use two buffers",
        ],
      ];
      const ok = () => ({ early: new Float32Array(36), late: new Float32Array(36) });

      test.each(REFUSED)("refuses %s", async (_, make, message) => {
        const { kernel, weights } = await setUp();
        const memory = new Float32Array(99).fill(7);
        kernel.inputs.early?.fill(3);
        const [inputs, outputs] = make(memory) as [Record<string, Float32Array>, Record<string, Float32Array>];
        const expected = `invalid-argument: ${message}`;
        expect(refusal(() => kernel.runSync(inputs, weights, outputs))).toBe(expected);
        expect(errorOf(await rejectionOf(kernel.run(inputs, weights, outputs)))).toBe(expected);
        expect(new Set(memory)).toEqual(new Set([7]));
        expect(new Set(kernel.inputs.early)).toEqual(new Set([3]));
      });

      test("refuses weights that do not fit", async () => {
        const { kernel, inputs, data } = await setUp();
        const { lateWeights, earlyWeights } = data as Record<string, Float32Array>;
        const cases: readonly (readonly [() => unknown, string])[] = [
          [
            () => kernel.prepare({ lateWeights: lateWeights as Float32Array }),
            "earlyWeights must be a Float32Array or a tensor { shape, data } of one with shape [6, 6]; got undefined",
          ],
          [
            () => kernel.prepare({ ...data }),
            'there is no weight "late"; its weights are lateWeights, earlyWeights; late is an input, give it to run',
          ],
          [
            () => kernel.prepare(lateWeights as Float32Array, earlyWeights, earlyWeights),
            "there are too many weights; its weights are lateWeights, earlyWeights",
          ],
          [
            () => kernel.prepare(),
            "lateWeights must be a Float32Array or a tensor { shape, data } of one with shape [6, 6]; got undefined",
          ],
          [
            () => kernel.runSync(inputs),
            "weights must come from prepare() of this very kernel object, " +
              "as in run({ late, early }, kernel.prepare({ lateWeights, earlyWeights }))",
          ],
        ];
        for (const [attempt, message] of cases) expect(refusal(attempt)).toBe(`invalid-argument: ${message}`);
      });

      test("leave no place for what there is one of", async () => {
        const { kernel } = await setUp();
        const inputs = "invalid-argument: the inputs of this kernel go by name; its inputs are late, early";
        const outputs = "invalid-argument: the outputs of this kernel go by name; its outputs are total, half";
        expect(refusal(() => kernel.value)).toBe(inputs);
        expect(refusal(() => kernel.output)).toBe(outputs);
        expect(refusal(() => kernel.outputShape)).toBe(outputs);
        expect(refusal(() => kernel.spec)).toBe("invalid-argument: this kernel comes from a program and has no spec");
      });

      test("are explained by their shapes", async () => {
        const { kernel } = await setUp();
        expect(kernel.explain()).toMatch(
          /^total 6x6, half 6x6 of late 6x6, .*, earlyWeights 6x6\ntier .*\nalgorithm direct\nschedule /,
        );
      });
    });

    test("weights of a kernel that has none", async () => {
      const [kernel, other] = [await load(MATMUL), await load(MATMUL)];
      const { a, b } = dataOf(MATMUL) as { a: Float32Array; b: Float32Array };
      expect(refusal(() => kernel.runSync({ a, b }, other.prepare()))).toBe(
        "invalid-argument: this kernel has no weights; leave them out",
      );
      expect(refusal(() => kernel.prepare(a))).toBe(
        "invalid-argument: there are too many weights; its weights are none",
      );
      kernel.dispose();
      expect(refusal(() => kernel.runSync({ a, b }))).toMatch(/^disposed: /);
      expect(refusal(() => kernel.inputs)).toMatch(/^disposed: /);
    });

    test("arguments called shape and data", async () => {
      const program = renamed({ a: "data", b: "shape" });
      const kernel = await load(program);
      const data = dataOf(program) as { data: Float32Array; shape: Float32Array };
      expect(kernel.inputNames).toEqual(["data", "shape"]);
      expect(kernel.runSync(data)).toEqual(definitionOf(program, data));
    });
  });
}

test("one input called data is given by name or as an array, and not as a tensor", async () => {
  const only = (name: string) => renamed({ a: name }, { b: "weights" });
  const kernel = await loadKernel(jsModuleOf(only("data")));
  const { data, b } = dataOf(only("data")) as { data: Float32Array; b: Float32Array };
  const weights = kernel.prepare(b);
  const { c } = definitionOf(only("data"), { data, b });
  expect(kernel.runSync({ data }, weights)).toEqual({ c });
  expect(kernel.runSync(data, weights)).toEqual(c);
  expect(refusal(() => kernel.runSync({ shape: [5, 7], data } as never, weights))).toBe(
    'invalid-argument: there is no input "shape"; its inputs are data',
  );
  const other = await loadKernel(jsModuleOf(only("shape")));
  expect(other.runSync({ shape: data }, other.prepare(b))).toEqual({ c });
  expect(other.runSync({ shape: [5, 7], data }, other.prepare(b))).toEqual({ shape: [5, 6], data: c });
});

test("loadKernel refuses options of others", async () => {
  const module = jsModuleOf(MATMUL);
  expect(errorOf(await rejectionOf(loadKernel(module, { device: {} } as never)))).toMatch(/^invalid-argument: /);
  expect(errorOf(await rejectionOf(loadKernel(module, { threads: 0 })))).toBe(
    "invalid-argument: threads must be an integer from 1 to 256; got 0",
  );
});
