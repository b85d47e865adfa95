/**
 * `tilewright tune`: measures schedules of kernels on this machine and keeps the records in a file, which `build` uses.
 */
import { resolve } from "node:path";
import { type CommandDef, defineCommand } from "citty";
import { fail } from "../ir/errors.js";
import { VERSION } from "../ir/version.js";
import { EFFORTS, type Level } from "../tune/levels.js";
import { loadRecords, RecordFile } from "../tune/node/recordFile.js";
import { Workshop } from "../tune/node/workshop.js";
import { OwnBench } from "../tune/ownBench.js";
import { type TuneEvent, type TuningJob, tune } from "../tune/tune.js";
import { checkNames, oneOf, positive } from "./arguments.js";
import { formatEstimate } from "./estimate.js";
import { Interrupted, type Io } from "./io.js";
import { paintResult, paintTuning } from "./style.js";
import { KERNEL_ARGS, kernelsFor } from "./tuneKernels.js";
import { progressOn, type TuneDisplay } from "./tuneProgress.js";
import { formatResults, jsonOf } from "./tuneText.js";

/** The end of the help, after the options. */
export const TUNE_HELP = `
LEVELS

  estimate    what the cost model would try first; measures nothing
  quick       up to ${seconds("quick")} for each kernel
  balanced    up to ${seconds("balanced")} for each kernel
  exhaustive  every schedule there is, which takes hours; --budget ends it

Each measurement is appended to the records as soon as it is made: the same command goes on where the last one \
was stopped, and nothing is measured twice. tilewright build then takes the fastest. The seconds are counted from \
the first measurement on, and at least one schedule of each kernel is measured, unless --budget is up before its turn.

EXAMPLE

  tilewright tune --level balanced
  tilewright tune '{ "op": "conv2d", "value": [1, 33, 33, 64], "filters": [3, 3, 64, 32], "padding": "SAME" }'
  tilewright tune model.onnx --dim batch=1 --level quick --budget 60
`;

function seconds(level: Level): string {
  const { milliseconds, candidates } = EFFORTS[level];
  return `${candidates} schedules and ${milliseconds / 1000} seconds`;
}

const ARGS = {
  level: {
    type: "string",
    valueHint: "name",
    description: "estimate, quick, balanced or exhaustive",
    default: "quick",
  },
  budget: {
    type: "string",
    valueHint: "seconds",
    description: "For all kernels together; by default as the level says",
  },
  target: {
    type: "string",
    valueHint: "name",
    description: "wasm or js; a GPU is tuned for in a page",
    default: "wasm",
  },
  threads: { type: "string", valueHint: "count", description: "wasm: how many share a call; by default one" },
  ...KERNEL_ARGS,
  json: { type: "boolean", description: "Print one JSON object" },
} as const;

const LEVELS = ["estimate", ...(Object.keys(EFFORTS) as Level[])] as const;

export const tuneCommand = (io: Io): CommandDef<typeof ARGS> =>
  defineCommand({
    meta: { name: "tilewright tune", version: VERSION, description: "Measures schedules and keeps the fastest" },
    args: ARGS,
    async run({ args, rawArgs }) {
      checkNames(args, ARGS);
      const level = oneOf("level", args.level, LEVELS);
      const budget = args.budget === undefined ? {} : { budget: 1000 * positive("budget", args.budget) };
      if (level === "estimate")
        return io.out(formatEstimate((await kernelsFor(args, rawArgs, io)).kernels, args.json === true), {
          paint: paintResult,
        });
      const limits = { level, ...budget };
      const progress = progressOn(io, limits, args.json === true);
      try {
        const { kernels, records } = await kernelsFor(args, rawArgs, io);
        const ended = await tuneInto({ kernels, path: resolve(records), ...limits }, progress);
        progress.end();
        print(ended, records, args.json === true, io);
      } finally {
        progress.end();
      }
    },
  });

/** Prints the results. Throws if the user interrupted, or a kernel cannot be tuned. */
function print({ results, skipped, isInterrupted }: TunedAll, records: string, asJson: boolean, { out }: Io): void {
  if (asJson) out(jsonOf(results, records, skipped));
  else out(formatResults(results, records, skipped), { paint: paintTuning });
  if (isInterrupted) throw new Interrupted("interrupted; what was measured is kept, and the same command goes on");
  const failed = results.filter(({ state }) => state === "failed").map(({ kernel }) => kernel.name);
  if (failed.length > 0) fail("invalid-argument", `not all kernels can be tuned; leave out ${failed.join(", ")}`);
}

interface TuneRequest {
  readonly kernels: readonly TuningJob[];
  readonly path: string;
  readonly level: Level;
  readonly budget?: number;
}

interface TunedAll {
  readonly results: readonly TuneEvent[];
  /** The number of lines of the records that cannot be read. */
  readonly skipped: number;
  readonly isInterrupted: boolean;
}

/**
 * Tunes until all is done or the user interrupts. An interrupt loses at most the measurement that runs. A second one
 * ends the process at once, which loses no more, as each record is written whole.
 */
async function tuneInto({ kernels, path, ...rest }: TuneRequest, progress: TuneDisplay): Promise<TunedAll> {
  const { records: known, faults } = loadRecords(path);
  const workshop = new Workshop(new RecordFile(path));
  progress.begin(kernels.length);
  const stop = new AbortController();
  const interrupt = () => {
    stop.abort();
    void workshop.interrupt();
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    await workshop.ready();
    const options = { ...rest, known, signal: stop.signal, onProgress: progress.show };
    const results = await tune(kernels, ({ threads }) => new OwnBench(workshop.tools(threads)), options);
    const skipped = [...faults.values()].reduce((sum, count) => sum + count, 0);
    return { results, skipped, isInterrupted: stop.signal.aborted };
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    await workshop.close();
  }
}
