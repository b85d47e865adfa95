/** `tilewright records`, `report` and `tune --level estimate`: what they say of a file, and what they refuse. */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { targetOf } from "../src/codegen/target.js";
import type { OpSpec } from "../src/ir/ops/spec.js";
import { specRow } from "../src/ir/ops/specRow.js";
import type { ReportData, ShapeReport } from "../src/report/data.js";
import { triedOf } from "../src/report/measures.js";
import { wasmFeatures } from "../src/runtime/host/wasmFeatures.js";
import { type Measurement, printRecord, type TuningRecord } from "../src/tune/record.js";
import { readRecords } from "../src/tune/records.js";
import { type Candidate, chooseAlgorithm, spaceOf } from "./support/algorithms.js";
import { tilewright } from "./support/commands.js";
import { newFolder } from "./support/folder.js";
import { MACHINE, recordOf, SPEC } from "./support/tuning.js";

/** What this engine offers, as `records explain` assumes. */
const target = { language: "wasm", ...wasmFeatures(), pairs: false, threads: false } as const;
const wanted = { accuracy: "exact", algorithm: "auto" } as const;
const pick = chooseAlgorithm(SPEC, targetOf(target), wanted);
const others = [...spaceOf(SPEC, targetOf(target), wanted)].filter(
  ({ knobs }) => JSON.stringify(knobs) !== JSON.stringify(pick.knobs),
);

/** Of another point than the pick, so many times as fast. */
function fasterBy(gain: number, place: number, change: Partial<Measurement> = {}): TuningRecord {
  const { algorithm, knobs } = others[place] as Candidate;
  return recordOf([gain, gain, gain + 0.01, gain, gain], { target, algorithm, knobs, ...change });
}

const RECORDS = [
  fasterBy(1.5, 0),
  fasterBy(1.2, 1, { date: "2026-02-02T00:00:00.000Z" }),
  fasterBy(0.7, 2),
  fasterBy(9, 3, { compiler: "0.0.1" }),
  fasterBy(1, 4, { outcome: "hung", samples: [], baseline: [], check: null }),
];

let folder: string;
beforeAll(() => {
  folder = newFolder();
});

function fileOf(name: string, records: readonly TuningRecord[]): string {
  const path = join(folder, name);
  writeFileSync(path, records.map((record) => `${printRecord(record)}\n`).join(""));
  return path;
}

const idsIn = (path: string) => readRecords(readFileSync(path, "utf8")).records.map(({ id }) => id);

describe("tilewright records", () => {
  test("shows as much of specs as a terminal has room for, and all of them to a pipe", async () => {
    const path = fileOf("wide.jsonl", RECORDS);
    const lines = async (columns: number | undefined) => {
      const screen = { hasColours: false, columns };
      return (await tilewright(["records", "list", path], "", screen)).out.trimEnd().split("\n");
    };
    const whole = await lines(undefined);
    const width = Math.max(...whole.map((line) => line.length));
    const spec = specRow(SPEC);
    expect(spec.length).toBeGreaterThan(40);
    expect(whole[1]?.startsWith(spec)).toBe(true);
    expect(await lines(width)).toEqual(whole);
    const cut = await lines(width - 5);
    expect(Math.max(...cut.map((line) => line.length))).toBe(width - 5);
    expect(cut[1]?.startsWith(`${spec.slice(0, spec.length - 8)}...  wasm`)).toBe(true);
    expect((await lines(20))[1]?.startsWith(`${spec.slice(0, 29)}...  wasm`)).toBe(true);
  });

  test("and a report count the same schedules as tune does: those beside the model's pick", async () => {
    const path = fileOf("count.jsonl", [fasterBy(1.5, 0), fasterBy(1.2, 1), fasterBy(0.7, 2)]);
    const { shapes } = JSON.parse((await tilewright(["report", "--json", "--records", path])).out) as ReportData;
    expect(triedOf(shapes[0] as ShapeReport)).toEqual({ measured: 3, all: 3 });
  });

  test("lists kernels, and what is fastest", async () => {
    const path = fileOf("list.jsonl", RECORDS);
    const { code, out } = await tilewright(["records", "list", path]);
    expect(code).toBe(0);
    expect(out).toMatch(/conv2d 1x8x8x8 .* wasm, exact .* 5 \(1 stale\) .*1\.50x/s);
    const { kernels } = JSON.parse((await tilewright(["records", "list", path, "--json"])).out);
    expect(kernels).toMatchObject([{ records: 5, stale: 1, failed: 1, best: { gain: { median: 1.5 } } }]);
    expect(out).not.toContain("left out");
    appendFileSync(path, "torn");
    expect((await tilewright(["records", "list", path])).out).toMatch(
      /\n5 records; left out: 1 line no JSON, or half a line\n$/,
    );
  });

  test("merges files, whatever their order", async () => {
    const [a, b] = [fileOf("a.jsonl", RECORDS.slice(0, 3)), fileOf("b.jsonl", RECORDS.slice(2))];
    appendFileSync(b, "torn");
    const outputs = [];
    for (const files of [
      [a, b],
      [b, a],
      [a, b, a],
    ]) {
      const out = join(folder, "merged.jsonl");
      const { out: said } = await tilewright(["records", "merge", ...files, "--out", out]);
      expect(said).toMatch(/^5 records in .*; left out: 1 line no JSON, or half a line\n$/);
      outputs.push(readFileSync(out, "utf8"));
    }
    expect(new Set(outputs).size).toBe(1);
    expect(idsIn(join(folder, "merged.jsonl")).sort()).toEqual(RECORDS.map(({ id }) => id).sort());
  });

  test("prunes to what is fresh and fast, and keeps what must not be tried again", async () => {
    const path = fileOf("prune.jsonl", RECORDS);
    await tilewright(["records", "prune", path, "--keep", "1"]);
    expect(idsIn(path).sort()).toEqual([RECORDS[0], RECORDS[4]].map((record) => record?.id).sort());
  });

  test("verifies: lines that are torn or altered, and schedules that nobody makes, are not good", async () => {
    const good = fileOf("good.jsonl", RECORDS);
    expect(await tilewright(["records", "verify", good])).toMatchObject({ code: 0, err: "" });
    const unknown = fileOf("unknown.jsonl", [fasterBy(2, 0, { knobs: { pixels: 77 } })]);
    const { code, out, err } = await tilewright(["records", "verify", unknown]);
    expect([code, out]).toEqual([1, expect.stringContaining("1 of schedules that this compiler does not make")]);
    expect(err).toBe("tilewright: not all records are good; tilewright records prune keeps those that are\n");
    const altered = join(folder, "altered.jsonl");
    writeFileSync(altered, readFileSync(good, "utf8").replace("1.5", "2.5"));
    expect((await tilewright(["records", "verify", altered])).out).toContain("1 line altered since it was written");
  });

  test("verifies a thousand records of one kernel by one look at its space", async () => {
    const many = Array.from({ length: 1000 }, (_, i) => fasterBy(1 + i / 1000, i % 3));
    expect((await tilewright(["records", "verify", fileOf("many.jsonl", many)])).out).toBe(
      "1,000 records: 1000 measured\n",
    );
  });

  test("verifies records of a kernel that the compiler refuses: nobody makes their schedules", async () => {
    const wide = { ...SPEC, filters: [5, 3, 8, 8] as const };
    const refused = { spec: wide, wanted: { accuracy: "fast", algorithm: "winograd" } } as const;
    const path = fileOf("refused.jsonl", [fasterBy(2, 0), fasterBy(2, 0, refused)]);
    const { code, out } = await tilewright(["records", "verify", path]);
    expect([code, out]).toEqual([1, "2 records: 2 measured\n1 of schedules that this compiler does not make\n"]);
  });

  test("explains why a spec gets its schedule", async () => {
    const path = fileOf("explain.jsonl", RECORDS);
    const { out } = await tilewright(["records", "explain", JSON.stringify(SPEC), "--records", path]);
    expect(out).toMatch(
      /tuned: direct, .*\n {2}1\.500x .* as fast as the model's pick, in 5 rounds\n {2}measured 2026/,
    );
    expect(out).toMatch(/runner-up: .*\n {2}1\.200x .*the margin is 25\.0 %\n/);
    expect(out).toContain("5 records, 1 of other versions, 1 of schedules that failed");
    const tie = fileOf("tie.jsonl", [recordOf([1.1, 0.9, 1, 1, 1], { target, knobs: others[0]?.knobs ?? {} })]);
    const { out: tied } = await tilewright(["records", "explain", JSON.stringify(SPEC), "--records", tie]);
    expect(tied).toContain("untuned: nothing is faster than the model's pick for sure");
    const stale = fileOf("stale.jsonl", [RECORDS[3] as TuningRecord]);
    const { out: old } = await tilewright(["records", "explain", JSON.stringify(SPEC), "--records", stale]);
    expect(old).toContain("untuned: all records are of other versions of the compiler");
  });

  test.each([
    [["records", "lost"], "records takes one of list, merge, prune, verify, explain"],
    [["records", "list", "no-such.jsonl"], "there is no file no-such.jsonl"],
    [["records", "merge"], "merge takes the files"],
    [["records", "prune"], "prune takes one file"],
    [["records", "explain"], "explain takes one spec"],
    [["report", "--records", "no-such.jsonl"], "there is no file no-such.jsonl"],
    [["report", "--bench", "package.json"], "is no result of npm run bench"],
    [["report", "words"], 'report takes no "words"'],
  ])("refuses %j", async (argv, sentence) => {
    const { code, err } = await tilewright(argv);
    expect(code).toBe(1);
    expect(err).toContain(sentence);
    expect(err.trim().split("\n")).toHaveLength(1);
  });
});

describe("tilewright report", () => {
  test("writes a page of what is fresh, and tells what was left out", async () => {
    const path = fileOf("report.jsonl", RECORDS);
    appendFileSync(path, "torn");
    const out = join(folder, "report.html");
    expect((await tilewright(["report", "--records", path, "--out", out])).out).toBe(
      `1 kernel in ${out}; left out: lines no JSON, or half a line (1); records of other versions of the compiler (1)\n`,
    );
    const page = readFileSync(out, "utf8");
    expect(page).toContain("<!doctype html>");
    expect(page.match(/<script/g)).toHaveLength(1);
    const { out: json } = await tilewright(["report", "--records", path, "--json"]);
    const { shapes, leftOut, command, machine } = JSON.parse(json) as ReportData;
    expect(command).toBe(`tilewright report --records ${path} --json`);
    expect(machine).toMatch(/^V8 \d+\.\d+/);
    expect(page).toContain(`Made by <code>tilewright report --records ${path} --out ${out}</code> on V8 `);
    expect(leftOut).toEqual([
      { reason: "lines no JSON, or half a line", count: 1 },
      { reason: "records of other versions of the compiler", count: 1 },
    ]);
    // The pick itself, three that were measured and one that hung.
    expect(shapes[0]?.candidates.map(({ outcome }) => outcome).sort()).toEqual([
      "hung",
      "measured",
      "measured",
      "measured",
      "measured",
    ]);
    expect(shapes[0]?.candidates[shapes[0].winner]?.gain?.median).toBe(1.5);
    expect(shapes[0]?.nest).toMatch(/^kernel conv|for /m);
  });
});

test("tilewright report shows a kernel once for each class of device that has measured it", async () => {
  const classes = [MACHINE, { ...MACHINE, engine: "Firefox 140", processor: "" }];
  const path = fileOf(
    "classes.jsonl",
    classes.map((machine, i) => fasterBy(1.5 + i, i, { machine, date: `2026-01-0${i + 1}T00:00:00.000Z` })),
  );
  const { shapes } = JSON.parse((await tilewright(["report", "--records", path, "--json"])).out) as ReportData;
  expect(shapes.map(({ name, measuredOn }) => [name.split(", ").slice(1).join(", "), measuredOn])).toEqual([
    ["V8 13.6, A processor", "V8 13.6, A processor"],
    ["Firefox 140", "Firefox 140"],
  ]);
  expect(shapes.map(({ candidates, winner }) => candidates[winner]?.gain?.median)).toEqual([1.5, 2.5]);
});

describe("tilewright report on records that it cannot use", () => {
  test("leaves out a kernel that is too large for its target, and names it", async () => {
    const spec: OpSpec = { ...SPEC, value: [1, 8000, 8000, 8] };
    const [point] = spaceOf(spec, targetOf(target), wanted);
    const { algorithm, knobs } = point as Candidate;
    const path = fileOf("large.jsonl", [...RECORDS, recordOf([2, 2, 2, 2, 2], { spec, target, algorithm, knobs })]);
    const out = join(folder, "large.html");
    const { code, out: said } = await tilewright(["report", "--records", path, "--out", out]);
    expect(code).toBe(0);
    const reason =
      /records of conv2d 1x8000x8000x8 with 3x3x8x8, rate 1, SAME: conv2d needs \d+ bytes of memory; .*\(1\)/;
    expect(said).toMatch(/^1 kernel in /);
    expect(said).toMatch(reason);
    expect(readFileSync(out, "utf8")).toMatch(reason);
  });

  test("says so where no schedule of this compiler is among them", async () => {
    const path = fileOf("unknown-only.jsonl", [fasterBy(2, 0, { knobs: { pixels: 77 } })]);
    const { shapes, leftOut } = JSON.parse(
      (await tilewright(["report", "--records", path, "--json"])).out,
    ) as ReportData;
    expect(shapes).toEqual([]);
    expect(leftOut).toEqual([
      { reason: expect.stringContaining("no schedule of this compiler was measured"), count: 1 },
    ]);
  });
});

test("tilewright tune --level estimate measures nothing, and says what would be tried first", async () => {
  const argv = ["tune", JSON.stringify(SPEC), "--level", "estimate"];
  expect((await tilewright(argv)).out).toMatch(
    /^KERNEL +SCHEDULES +CYCLES +FIRST\nspec1 +\d+ +[\d.]+ k {2}direct, sketch product, view o[xy] oc oc, rows \d+, /,
  );
  const { kernels } = JSON.parse((await tilewright([...argv, "--json"])).out);
  expect(kernels).toMatchObject([{ name: "spec1", points: others.length + 1, first: [{}, {}, {}] }]);
  // The spec as `explain` takes it.
  expect(await tilewright(["tune", "-", ...argv.slice(2)], argv[1])).toEqual(await tilewright(argv));
  const refused = async (text: string) => (await tilewright(["tune", text])).err;
  expect(await refused('{ "op": ')).toMatch(/^tilewright: the spec is not JSON: /);
  expect(await refused("[1]")).toBe("tilewright: the arguments: kernels.spec1 takes a spec; got [1]\n");
});
