/** Files of records as others leave them, and as attackers write them: no line is lost for its surroundings, none does harm. */
import { describe, expect, test } from "vitest";
import { finite } from "../../src/ir/ops/plainSpec.js";
import { idOf, printRecord, type TuningRecord } from "../../src/tune/record.js";
import { type ReadRecords, readRecords } from "../../src/tune/records.js";
import { best } from "../../src/tune/selection.js";
import { recordWith } from "../support/tuning.js";

const RECORDS = [recordWith(), recordWith({ knobs: { row: "oy" } }), recordWith({ knobs: { row: "oc" } })];
const LINES = RECORDS.map(printRecord);
const [LINE = ""] = LINES;

const ONE_FAULTY = (fault: string) => [[fault, 1]];
const faultsOf = ({ faults }: ReadRecords) => [...faults];

describe("a file of records is read whole", () => {
  test.each([
    ["with a byte order mark", `\ufeff${LINES.join("\n")}\n`],
    ["that was put together of files with one each", LINES.map((line) => `\ufeff${line}\n`).join("")],
    ["with a carriage return at each line's end", LINES.map((line) => `${line}\r\n`).join("")],
    ["without an end of its last line", LINES.join("\n")],
    ["with empty lines and indentation", `\n\n  ${LINES.join("\n \r\n\t")}  \n\n`],
  ])("%s", (_, text) => {
    expect(readRecords(text)).toEqual({ records: RECORDS, faults: new Map() });
  });
});

/** The line with its id made right for what it now says. */
function lineOf(changes: (plain: Record<string, unknown>) => object): string {
  const { id: _, format, version, ...rest } = JSON.parse(JSON.stringify(RECORDS[0], finite)) as Record<string, unknown>;
  const changed = changes(rest);
  return JSON.stringify({ format, version, id: idOf(changed), ...changed });
}

describe("a line that is an attack is one fault, and the lines around it are read", () => {
  const nested = (depth: number) => `${'{"a":['.repeat(depth)}0${"]}".repeat(depth)}`;
  test.each([
    ["of 100 MB", `{"format":"${"x".repeat(100_000_000)}"}`, "no JSON, or half a line"],
    ["nested 5,000 times", nested(5000), "of another format or version"],
    ["of 60,000 brackets", "[".repeat(60_000), "no JSON, or half a line"],
    [
      "whose spec is nested 5,000 times",
      LINE.replace('"rate":1', `"rate":${nested(5000)}`),
      "not of the form of a record",
    ],
    [
      "whose knob is nested 5,000 times",
      LINE.replace('"pixels":4', `"pixels":${nested(5000)}`),
      "not of the form of a record",
    ],
    [
      "with more beside it that is nested",
      LINE.replace("{", `{"more":${nested(5000)},`),
      "not of the form of a record",
    ],
    ["with NaN as a number", LINE.replace('"samples":[1', '"samples":[NaN'), "no JSON, or half a line"],
    [
      "with NaN as text",
      lineOf((rest) => ({ ...rest, samples: ["NaN", 1, 1, 1, 1, 1] })),
      "not of the form of a record",
    ],
    ["with a time without end", LINE.replace('"samples":[1', '"samples":[1e999'), "not of the form of a record"],
    [
      "with a time of 1e308",
      lineOf((rest) => ({ ...rest, baseline: new Array(6).fill(1e308) })),
      "not of the form of a record",
    ],
    [
      "with a time of 1e-308",
      lineOf((rest) => ({ ...rest, samples: new Array(6).fill(1e-308) })),
      "not of the form of a record",
    ],
    [
      "with an integer beyond 2^53",
      lineOf((rest) => ({ ...rest, knobs: { pixels: 2 ** 60 } })),
      "not of the form of a record",
    ],
    [
      "with the same key twice, the second another value",
      LINE.replace('"pixels":4', '"pixels":4,"pixels":5'),
      "altered since it was written",
    ],
    [
      "with __proto__ among its knobs",
      LINE.replace('"pixels":4', '"pixels":4,"__proto__":{"polluted":1}'),
      "altered since it was written",
    ],
    [
      "with __proto__ beside its fields",
      LINE.replace("{", '{"__proto__":{"outcome":"measured"},'),
      "not of the form of a record",
    ],
  ])("%s", (_, line, fault) => {
    expect(line).not.toBe(LINE);
    const read = readRecords(`${LINES[1]}\n${line}\n${LINES[2]}`);
    expect(read.records).toEqual(RECORDS.slice(1));
    expect(faultsOf(read)).toEqual(ONE_FAULTY(fault));
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test("with the same key twice and the same value says what it said", () => {
    expect(readRecords(LINE.replace('"pixels":4', '"pixels":4,"pixels":4')).records).toEqual([RECORDS[0]]);
  });

  test("with the widest times that are allowed has a gain that is a number", () => {
    const gain = (samples: number, baseline: number) =>
      best([
        recordWith({ samples: new Array(6).fill(samples), baseline: new Array(6).fill(baseline) }),
      ] as TuningRecord[]);
    expect(gain(1e-9, 1e9)?.gain.median).toBeCloseTo(1e18, -4);
    expect(gain(1e9, 1e-9)).toBeUndefined();
  });
});
