/** Builds with tuning records: the fastest of them are built, for the variants they are for, and nothing else of them matters. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { build } from "../../src/build/build.js";
import { FEATURES } from "../../src/build/tuning.js";
import { printSchedule } from "../../src/codegen/schedule.js";
import { targetOf } from "../../src/codegen/target.js";
import { checkSpec } from "../../src/ir/ops/spec.js";
import { type Measurement, printRecord, type TuningRecord } from "../../src/tune/record.js";
import { type Candidate, chooseAlgorithm, spaceOf } from "../support/algorithms.js";
import { recordWith } from "../support/tuning.js";
import { filesIn, folderWith, refusalOf, tiny } from "./support.js";

const spec = checkSpec(tiny());
const wanted = { accuracy: "exact", algorithm: "auto" } as const;
const VARIANT = "wasm-relaxed";
const target = targetOf(FEATURES[VARIANT]);

/** A point that the model does not pick. */
const pick = chooseAlgorithm(spec, target, wanted);
const rowOf = ({ plan }: Pick<Candidate, "plan">) => printSchedule(plan().schedule);
const other = [...spaceOf(spec, target, wanted)].find((point) => rowOf(point) !== rowOf(pick)) as Candidate;

/** One and a half times as fast as the pick. */
function recordOf(change: Partial<Measurement> = {}): TuningRecord {
  const { algorithm, knobs } = other;
  const times = { samples: [2, 2, 2, 2, 2], baseline: [3, 3, 3, 3, 3] };
  return recordWith({ ...{ spec, wanted, target: FEATURES[VARIANT], algorithm, knobs }, ...times, ...change });
}

const NAME = "tilewright.tuning.jsonl";
const folder = (records: readonly TuningRecord[], tuning?: readonly string[]) =>
  folderWith(
    { targets: ["js", "wasm"], kernels: { head: tiny() }, ...(tuning ? { tuning } : {}) },
    { [tuning?.[0] ?? NAME]: records.map((record) => `${printRecord(record)}\n`).join("") },
  );

const schedulesOf = async (cwd: string) =>
  Object.fromEntries(
    (await build({ cwd })).kernels.flatMap(({ modules }) =>
      modules.map(({ variant, schedule, isTuned }) => [variant, isTuned ? schedule : "the model's"]),
    ),
  );

const UNTUNED = { js: "the model's", "wasm-relaxed": "the model's", "wasm-simd128": "the model's" };

describe("a build with records", () => {
  test("takes the schedule that is fastest, for the variant that it was measured for", async () => {
    expect(await schedulesOf(folder([recordOf()]))).toEqual({ ...UNTUNED, [VARIANT]: rowOf(other) });
    expect(await schedulesOf(folder([recordOf()], ["tuned.jsonl"]))).toEqual({ ...UNTUNED, [VARIANT]: rowOf(other) });
  });

  test.each<[string, Partial<Measurement>]>([
    ["could be a tie", { baseline: [3, 3, 1.9, 3, 3] }],
    ["was measured in too few rounds", { samples: [2, 2, 2], baseline: [3, 3, 3] }],
    ["is another version's", { compiler: "0.0.9" }],
    ["is of a schedule that this compiler does not make", { knobs: { ...other.knobs, pixels: 99 } }],
    ["is of an algorithm that was not asked for", { algorithm: { kind: "winograd", tile: [2, 2] } }],
    ["is another spec's", { spec: checkSpec(tiny({ rate: 3 })) }],
    ["is for another accuracy", { wanted: { accuracy: "fast", algorithm: "auto" } }],
    ["failed", { outcome: "hung", samples: [], baseline: [], check: null }],
  ])("takes the model's pick where what is recorded %s", async (_, change) => {
    expect(await schedulesOf(folder([recordOf(change)]))).toEqual(UNTUNED);
  });

  test("passes over lines that are none", async () => {
    const cwd = folder([recordOf()]);
    const text = readFileSync(join(cwd, NAME), "utf8");
    writeFileSync(
      join(cwd, NAME),
      `junk\n${text.slice(0, 99)}\n{"__proto__": 1}\n${text}${text.replace("2,2", "1,1")}`,
    );
    expect(await schedulesOf(cwd)).toEqual({ ...UNTUNED, [VARIANT]: rowOf(other) });
  });

  test("makes other files of other records, and none of the same", async () => {
    const cwd = folder([]);
    await build({ cwd });
    const before = filesIn(join(cwd, "generated"));
    writeFileSync(join(cwd, NAME), `${printRecord(recordOf())}\n`);
    expect((await build({ cwd })).written).toEqual([`head/${VARIANT}.js`]);
    expect((await build({ cwd })).written).toEqual([]);
    writeFileSync(join(cwd, NAME), "");
    await build({ cwd });
    expect(filesIn(join(cwd, "generated"))).toEqual(before);
  });

  test("adds files for a kind of device that needs others, and takes them away again", async () => {
    const FIREFOX = { machine: { engine: "Firefox 145", processor: "", threads: 1 } };
    const cwd = folder([recordOf({ ...FIREFOX })]);
    await build({ cwd });
    const before = filesIn(join(cwd, "generated"));
    // Most of what is known says that the model's pick is better.
    const { samples, baseline } = { samples: new Array(60).fill(3), baseline: new Array(60).fill(2) };
    const records = [recordOf({ ...FIREFOX }), recordOf({ samples, baseline })];
    writeFileSync(join(cwd, NAME), records.map((record) => `${printRecord(record)}\n`).join(""));
    const { written, kernels } = await build({ cwd });
    const file = `head/${VARIANT}-spidermonkey`;
    expect(written.toSorted()).toEqual(
      [`head/${VARIANT}.js`, "head/index.js", `${file}.js`, `${file}.d.ts`].toSorted(),
    );
    expect(kernels[0]?.modules.at(-1)).toMatchObject({ variant: VARIANT, kind: "spidermonkey", isTuned: true });
    const after = filesIn(join(cwd, "generated"));
    expect(after[`${file}.js`]).toBe(before[`head/${VARIANT}.js`]);
    expect(after["head/index.js"]).toContain(
      `}, { spidermonkey: { "${VARIANT}": () => import("./${VARIANT}-spidermonkey.js") } });`,
    );
    writeFileSync(join(cwd, NAME), `${printRecord(recordOf({ ...FIREFOX }))}\n`);
    expect((await build({ cwd })).removed.toSorted()).toEqual([`${file}.d.ts`, `${file}.js`]);
    expect(filesIn(join(cwd, "generated"))).toEqual(before);
  });

  test("refuses to go without a file that the configuration names", async () => {
    const cwd = folderWith({ kernels: { head: tiny() }, tuning: ["lost.jsonl"] });
    expect(await refusalOf(() => build({ cwd }))).toBe(
      'there is no lost.jsonl, which "tuning" names; run tilewright tune, or leave it out',
    );
  });
});
