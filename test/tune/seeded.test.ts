/** Candidates that are wrong, never end, throw or take the process with them: none wins, none stops the run, none is tried twice. */
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { loadRecords, RecordFile } from "../../build/tune/node/recordFile.js";
import { Workshop } from "../../build/tune/node/workshop.js";
import { type Compiled, OwnBench, type Tools } from "../../build/tune/ownBench.js";
import { best } from "../../build/tune/selection.js";
import { type TuneEvent, type TuningJob, tune } from "../../build/tune/tune.js";

import { newFolder } from "../support/folder.js";

const KERNEL: TuningJob = {
  name: "seeded",
  spec: { op: "conv2d", value: [1, 10, 10, 4], filters: [3, 3, 4, 6], rate: 2, padding: "SAME", activation: "relu6" },
  wanted: { accuracy: "exact", algorithm: "auto" },
  target: { language: "js" },
  threads: 1,
};

/** By how many candidates there were before: what a call does then, with the right one as `conv`. */
const SEEDS: Readonly<Record<number, string>> = {
  // Right but for the last element, which is off by a step of the grid and more.
  1: "(value, output, filters) => { conv(value, output, filters); output[output.length - 1] += 0.25; }",
  2: "() => { for (;;); }",
  3: '() => process.kill(process.pid, "SIGKILL")',
  4: '() => { throw new Error("no"); }',
};

const spoiled = (code: string, call: string): string => code.replace(/\bconv \};\s*$/, `conv: ${call} };`);

let folder: string;
beforeAll(() => {
  folder = newFolder();
});

/** Compiles as usual, and then spoils some of the candidates. */
function seeded(tools: Tools): Tools {
  let count = 0;
  const spoil = (compiled: Compiled): Compiled => {
    const seed = SEEDS[count++];
    if (!seed || compiled?.module.language !== "js") return compiled;
    const code = spoiled(compiled.module.code, seed);
    expect(code).not.toBe(compiled.module.code);
    return { module: { ...compiled.module, code }, code: `${count}`.padStart(64, "0") };
  };
  return { ...tools, compile: async (...all) => (await tools.compile(...all)).map(spoil) };
}

async function run(path: string): Promise<readonly TuneEvent[]> {
  const workshop = new Workshop(new RecordFile(path));
  const options = { level: "balanced", budget: 5000, known: loadRecords(path).records } as const;
  try {
    const rest = { signal: new AbortController().signal, onProgress: () => undefined };
    return await tune([KERNEL], ({ threads }) => new OwnBench(seeded(workshop.tools(threads))), {
      ...options,
      ...rest,
    });
  } finally {
    await workshop.close();
  }
}

describe("candidates that are seeded to fail", () => {
  test("are recorded as what they are, do not win and do not stop the run", async () => {
    const path = join(folder, "records.jsonl");
    await run(path);
    const { records, faults } = loadRecords(path);
    expect(faults.size).toBe(0);
    expect(records.slice(0, 4).map(({ outcome }) => outcome)).toEqual(["wrong", "hung", "crashed", "crashed"]);
    const rest = records.slice(4);
    expect(rest.every(({ outcome }) => outcome === "measured")).toBe(true);
    expect(records[0]?.check?.error).toBe(0.25);
    expect(["measured", undefined]).toContain(best(records)?.record.outcome);

    // The next run goes on with others.
    await run(path);
    const all = loadRecords(path).records;
    const names = all.map(({ knobs }) => JSON.stringify(knobs));
    expect(new Set(names).size).toBe(names.length);
    expect(all.length).toBeGreaterThanOrEqual(records.length);
  }, 90_000);
});
