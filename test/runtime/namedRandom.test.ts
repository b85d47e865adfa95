/**
 * Random programs with any number of tensors in any order, called in whatever memory: each host gives what the
 * definition gives.
 */
import fc from "fast-check";
import { loadKernel } from "tilewright/runtime";
import { expect, test } from "vitest";
import { local, multiply, plus } from "../../src/ir/expr.js";
import type { BufferDecl, Program, Stage } from "../../src/ir/program.js";
import { SUM } from "../../src/ir/program.js";
import { loadProgram } from "../../src/runtime/host/plain.js";
import { wasmFeatures } from "../../src/runtime/host/wasmFeatures.js";
import { Kernel } from "../../src/runtime/kernel.js";
import { PAIRS, SEED } from "../support/effort.js";
import { at, buffer } from "../support/kernels.js";
import { definitionOf, factsOf, jsModuleOf, wasmModuleOf } from "../support/namedPrograms.js";
import { programWith, stageOf } from "../support/programs.js";
import { smallIntegers } from "../support/run.js";

const SIZE = 4;
const COUNT = SIZE * SIZE;
const SHAPE = [SIZE, SIZE];
const LEVEL = wasmFeatures().simd === "none" ? "none" : "simd128";

type Arrays = Record<string, Float32Array>;

/** Each output is the product of two tensors, plus perhaps an output before it. */
const programs: fc.Arbitrary<Program> = fc
  .record({
    inputs: fc.integer({ min: 1, max: 3 }),
    weights: fc.integer({ min: 0, max: 3 }),
    outputs: fc.integer({ min: 1, max: 3 }),
    factors: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { minLength: 3, maxLength: 3 }),
    order: fc.infiniteStream(fc.nat()),
  })
  .map(({ inputs, weights, outputs, factors, order }) => {
    const all = (role: "input" | "weights" | "output", count: number): BufferDecl[] =>
      Array.from({ length: count }, (_, i) => buffer(`${role}${i}`, SHAPE, role));
    const given = [...all("input", inputs), ...all("weights", weights)];
    const nameOf = (place: number) => given[place % given.length]?.name as string;
    const run = all("output", outputs).map(({ name }, i): Stage => {
      const [a = 0, b = 0, isChained] = factors[i] ?? [];
      return stageOf(`stage${i}`, {
        space: `y<${SIZE} x<${SIZE}`,
        reduce: `k<${SIZE}`,
        term: multiply(at(nameOf(a), "y", "k"), at(nameOf(b), "k", "x")),
        ...(isChained && i > 0 ? { finish: plus(local(SUM), at(`output${i - 1}`, "x", "y")) } : {}),
        to: [name, "y", "x"],
      });
    });
    const keyed = [...given, ...all("output", outputs)].map((one) => ({ one, key: order.next().value as number }));
    const buffers = keyed.sort((a, b) => a.key - b.key).map(({ one }) => one);
    // What no stage reads is no tensor of the kernel.
    const text = JSON.stringify(run);
    return programWith(
      buffers.filter(({ name }) => text.includes(`"${name}"`)),
      run,
    );
  });

/** Small, so that sums of sums are exact. */
const dataOf = (names: readonly string[], seed: number): Arrays =>
  Object.fromEntries(names.map((name, i) => [name, smallIntegers(COUNT, seed + i)]));

/** Memory for tensors of these names: of the tensor itself, of another one, or of nobody, by draws. */
function memoryFor(own: Arrays, draws: readonly number[]): Arrays {
  const free = Object.values(own);
  const entries = Object.keys(own).map((name, i): [string, Float32Array] => {
    const draw = draws[i] ?? 0;
    const taken = draw % 3 === 0 ? undefined : free.splice(draw % free.length, 1)[0];
    return [name, taken ?? new Float32Array(COUNT)];
  });
  return Object.fromEntries(entries);
}

const HOSTS: readonly (readonly [string, (program: Program) => Promise<Kernel>])[] = [
  ["plain", async (program) => new Kernel(loadProgram(program, factsOf(program)))],
  ["js", (program) => loadKernel(jsModuleOf(program))],
  ["wasm", (program) => loadKernel(wasmModuleOf(program, {}, { simd: LEVEL }))],
];

test.each(HOSTS)("%s", async (_, load) => {
  const calls = fc.array(fc.tuple(fc.nat(50), fc.array(fc.nat(20), { minLength: 6, maxLength: 6 }), fc.nat(1)), {
    minLength: 3,
    maxLength: 5,
  });
  await fc.assert(
    fc.asyncProperty(programs, calls, async (program, calls) => {
      const kernel = await load(program);
      const ofRole = (role: string) => program.buffers.filter((one) => one.role === role).map(({ name }) => name);
      expect(kernel.inputNames).toEqual(ofRole("input"));
      expect(kernel.weightNames).toEqual(ofRole("weights"));
      expect(kernel.outputNames).toEqual(ofRole("output"));
      const sets = [1000, 2000].map((seed) => dataOf(kernel.weightNames, seed));
      const prepared = [
        kernel.prepare(sets[0] as Arrays),
        kernel.weightNames.length > 0
          ? kernel.prepare(...(Object.values(sets[1] as Arrays) as [Float32Array]))
          : undefined,
      ];
      for (const [seed, draws, set] of calls) {
        const data = dataOf(kernel.inputNames, seed);
        const inputs = memoryFor(kernel.inputs, draws);
        for (const [name, array] of Object.entries(inputs)) array.set(data[name] as Float32Array);
        const outputs = memoryFor(kernel.outputs, draws.toReversed());
        const result = await kernel.run(inputs, prepared[set], outputs);
        const expected = definitionOf(program, { ...data, ...sets[set] });
        expect(result).toEqual(expected);
        for (const [name, array] of Object.entries(outputs)) expect(result[name]).toBe(array);
        expect(kernel.runSync(data, prepared[set])).toEqual(expected);
      }
      kernel.dispose();
    }),
    { seed: SEED, numRuns: PAIRS },
  );
  console.log(`${PAIRS} random programs, seed ${SEED}`);
});
