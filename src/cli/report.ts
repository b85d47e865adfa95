/** `tilewright report`: writes one page with the results of tuning, to be opened from the disk or sent to somebody. */
import { type CommandDef, defineCommand } from "citty";
import { findConfig, type LoadedConfig } from "../build/config.js";
import { importCharts } from "../build/optionalPackages.js";
import { planKernels } from "../build/plan.js";
import { Tuning } from "../build/tuning.js";
import { fail, TilewrightError } from "../ir/errors.js";
import { canonicalKey } from "../ir/key.js";
import { kernelName } from "../ir/ops/specName.js";
import { specRow } from "../ir/ops/specRow.js";
import { VERSION } from "../ir/version.js";
import { readBench } from "../report/benchFile.js";
import type { ReportData, ShapeReport } from "../report/data.js";
import { counted } from "../report/format.js";
import { shapeReport } from "../report/shapeReport.js";
import { thisMachine } from "../tune/machine.js";
import type { TuningRecord } from "../tune/record.js";
import type { ReadRecords } from "../tune/records.js";
import { byKernel, groupedBy, isFresh, machineKey } from "../tune/selection.js";
import { checkNames } from "./arguments.js";
import { type Io, readJson } from "./io.js";
import { readRecordFiles, writeWhole } from "./recordFiles.js";
import { machineRow } from "./recordsText.js";
import { pointRow } from "./tuneText.js";

/** The end of the help, after the options. */
export const REPORT_HELP = `
EXAMPLE

  tilewright report --bench bench-results/today.json --out tuning.html
`;

const ARGS = {
  records: { type: "string", valueHint: "path", description: "The records; by default those of the configuration" },
  bench: {
    type: "string",
    valueHint: "path",
    description: "A result of the bench, for the machine's roof and other libraries",
  },
  out: {
    type: "string",
    valueHint: "path",
    description: "The page that is written",
    default: "tilewright-report.html",
  },
  title: { type: "string", valueHint: "text", description: "Of the page", default: "Tuning report" },
  json: { type: "boolean", description: "Print what the page tells as one JSON object, and write nothing" },
} as const;

export const reportCommand = (io: Io): CommandDef<typeof ARGS> =>
  defineCommand({
    meta: { name: "tilewright report", version: VERSION, description: "Writes a page that shows what tuning found" },
    args: ARGS,
    async run({ args, rawArgs }) {
      checkNames(args, ARGS);
      if (args._.length > 0) fail("invalid-argument", `report takes no "${args._[0]}"; name the records by --records`);
      const bench = args.bench === undefined ? undefined : await benchOf(args.bench, io);
      const loaded = await findConfig(process.cwd());
      const read = await readRecordFiles(args.records === undefined ? [] : [args.records]);
      const names = await namesOf(loaded);
      const made = { title: args.title, command: commandOf(rawArgs), machine: machineRow(thisMachine(1)) };
      const data = dataOf(made, read, (records, isOneOfMany) => {
        const [first] = records as readonly [TuningRecord];
        const { accuracy } = first.wanted;
        const name = names.get(canonicalKey(first.spec)) ?? kernelName(first.spec);
        const parts = [name, accuracy === "exact" ? "" : accuracy, isOneOfMany ? machineRow(first.machine) : ""];
        const options = { name: parts.filter((part) => part !== "").join(", "), bench, pointText: pointRow };
        return shapeReport(first, records, options);
      });
      if (args.json) return io.out(`${JSON.stringify(data, null, 2)}\n`);
      const { renderReport } = await importCharts(() => import("../report/render.js"));
      await writeWhole(args.out, await renderReport(data));
      const leftOut = data.leftOut.map(({ reason, count }) => `${reason} (${count})`).join("; ");
      io.out(`${counted(data.shapes.length, "kernel")} in ${args.out}${leftOut && `; left out: ${leftOut}`}\n`, {
        wraps: true,
      });
    },
  });

async function benchOf(path: string, io: Io) {
  const bench = readBench(await readJson("bench's result", path, io));
  return (
    bench ??
    fail("invalid-argument", `${path} is no result of npm run bench; measure again with npm run bench -- --json FILE`)
  );
}

/** The names of the configuration's kernels, by spec. */
async function namesOf(loaded: LoadedConfig | undefined): Promise<ReadonlyMap<string, string>> {
  const plans = loaded ? (await planKernels(loaded, Tuning.NONE)).kernels : [];
  return new Map(plans.map(({ spec, name }) => [canonicalKey(spec), name]));
}

/** A record may name a kernel that cannot be compiled, for instance as it is too large. */
function reportOrReason(make: () => ShapeReport | undefined): ShapeReport | string {
  try {
    return make() ?? "no schedule of this compiler was measured";
  } catch (error) {
    if (error instanceof TilewrightError) return error.message;
    throw error;
  }
}

/** The command as one would type it. */
const commandOf = (rawArgs: readonly string[]): string =>
  ["tilewright report", ...rawArgs.map((text) => (/^[\w./=:-]+$/.test(text) ? text : JSON.stringify(text)))].join(" ");

function dataOf(
  made: Pick<ReportData, "title" | "command" | "machine">,
  { records, faults }: ReadRecords,
  reportOf: (records: readonly TuningRecord[], isOneOfMany: boolean) => ShapeReport | undefined,
): ReportData {
  const shapes: ShapeReport[] = [];
  const leftOut = [...faults].map(([fault, count]) => ({ reason: `lines ${fault}`, count }));
  const stale = records.filter((record) => !isFresh(record)).length;
  if (stale > 0) leftOut.push({ reason: "records of other versions of the compiler", count: stale });
  for (const group of byKernel(records).values()) {
    // A kernel that several machines or classes of device have measured has a report for each, side by side.
    const machines = groupedBy(group.filter(isFresh), ({ machine }) => machineKey(machine));
    for (const own of machines.values()) {
      const shape = reportOrReason(() => reportOf(own, machines.size > 1));
      if (typeof shape !== "string") shapes.push(shape);
      else
        leftOut.push({ reason: `records of ${specRow((own[0] as TuningRecord).spec)}: ${shape}`, count: own.length });
    }
  }
  return { ...made, date: new Date().toISOString(), version: VERSION, shapes, leftOut };
}
