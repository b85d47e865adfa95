/** Random spec of any length x random schedule x length: the kernel means the same after every pass. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { removedBy } from "../../src/codegen/lower.js";
import { type LoweredProgram, lowerProgram } from "../../src/codegen/lowerProgram.js";
import { printSchedule, type Schedule } from "../../src/codegen/schedule.js";
import { JS, type Target, wasmTarget } from "../../src/codegen/target.js";
import { programAt } from "../../src/ir/anyLength.js";
import { arrayOf, type TypedArray } from "../../src/ir/dtype.js";
import { TilewrightError } from "../../src/ir/errors.js";
import { interpretKernel } from "../../src/ir/interpretKernel.js";
import { definitionOf } from "../../src/ir/ops/index.js";
import { printKernel } from "../../src/ir/print.js";
import { elementCount, type Program } from "../../src/ir/program.js";
import type { LoopKernel } from "../../src/ir/stmt.js";
import { verify } from "../../src/ir/verify.js";
import { checkAnySpec } from "../../src/specs/anySpec.js";
import { type LengthCase, lengthCases } from "../support/anyLength.js";
import { ScheduleBuilder } from "../support/arbitraries.js";
import { PAIRS, SEED } from "../support/effort.js";
import { expectedOutput, firstDifference, givenFor, unlessRefused } from "../support/run.js";

const WASM = { simd: "relaxed", hoistsLoads: false, pairs: false, threads: false } as const;

const TARGETS: readonly (readonly [string, Target])[] = [
  ["scalar float64", JS],
  ["vectors of float32", wasmTarget(WASM)],
  ["scalar float32 in threads", wasmTarget({ ...WASM, simd: "none", threads: true })],
];

/** What is compiled for a spec; undefined if it has no meaning. */
function anyLengthOf({ spec }: LengthCase) {
  try {
    return definitionOf(checkAnySpec(spec)).anyLength;
  } catch (error) {
    if (error instanceof TilewrightError && error.code !== "internal") return undefined;
    throw error;
  }
}

/** The output of a call of so many units. Past the ends of its tensors there is nothing but NaN. */
function outputAt(kernels: readonly LoopKernel[], { buffers }: LoweredProgram, program: Program, units: number) {
  const alone = programAt(program, units);
  const given = givenFor(alone, 1);
  const arrays = new Map<string, TypedArray>();
  for (const { name, shape, dtype, values } of buffers) {
    const array = arrayOf(dtype, elementCount(shape)).fill(Number.NaN);
    array.set(values ?? given.get(name) ?? []);
    arrays.set(name, array);
  }
  for (const kernel of kernels) interpretKernel(kernel, arrays, units);
  const expected = expectedOutput(alone, given);
  const output = arrays.get("output") as Float32Array;
  expect(output.subarray(expected.length).every(Number.isNaN)).toBe(true);
  return firstDifference([...output.subarray(0, expected.length)], expected);
}

for (const [name, target] of TARGETS) {
  test(`every pass keeps the meaning: ${name}`, { timeout: 300_000 }, () => {
    let [fitting, open] = [0, 0];
    fc.assert(
      fc.property(lengthCases, fc.gen(), fc.nat(), (one, draw, choice) => {
        const anyLength = anyLengthOf(one);
        if (!anyLength) return;
        const { program, parameter } = anyLength;
        const schedule: Schedule = Object.fromEntries(
          program.run
            .filter(({ reduce }) => reduce.length > 0)
            .map((stage) => [stage.name, new ScheduleBuilder(draw, stage).build()]),
        );
        const roads = new Map<string, Map<string, LoopKernel>>();
        const lowered = unlessRefused(() =>
          lowerProgram(program, schedule, target, {
            watch: (pass, kernel) => {
              const road = roads.get(kernel.name) ?? new Map<string, LoopKernel>();
              roads.set(kernel.name, road.set(pass, kernel));
            },
          }),
        );
        if (!lowered) return;
        fitting++;
        const { min, max } = parameter;
        const lengths = new Set([min, min + (choice % (max - min + 1))]);
        let before = "";
        for (const pass of [...roads.values()][0]?.keys() ?? []) {
          const kernels = [...roads.values()].map((road) => road.get(pass) as LoopKernel);
          for (const kernel of kernels) verify(kernel, removedBy(pass));
          const text = kernels.map(printKernel).join("\n");
          if (text === before) continue;
          before = text;
          if (text.includes(" while ")) open++;
          for (const units of lengths) {
            const wrong = outputAt(kernels, lowered, program, units);
            if (!wrong) continue;
            const said = `${units} units after ${pass}: ${wrong}\n${JSON.stringify(one.spec)}`;
            throw new Error(`${said}\n${printSchedule(schedule)}\n${text}`);
          }
        }
      }),
      { seed: SEED, numRuns: PAIRS },
    );
    console.log(`${name}: ${fitting} of ${PAIRS} random schedules fitted, seed ${SEED}`);
    expect(fitting).toBeGreaterThan(PAIRS / 8);
    expect(open).toBeGreaterThan(PAIRS / 8);
  });
}
