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
import { type TuneEvent, type TuningJob, tune } from "../tune/tune.js";
import { checkNames, positive } from "./arguments.js";
import { formatEstimate } from "./estimate.js";
import { Interrupted, type Io } from "./io.js";
import { kernelsFor } from "./tuneKernels.js";
import { formatResults, jsonOf, progressOn } from "./tuneProgress.js";

/** The end of the help, after the options. */
export const TUNE_HELP = `
LEVELS

  estimate    what the cost model would try first; measures nothing
  quick       up to ${seconds("quick")} for each kernel
  balanced    up to ${seconds("balanced")} for each kernel
  exhaustive  every schedule there is, which takes hours; --budget ends it

Each measurement is appended to the records as soon as it is made: the same command goes on where the last one was stopped, and
nothing is measured twice. tilewright build then takes the fastest.

EXAMPLE

  tilewright tune --level balanced
  tilewright tune model.onnx --dim batch=1 --level quick --budget 60
`;

function seconds(level: Level): string {
  const { milliseconds, candidates } = EFFORTS[level];
  return `${candidates} schedules and ${milliseconds / 1000} seconds`;
}

const ARGS = {
  input: {
    type: "positional",
    required: false,
    description: "Models, recordings or specs to tune for; by default the kernels of the configuration",
  },
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
  accuracy: { type: "string", valueHint: "name", description: "exact or fast; by default as each kernel says" },
  only: { type: "string", valueHint: "names", description: "Some of the kernels, with commas between them" },
  records: {
    type: "string",
    valueHint: "path",
    description: "The file; by default the first that the configuration names",
  },
  config: { type: "string", valueHint: "path", description: "The configuration; by default tilewright.config.ts here" },
  dim: {
    type: "string",
    valueHint: "name=size",
    description: "Size of a dimension that a model leaves free; once for each",
  },
  json: { type: "boolean", description: "Print one JSON object" },
} as const;

const LEVELS = ["estimate", ...Object.keys(EFFORTS)];

export const tuneCommand = (io: Io): CommandDef<typeof ARGS> =>
  defineCommand({
    meta: { name: "tilewright tune", version: VERSION, description: "Measures schedules and keeps the fastest" },
    args: ARGS,
    async run({ args, rawArgs }) {
      checkNames(args, ARGS);
      const { level } = args;
      if (!LEVELS.includes(level))
        fail("invalid-argument", `--level takes one of ${LEVELS.join(", ")}; got "${level}"`);
      const budget = args.budget === undefined ? {} : { budget: 1000 * positive("budget", args.budget) };
      const { kernels, records } = await kernelsFor(args, rawArgs);
      if (level === "estimate") return io.out(formatEstimate(kernels, args.json === true));
      const progress = progressOn(io, kernels.length, args.json === true);
      const request = { kernels, path: resolve(records), level: level as Level, ...budget };
      const { results, skipped, isInterrupted } = await tuneInto(request, progress.show).finally(progress.end);
      io.out(args.json ? jsonOf(results, records, skipped) : formatResults(results, records, skipped));
      if (isInterrupted) throw new Interrupted("interrupted; what was measured is kept, and the same command goes on");
    },
  });

interface TuneRequest {
  readonly kernels: readonly TuningJob[];
  readonly path: string;
  readonly level: Level;
  readonly budget?: number;
}

/** Tunes until all is done or the user interrupts. An interrupt loses at most the measurement that runs. */
async function tuneInto({ kernels, path, ...rest }: TuneRequest, onProgress: (event: TuneEvent) => void) {
  const { records: known, faults } = loadRecords(path);
  const workshop = new Workshop(new RecordFile(path));
  const stop = new AbortController();
  const interrupt = () => {
    stop.abort();
    workshop.interrupt();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    await workshop.ready();
    const options = { ...rest, known, signal: stop.signal, onProgress };
    const results = await tune(kernels, ({ threads }) => workshop.tools(threads), options);
    const skipped = [...faults.values()].reduce((sum, count) => sum + count, 0);
    return { results, skipped, isInterrupted: stop.signal.aborted };
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    await workshop.close();
  }
}
