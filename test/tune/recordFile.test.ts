/** A file of records: made with its first record, appended to whatever its end is, and refused in a sentence. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { loadRecords, RecordFile } from "../../src/tune/node/recordFile.js";
import { printRecord } from "../../src/tune/record.js";
import { newFolder } from "../support/folder.js";
import { needs } from "../support/needs.js";
import { recordWith } from "../support/tuning.js";

const [ONE, TWO] = [recordWith(), recordWith({ knobs: { row: "oy" } })];

let folder: string;
beforeAll(() => {
  folder = newFolder();
});

function append(path: string, ...records: readonly (typeof ONE)[]): void {
  const file = new RecordFile(path);
  for (const record of records) file.append(record);
  file.close();
}

describe("a file of records", () => {
  test("is made with its first record, and not where there is none", () => {
    const path = join(folder, "none.jsonl");
    append(path);
    expect(existsSync(path)).toBe(false);
    append(path, ONE, TWO);
    expect(readFileSync(path, "utf8")).toBe(`${printRecord(ONE)}\n${printRecord(TWO)}\n`);
  });

  test.each([
    ["half a line", `${printRecord(ONE)}\n${printRecord(TWO).slice(0, 100)}`, 1],
    ["no line end", printRecord(ONE), 0],
    ["a carriage return", `${printRecord(ONE)}\r\n`, 0],
    ["zeros, as after a loss of power", `${printRecord(ONE)}\n${"\0".repeat(5000)}`, 1],
  ])("that ends in %s loses neither what is there nor what is added", (end, before, faults) => {
    const path = join(folder, `${end.length}.jsonl`);
    writeFileSync(path, before);
    append(path, TWO);
    const read = loadRecords(path);
    expect(read.records).toEqual([ONE, TWO]);
    expect([...read.faults.values()]).toEqual(faults === 0 ? [] : [faults]);
  });

  test("keeps what other processes append meanwhile", () => {
    const path = join(folder, "shared.jsonl");
    const file = new RecordFile(path);
    file.append(ONE);
    appendFileSync(path, "half");
    file.append(TWO);
    file.close();
    expect(loadRecords(path)).toMatchObject({ records: [ONE, TWO], faults: new Map([["no JSON, or half a line", 1]]) });
  });

  test("that cannot be written is refused before anything is measured", () => {
    for (const path of [join(folder, "no", "such.jsonl"), folder])
      expect(() => new RecordFile(path)).toThrow(/the records .* cannot be written \(E[A-Z]+\); name another file/);
  });

  test(
    "without an end is refused in a sentence, and one that is empty is empty",
    needs({ "/dev/zero": existsSync("/dev/zero") }),
    () => {
      expect(() => loadRecords("/dev/zero")).toThrow("the records /dev/zero are more than 256 MB; prune them");
      expect(loadRecords("/dev/null").records).toEqual([]);
    },
  );

  test("of several chunks is read as it was written, wherever a chunk ends", () => {
    const records = Array.from({ length: 1500 }, (_, i) =>
      recordWith({ knobs: { row: `${i}` }, machine: { engine: "Größe 🙂", processor: "日本語", threads: 1 } }),
    );
    const path = join(folder, "long.jsonl");
    writeFileSync(path, records.map((record) => `${printRecord(record)}\n`).join(""));
    expect(loadRecords(path)).toEqual({ records, faults: new Map() });
  });

  test("on a disk that is full is refused in a sentence", needs({ "/dev/full": existsSync("/dev/full") }), () => {
    expect(() => append("/dev/full", ONE)).toThrow("the records /dev/full cannot be written (ENOSPC)");
  });
});
