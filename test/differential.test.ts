/** Random spec x random schedule: compiled kernels give what the definition gives, bit for bit on small integers. */
import fc from "fast-check";
import { compile, interpret } from "tilewright";
import { expect, test, vi } from "vitest";
import { printSchedule } from "../src/codegen/schedule.js";
import { TilewrightError } from "../src/ir/errors.js";
import { programOf } from "../src/ir/ops/index.js";
import { elementCount, type Stage } from "../src/ir/program.js";
import { ScheduleBuilder, specs } from "./support/arbitraries.js";
import { PAIRS, SEED } from "./support/effort.js";
import { FEATURES, needs } from "./support/needs.js";
import { firstDifference, smallIntegers } from "./support/run.js";
import { PAIRED, WAYS } from "./support/ways.js";

for (const { title, options, runsHere } of [...WAYS, PAIRED]) {
  test(`${title} equals the definition`, needs({ [FEATURES]: runsHere }), async () => {
    // A kernel that steps back from what was asked for says so in a warning.
    const warn = vi.spyOn(process, "emitWarning");
    let fitting = 0;
    await fc.assert(
      fc.asyncProperty(specs, fc.gen(), fc.boolean(), async (spec, draw, own) => {
        const conv = new ScheduleBuilder(draw, programOf(spec).run[0] as Stage).build();
        const schedule = own && options.target !== "plain" ? { conv } : undefined;
        const kernel = await compile(spec, { ...options, ...(schedule ? { schedule } : {}) }).catch(
          (error: unknown) => {
            if (schedule && error instanceof TilewrightError && error.code === "invalid-schedule") return undefined;
            throw error;
          },
        );
        if (!kernel) return;
        fitting++;
        const value = smallIntegers(elementCount(spec.value), 1);
        const filters = smallIntegers(elementCount(spec.filters), 2);
        const bias = spec.bias ? smallIntegers(kernel.outputShape[3] as number, 3) : undefined;
        const expected = interpret(spec, value, filters, bias);
        // Memory that nobody writes must show: an instance's own begins as zeros.
        new Float32Array(kernel.value.buffer).fill(Number.NaN);
        const weights = kernel.prepare(filters, bias);
        const out = new Float32Array(elementCount(kernel.outputShape)).fill(Number.NaN);
        for (const actual of [await kernel.run(value, weights, out), kernel.runSync(value, weights)]) {
          const wrong = firstDifference([...actual], [...expected]);
          if (wrong)
            throw new Error(
              `${wrong}\n${JSON.stringify(spec)}\n${schedule ? printSchedule(schedule) : kernel.schedule}`,
            );
        }
      }),
      { seed: SEED, numRuns: PAIRS },
    );
    console.log(`${title}: ${fitting} of ${PAIRS} pairs ran, seed ${SEED}`);
    expect(fitting).toBeGreaterThan(PAIRS / 2);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });
}
