/** A page that tunes a small kernel for every target, goes on with what it knows, and uses it. */
import { compile, interpret } from "tilewright";
import { compileModule } from "../../../src/codegen/compile.js";
import { targetOf } from "../../../src/codegen/target.js";
import { elementCount } from "../../../src/ir/shape.js";
import { printRecords, readRecords, type TuningRecord, useRecords } from "../../../src/tune/index.js";
import { type Measurement, makeRecord } from "../../../src/tune/record.js";
import { spaceOf } from "../../support/algorithms.js";
import { same, smallIntegers } from "../page/data.js";
import { post, tune, tuned, used } from "./report.js";
import { SMALL } from "./reports.js";

const TARGETS = ["wasm", "js", "webgpu"] as const;
type Target = (typeof TARGETS)[number];

const FAR_AHEAD = { samples: new Array(9).fill(1), baseline: new Array(9).fill(50), check: { error: 0, tolerance: 1 } };

/** A record like that one, but for this. */
function like(record: TuningRecord, changes: Partial<Measurement>): TuningRecord {
  const { format, version, id, ...measurement } = record;
  return makeRecord({ ...measurement, ...changes });
}

/** A record by which another point than the model's pick has won. */
function winner(model: TuningRecord, pick: string): { readonly record: TuningRecord; readonly schedule: string } {
  const target = targetOf(model.target);
  for (const { algorithm, knobs, plan } of spaceOf(model.spec, target, model.wanted)) {
    const { schedule } = compileModule(model.spec, { target, algorithm, schedule: plan().schedule });
    if (schedule === pick) continue;
    return { schedule, record: like(model, { ...FAR_AHEAD, outcome: "measured", algorithm, knobs }) };
  }
  throw new Error("there is no other point");
}

/** The kernel as it is compiled now. */
async function kernelFor(target: Target): Promise<{ readonly schedule: string; readonly isRight: boolean }> {
  const value = smallIntegers(elementCount(SMALL.value), 1);
  const filters = smallIntegers(elementCount(SMALL.filters), 2);
  const run = async (): Promise<readonly [schedule: string, result: Float32Array]> => {
    if (target === "webgpu") {
      const kernel = await compile(SMALL, { target });
      return [kernel.schedule, await kernel.run(value, await kernel.prepare(filters))];
    }
    const kernel = await compile(SMALL, { target });
    return [kernel.schedule, await kernel.run(value, kernel.prepare(filters))];
  };
  const [schedule, result] = await run();
  return { schedule, isRight: same(result, interpret(SMALL, value, filters)) };
}

async function use(target: Target, model: TuningRecord): Promise<void> {
  const before = await kernelFor(target);
  const { record, schedule: meant } = winner(model, before.schedule);
  const stale = like(record, { compiler: "0.0.1" });
  const altered = { ...record, id: "0".repeat(64) };
  const found = useRecords(`${printRecords([record, stale, altered])}{"half a li`);
  const after = await kernelFor(target);
  const isRight = before.isRight && after.isRight;
  used[target] = { found, before: before.schedule, meant, after: after.schedule, isRight };
}

/** As many records as "quick" wants to have. */
function plenty(model: TuningRecord): string {
  const records = [...spaceOf(model.spec, targetOf(model.target), model.wanted)]
    .slice(0, 12)
    .map(({ algorithm, knobs }, i) => like(model, { algorithm, knobs, code: `${i}`.padStart(64, "0") }));
  return printRecords(records);
}

await post(async () => {
  for (const target of TARGETS) {
    const first = await tune(SMALL, 2, { target, level: "balanced" });
    tuned[target] = first;
    tuned[`${target} again`] = await tune(SMALL, 1, { target, level: "balanced", records: first.records });
    const [record] = readRecords(first.records).records;
    if (!record) throw new Error(`no record for ${target}`);
    await use(target, record);
    tuned[`${target} done`] = await tune(SMALL, 1, { target, records: plenty(record) });
  }
  tuned["in time"] = await tune(SMALL, 1000, { target: "js", budget: 700 });
  tuned["in no time"] = await tune(SMALL, 1000, { budget: 0.001 });
});
