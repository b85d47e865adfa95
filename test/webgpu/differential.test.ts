/** Random spec x random launch: what the GPU gives is what the definition gives, bit for bit on small integers. */
import fc from "fast-check";
import { compile, interpret } from "tilewright";
import { expect, test } from "vitest";
import { compileModule } from "../../src/codegen/compile.js";
import { DEFAULT_LIMITS, wgslTarget } from "../../src/codegen/target.js";
import type { WgslModule } from "../../src/ir/module.js";
import { elementCount } from "../../src/ir/program.js";
import { type Algorithm, DIRECT, programWith } from "../support/algorithms.js";
import { specs } from "../support/arbitraries.js";
import { PAIRS, SEED } from "../support/effort.js";
import { gpuSchedule } from "../support/gpuSchedules.js";
import { firstDifference, smallIntegers, unlessRefused } from "../support/run.js";
import { gpuDevice, validate } from "../support/webgpu.js";

const device = await gpuDevice();
const TARGET = wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" });
/** More than 200 of them fit. */
const COUNT = 2 * PAIRS;
/**
 * Loops and branches. SwiftShader's compiler was never done with some kernels of 47 and more, took all memory, and cannot be stopped from
 * here; kernels of 18 take it a tenth of a second. One in a hundred of the random ones is longer.
 */
const MOST_BRANCHES = 24;

const branchesOf = ({ prepare, run }: WgslModule): number =>
  [...prepare, ...run].reduce((sum, { code }) => sum + (code.match(/ (if|for) \(/g) ?? []).length, 0);

test(`random launches ${device ? "equal the definition" : "are valid (not run)"}`, async () => {
  let [fitting, long] = [0, 0];
  await fc.assert(
    fc.asyncProperty(specs, fc.gen(), fc.integer({ min: 1, max: 3 }), fc.boolean(), async (spec, draw, parts, own) => {
      const channels = spec.value[3];
      const algorithm: Algorithm = parts > 1 && parts <= channels ? { kind: "direct", parts } : DIRECT;
      const schedule = own ? gpuSchedule(programWith(spec, algorithm), draw) : undefined;
      const options = { algorithm, ...(schedule ? { schedule } : {}) };
      const module = unlessRefused(() => compileModule(spec, { target: TARGET, ...options }));
      if (!module) return;
      fitting++;
      expect(await validate(module)).toEqual([]);
      if (!device) return;
      if (branchesOf(module) > MOST_BRANCHES) return void long++;
      const kernel = await compile(spec, { target: "webgpu", device, ...options });
      const value = smallIntegers(elementCount(spec.value), 1);
      const filters = smallIntegers(elementCount(spec.filters), 2);
      const bias = spec.bias ? smallIntegers(kernel.outputShape[3], 3) : undefined;
      const weights = await kernel.prepare(filters, bias);
      const actual = await kernel.run(value, weights);
      const wrong = firstDifference([...actual], [...interpret(spec, value, filters, bias)]);
      const said = kernel.schedule;
      kernel.dispose();
      if (wrong) throw new Error(`${wrong}\n${JSON.stringify(spec)}\n${said}`);
    }),
    { seed: SEED, numRuns: COUNT },
  );
  const ran = device ? `${fitting - long} ran and ${long} were` : "all were";
  console.log(`webgpu: ${fitting} of ${COUNT} pairs fitted, ${ran} validated only, seed ${SEED}`);
  expect(fitting - long).toBeGreaterThan((COUNT * 5) / 7);
}, 300_000);
