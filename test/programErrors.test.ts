/** Programs from anybody: each name reaches code, so none may be more than a name, and every mistake is a sentence. */
import fc from "fast-check";
import {
  compileProgram,
  DEFAULT_LIMITS,
  type Directive,
  JS,
  type Program,
  type Target,
  wgslTarget,
} from "tilewright/compiler";
import { loadKernel } from "tilewright/runtime";
import { describe, expect, test } from "vitest";
import { checkProgram } from "../src/codegen/checkProgram.js";
import { affine, variable } from "../src/ir/affine.js";
import { TilewrightError } from "../src/ir/errors.js";
import { binary, type Expr, load, local, number, select } from "../src/ir/expr.js";
import { interpretProgram } from "../src/ir/interpret.js";
import { SUM } from "../src/ir/program.js";
import { SEED } from "./support/effort.js";
import { errorOf, thrownBy } from "./support/errors.js";
import { at } from "./support/kernels.js";
import { IN_THREADS, programWith, stageOf } from "./support/programs.js";
import { smallIntegers } from "./support/run.js";
import { validate } from "./support/webgpu.js";

const WGSL = wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" });

interface Names {
  readonly program: string;
  readonly input: string;
  readonly output: string;
  readonly stage: string;
  readonly row: string;
  readonly term: string;
}

const NAMES: Names = { program: "own", input: "x", output: "y", stage: "scale", row: "i", term: "k" };

/** Sums over a tile of an input, large enough that loops, bases and packs are made. */
const programOf = ({ program, input, output, stage, row, term }: Names): Program => ({
  name: program,
  buffers: [
    { name: input, shape: [8, 12], dtype: "f32", role: "input" },
    { name: output, shape: [8], dtype: "f32", role: "output" },
  ],
  prepare: [],
  run: [
    {
      name: stage,
      space: [{ name: row, extent: 8 }],
      reduce: [{ name: term, extent: 12 }],
      domain: [],
      term: load(input, [variable(row), variable(term)]),
      finish: local(SUM),
      output: { buffer: output, at: [variable(row)] },
    },
  ],
});

const refusal = (change: object, target: Target = JS): string =>
  errorOf(thrownBy(() => compileProgram({ ...programOf(NAMES), ...change } as Program, { target })));

/** Words that code has for itself, names that the compiler makes, and text that would leave its place. */
const HOSTILE = [
  "x = (globalThis.hit = 1), z",
  "s() {}, t",
  "a-b",
  "",
  " ",
  "é",
  "x\u0000",
  "x".repeat(100_000),
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "class",
  "await",
  "arguments",
  "eval",
  "Math",
  "Float32Array",
  "NaN",
  "Infinity",
  "min",
  "fma",
  "array",
  "f32",
  "select",
  "workgroupId",
  "firstWorkgroup",
  "invocationId",
  "stored",
  "acc",
  "at0",
  "at1",
  "step0",
  "offset0",
  "live0",
  "shared0",
  "constant0",
  "scaleX",
  "xCache",
  "scalePartial",
  "scaleKernel",
  "iBase",
  "ic1",
  "launchpoint",
  "sum",
  "own",
];

describe("names", () => {
  const name = fc.oneof(fc.constantFrom(...HOSTILE), fc.string(), fc.constantFrom(...Object.values(NAMES)));

  test("are refused, or the kernel is right", { timeout: 120_000 }, async () => {
    let compiled = 0;
    await fc.assert(
      fc.asyncProperty(fc.record(Object.fromEntries(Object.keys(NAMES).map((key) => [key, name]))), async (drawn) => {
        for (const only of Object.keys(NAMES)) {
          const names: Names = { ...NAMES, [only]: drawn[only as keyof Names] };
          for (const target of [JS, IN_THREADS, WGSL]) {
            try {
              const module = compileProgram(programOf(names), { target });
              if (module.language === "wgsl") {
                expect(await validate(module), JSON.stringify(names)).toEqual([]);
                continue;
              }
              compiled++;
              const x = smallIntegers(96, 1);
              const expected = interpretProgram(programOf(names), new Map([[names.input, x]])).get(names.output);
              const kernel = await loadKernel(module);
              const given = kernel.runSync({ [names.input]: x })[names.output] as Float32Array;
              expect([...given], JSON.stringify(names)).toEqual([...(expected ?? [])]);
              kernel.dispose();
            } catch (error) {
              if (!(error instanceof TilewrightError) || error.code === "internal") throw error;
              expect(error.message.length).toBeLessThan(1000);
            }
          }
        }
      }),
      { seed: SEED, numRuns: 40 },
    );
    expect(compiled).toBeGreaterThan(40);
    expect(globalThis).not.toHaveProperty("hit");
  });

  test("say what a name is", () => {
    expect(refusal({ name: "a name" })).toMatchInlineSnapshot(
      `"invalid-argument: the name of a program is at most 64 letters and digits, a letter first; got "a name""`,
    );
    expect(
      errorOf(thrownBy(() => compileProgram(programOf({ ...NAMES, row: "I" }), { target: JS }))),
    ).toMatchInlineSnapshot(
      `"invalid-argument: the name of an axis of scale is at most 16 small letters and digits; got "I""`,
    );
  });
});

describe("mistakes", () => {
  const stage = programOf(NAMES).run[0] as Program["run"][number];
  const deep = Array.from({ length: 12 }).reduce<Expr>((sum) => binary("add", sum, sum), number(1));
  const circle = { kind: "unary", op: "abs", lanes: 1 } as Record<string, unknown>;
  circle.x = circle;
  const chosen = select("less", local(SUM), number(0), number(1), number(2));
  const CASES: readonly (readonly [string, object])[] = [
    ["no stages", { run: [] }],
    ["no list of stages", { run: stage }],
    ["an unknown role", { buffers: [{ name: "x", shape: [8, 12], dtype: "f32", role: "magic" }] }],
    ["another type", { buffers: [{ name: "x", shape: [8, 12], dtype: "f64", role: "input" }] }],
    ["half an element", { buffers: [{ name: "x", shape: [8, 1.5], dtype: "f32", role: "input" }] }],
    ["a buffer too large", { buffers: [{ name: "x", shape: [2 ** 20, 2 ** 20], dtype: "f32", role: "input" }] }],
    ["values that are missing", { buffers: [{ name: "x", shape: [2], dtype: "f32", role: "constant", values: [1] }] }],
    [
      "an axis that is called as what every object has",
      { run: [{ ...stage, space: [...stage.space, { name: "constructor", extent: 2 }] }] },
    ],
    ["two stages of one name", { run: [stage, stage] }],
    ["a buffer that there is not", { run: [{ ...stage, term: load("z", []) }] }],
    ["too few subscripts", { run: [{ ...stage, term: load("x", [variable("i")]) }] }],
    ["a subscript over no axis", { run: [{ ...stage, term: load("x", [variable("i"), variable("q")]) }] }],
    ["a subscript that is no integer", { run: [{ ...stage, term: load("x", [variable("i"), affine(0.5)]) }] }],
    ["the sum in a term", { run: [{ ...stage, term: local(SUM) }] }],
    ["a term's axis after the sum", { run: [{ ...stage, finish: load("x", [variable("i"), variable("k")]) }] }],
    ["vectors", { run: [{ ...stage, finish: number(1, 4) }] }],
    ["no number", { run: [{ ...stage, finish: number(Number.NaN) }] }],
    ["an expression in a circle", { run: [{ ...stage, finish: circle }] }],
    ["an expression that doubles and doubles", { run: [{ ...stage, finish: deep }] }],
    ["an unknown function", { run: [{ ...stage, finish: { kind: "unary", op: "tan", x: local(SUM), lanes: 1 } }] }],
    ["an unknown comparison", { run: [{ ...stage, finish: { ...chosen, op: "greater" } }] }],
    ["a choice without its other branch", { run: [{ ...stage, finish: { ...chosen, otherwise: undefined } }] }],
    ["a choice between vectors", { run: [{ ...stage, finish: { ...chosen, b: number(1, 4) } }] }],
    ["an input that is written", { run: [{ ...stage, output: { buffer: "x", at: [variable("i"), affine(0)] } }] }],
  ];
  test.each(CASES)("%s", (_, change) => {
    const message = refusal(change);
    expect(message).toMatch(/^(invalid-argument|too-large): /);
    expect(message.length).toBeLessThan(400);
  });

  test("a subscript that leaves its buffer", () => {
    const run = [stageOf("scale", { space: "i<8", term: load("x", [variable("i"), affine(12)]), to: ["y", "i"] })];
    expect(refusal(programWith(programOf(NAMES).buffers, run))).toMatch(/x\[i, 12\] leaves 0\.\.11 in dimension 1/);
  });

  test("a subscript that leaves its buffer, whatever a schedule makes of it", () => {
    const reads = stageOf("scale", { space: "i<8", reduce: "k<13", term: at("x", "i", "k"), to: ["y", "i"] });
    const pack: Directive = { do: "pack", buffer: "x", layout: ["i", "k"] };
    const compiling = () =>
      compileProgram(programWith(programOf(NAMES).buffers, [reads]), { target: JS, schedule: { scale: [pack] } });
    expect(errorOf(thrownBy(compiling))).toBe(
      "invalid-argument: scale: x[i, k] leaves 0..11 in dimension 1, where k is 12; " +
        "keep such points out by a guard, or make the buffer larger",
    );
  });

  test("a result that lies outside its buffer", () => {
    const run = [stageOf("scale", { space: "i<9", term: number(1), to: ["y", "i"] })];
    expect(refusal(programWith(programOf(NAMES).buffers, run))).toMatch(
      /y\[i\] leaves 0\.\.7 in dimension 0, where i is 8/,
    );
  });

  test("but none that no multiple of a guard keeps inside, where trying all points tells", () => {
    const reads = (most: string) =>
      programWith(programOf(NAMES).buffers, [
        stageOf("scale", {
          space: "i<8",
          reduce: "k<12",
          domain: ["3*k - 1", most],
          term: at("x", "i", "2*k - 1"),
          to: ["y", "i"],
        }),
      ]);
    expect(() => checkProgram(reads("-3*k + 20"))).not.toThrow();
    expect(() => checkProgram(reads("-3*k + 23"))).toThrow(/leaves 0\.\.11 in dimension 1, where k is 7;/);
  });
});
