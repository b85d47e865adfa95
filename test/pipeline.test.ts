/** Random spec x random schedule: the kernel means the same before the first pass and after every one. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { removedBy } from "../src/codegen/lower.js";
import { printSchedule } from "../src/codegen/schedule.js";
import { DEFAULT_LIMITS, JS, type Target, wasmTarget, wgslTarget } from "../src/codegen/target.js";
import { programOf } from "../src/ir/ops/index.js";
import { printKernel } from "../src/ir/print.js";
import type { Stage } from "../src/ir/program.js";
import type { LoopKernel } from "../src/ir/stmt.js";
import { verify } from "../src/ir/verify.js";
import { lowerFor } from "./support/algorithms.js";
import { ScheduleBuilder, specs } from "./support/arbitraries.js";
import { PAIRS, SEED } from "./support/effort.js";
import { expectedOutput, firstDifference, givenFor, runKernels, unlessRefused } from "./support/run.js";

const WASM = { simd: "relaxed", hoistsLoads: false, pairs: false, threads: false } as const;

const TARGETS: readonly (readonly [string, Target])[] = [
  ["scalar float64", JS],
  ["vectors of float32", wasmTarget(WASM)],
  ["scalar float32 in threads", wasmTarget({ ...WASM, simd: "none", threads: true })],
  ["workgroups of float32", wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" })],
];

for (const [name, target] of TARGETS) {
  test(`every pass keeps the meaning: ${name}`, () => {
    let fitting = 0;
    fc.assert(
      fc.property(specs, fc.gen(), (spec, draw) => {
        const program = programOf(spec);
        const launches = target.workgroups !== null;
        const schedule = { conv: new ScheduleBuilder(draw, program.run[0] as Stage, launches).build() };
        const roads = new Map<string, Map<string, LoopKernel>>();
        const lowered = unlessRefused(() =>
          lowerFor(program, schedule, target, (pass, kernel) => {
            const road = roads.get(kernel.name) ?? new Map<string, LoopKernel>();
            roads.set(kernel.name, road.set(pass, kernel));
          }),
        );
        if (!lowered) return;
        fitting++;
        const given = givenFor(program, 1);
        const expected = expectedOutput(program, given);
        let before = "";
        for (const pass of roads.get("conv")?.keys() ?? []) {
          const kernels = [...roads.values()].map((road) => road.get(pass) as LoopKernel);
          for (const kernel of kernels) verify(kernel, removedBy(pass));
          const text = kernels.map(printKernel).join("\n");
          if (text === before) continue;
          before = text;
          const wrong = firstDifference(runKernels(kernels, lowered.buffers, given), expected);
          if (wrong)
            throw new Error(`after ${pass}: ${wrong}\n${JSON.stringify(spec)}\n${printSchedule(schedule)}\n${text}`);
        }
      }),
      { seed: SEED, numRuns: PAIRS },
    );
    console.log(`${name}: ${fitting} of ${PAIRS} random schedules fitted, seed ${SEED}`);
    expect(fitting).toBeGreaterThan(PAIRS / 3);
  });
}
