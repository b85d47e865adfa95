/** `tilewright records`: shows, merges, prunes, checks and explains files of tuning records. */
import { type CommandDef, defineCommand } from "citty";
import { fail } from "../ir/errors.js";
import { meant } from "../ir/meant.js";
import { VERSION } from "../ir/version.js";
import { counted } from "../report/format.js";
import { printRecords, type ReadRecords } from "../tune/records.js";
import { pruned } from "../tune/selection.js";
import { checkNames } from "./arguments.js";
import { explainRecords } from "./explainRecords.js";
import type { Io } from "./io.js";
import { readRecordFiles, writeWhole } from "./recordFiles.js";
import { formatList, formatVerdict, listedRecords, verdictOf } from "./recordsText.js";
import { paintResult } from "./style.js";

/** The end of the help, after the options. */
export const RECORDS_HELP = `
ACTIONS

  list [file...]            the kernels, and what is fastest for each
  merge file... --out file  the union of all, oldest first
  prune file                without what other versions of the compiler have measured, and all but the fastest of \
each kernel
  verify [file...]          counts lines that cannot be read, were altered, or name no schedule of this compiler; \
fails if there are any
  explain spec              why a spec gets the schedule that it gets

EXAMPLE

  tilewright records merge laptop.jsonl server.jsonl --out tilewright.tuning.jsonl
`;

const ARGS = {
  action: { type: "positional", required: true, description: "list, merge, prune, verify or explain" },
  out: { type: "string", valueHint: "path", description: "merge: the file that is written" },
  records: { type: "string", valueHint: "path", description: "explain: the file; by default the configuration's" },
  keep: { type: "string", valueHint: "count", description: "prune: how many of the fastest stay", default: "5" },
  target: { type: "string", valueHint: "name", description: "explain: wasm or js", default: "wasm" },
  threads: { type: "string", valueHint: "count", description: "explain: how many share a call; by default one" },
  accuracy: { type: "string", valueHint: "name", description: "explain: exact, the default, or fast" },
  algorithm: { type: "string", valueHint: "name", description: "explain: direct or winograd" },
  json: { type: "boolean", description: "Print one JSON object" },
} as const;

const ACTIONS = ["list", "merge", "prune", "verify", "explain"] as const;

export const recordsCommand = (io: Io): CommandDef<typeof ARGS> =>
  defineCommand({
    meta: { name: "tilewright records", version: VERSION, description: "Shows, merges and checks tuning records" },
    args: ARGS,
    async run({ args }) {
      checkNames(args, ARGS);
      const action = ACTIONS.find((name) => name === args.action);
      const [, ...rest] = args._;
      const print = (value: unknown, text: () => string) =>
        args.json ? io.out(`${JSON.stringify(value, null, 2)}\n`) : io.out(text(), { paint: paintResult });
      switch (action) {
        case "list": {
          const { records, faults } = await readRecordFiles(rest);
          const kernels = listedRecords(records);
          const end = faults.size === 0 ? "" : `${counted(records.length, "record")}${skipped(faults)}\n`;
          return print({ kernels, skipped: total(faults) }, () => `${formatList(kernels, io.columns)}${end}`);
        }
        case "merge":
          return merge(rest, args.out, print);
        case "prune":
          return prune(rest, Number(args.keep), print);
        case "verify": {
          const { records, faults } = await readRecordFiles(rest);
          const verdict = verdictOf(records, faults);
          print(verdict, () => formatVerdict(verdict));
          if (verdict.isGood) return;
          return fail("invalid-argument", "not all records are good; tilewright records prune keeps those that are");
        }
        case "explain": {
          const [spec, ...more] = rest;
          if (spec === undefined || more.length > 0)
            fail("invalid-argument", "explain takes one spec: JSON, a path to it, or a kernel of the configuration");
          const { records } = await readRecordFiles(args.records === undefined ? [] : [args.records]);
          const explanation = await explainRecords(spec, records, args, io);
          return print(explanation, () => explanation.text);
        }
        default:
          return fail(
            "invalid-argument",
            `records takes one of ${ACTIONS.join(", ")}; got "${args.action}"${meant(args.action, ACTIONS)}`,
          );
      }
    },
  });

type Print = (value: unknown, text: () => string) => void;

async function merge(files: readonly string[], out: string | undefined, print: Print): Promise<void> {
  if (files.length === 0) fail("invalid-argument", "merge takes the files that are to become one");
  if (!out) fail("invalid-argument", "merge takes --out, the path of the file that is written");
  const { records, faults } = await readRecordFiles(files);
  await writeWhole(out, printRecords(records));
  print(
    { out, records: records.length, skipped: total(faults) },
    () => `${counted(records.length, "record")} in ${out}${skipped(faults)}\n`,
  );
}

async function prune(files: readonly string[], keep: number, print: Print): Promise<void> {
  const [file] = files;
  if (file === undefined || files.length > 1) fail("invalid-argument", "prune takes one file");
  if (!Number.isSafeInteger(keep) || keep < 1) fail("invalid-argument", "--keep takes an integer >= 1");
  const { records, faults } = await readRecordFiles(files);
  const kept = pruned(records, keep);
  await writeWhole(file, printRecords(kept));
  const removed = records.length - kept.length;
  print(
    { file, kept: kept.length, removed, skipped: total(faults) },
    () => `${counted(kept.length, "record")} in ${file}, ${removed} removed${skipped(faults)}\n`,
  );
}

const total = (faults: ReadRecords["faults"]): number => [...faults.values()].reduce((sum, count) => sum + count, 0);

const skipped = (faults: ReadRecords["faults"]): string =>
  total(faults) === 0
    ? ""
    : `; left out: ${[...faults].map(([fault, count]) => `${counted(count, "line")} ${fault}`).join(", ")}`;
