/** `tilewright farm tune`: tunes the kernels of a configuration on every class of device that has a worker. */
import { resolve } from "node:path";
import { type CommandDef, defineCommand } from "citty";
import { importFarm } from "../build/optionalPackages.js";
import type { FarmResult } from "../farm/tuneFarm.js";
import { fail } from "../ir/errors.js";
import { VERSION } from "../ir/version.js";
import { EFFORTS, type Level } from "../tune/levels.js";
import { loadRecords, RecordFile } from "../tune/node/recordFile.js";
import type { TuningJob } from "../tune/tune.js";
import { checkNames, oneOf, positive } from "./arguments.js";
import { farmProgressOn } from "./farmProgress.js";
import { SERVER_ARGS, serverOf } from "./farmServer.js";
import { farmJson, formatFarm } from "./farmText.js";
import { Interrupted, type Io } from "./io.js";
import { paintTuning } from "./style.js";
import { KERNEL_ARGS, kernelsFor } from "./tuneKernels.js";

/** The end of the help, after the options. */
export const FARM_TUNE_HELP = `
It ends when every class of device that has a worker is done, and takes as many schedules of each kernel as the level \
of tilewright tune. What was measured lies on the server: the same command goes on where the last one was stopped, and \
two of them at once share the work.

EXAMPLE

  tilewright farm tune --server nats://localhost:4222 --level balanced
  tilewright farm tune model.onnx --server tls://farm.example --key coordinator.key --quorum 2 --budget 3600
`;

const ARGS = {
  ...SERVER_ARGS,
  level: { type: "string", valueHint: "name", description: "quick, balanced or exhaustive", default: "quick" },
  budget: { type: "string", valueHint: "seconds", description: "For all together; by default there is no limit" },
  quorum: {
    type: "string",
    valueHint: "count",
    description: "Workers that must say the same before a schedule wins",
    default: "1",
  },
  target: { type: "string", valueHint: "name", description: "wasm, js or webgpu", default: "wasm" },
  ...KERNEL_ARGS,
  json: { type: "boolean", description: "Print one JSON object" },
} as const;

const LANGUAGES = { wasm: "wasm", js: "js", webgpu: "wgsl" } as const;
const MOST_QUORUM = 8;

export const farmTuneCommand = (io: Io): CommandDef<typeof ARGS> =>
  defineCommand({
    meta: { name: "tilewright farm tune", version: VERSION, description: "Tunes on all machines of a farm" },
    args: ARGS,
    async run({ args, rawArgs }) {
      checkNames(args, ARGS);
      const server = serverOf(args);
      const level = oneOf("level", args.level, Object.keys(EFFORTS) as Level[]);
      const target = oneOf("target", args.target, Object.keys(LANGUAGES) as (keyof typeof LANGUAGES)[]);
      const quorum = positive("quorum", args.quorum);
      if (!Number.isInteger(quorum) || quorum > MOST_QUORUM)
        fail("invalid-argument", `--quorum takes a whole number from 1 to ${MOST_QUORUM}; got "${args.quorum}"`);
      const budget = args.budget === undefined ? Number.POSITIVE_INFINITY : 1000 * positive("budget", args.budget);
      // Each class of device has features of its own, so those of this engine do not count.
      const { kernels, records } = await kernelsFor({ ...args, target: "js" }, rawArgs, io);
      const language = LANGUAGES[target];
      const asked = { kernels, path: resolve(records), level, quorum, budget, language };
      const { result, isInterrupted } = await tuneInto(asked, server, io, args.json === true);
      if (args.json) io.out(farmJson(result, records));
      else io.out(formatFarm(result, records), { paint: paintTuning });
      if (isInterrupted) throw new Interrupted("interrupted; what was measured is kept, and the same command goes on");
    },
  });

interface FarmRequest {
  readonly kernels: readonly TuningJob[];
  readonly path: string;
  readonly level: Level;
  readonly quorum: number;
  readonly budget: number;
  readonly language: (typeof LANGUAGES)[keyof typeof LANGUAGES];
}

async function tuneInto(
  { kernels, path, ...rest }: FarmRequest,
  server: ReturnType<typeof serverOf>,
  io: Io,
  isSilent: boolean,
): Promise<{ readonly result: FarmResult; readonly isInterrupted: boolean }> {
  const { tuneFarm, connectTo } = await importFarm(() => import("../farm/node/index.js"));
  const { records: known } = loadRecords(path);
  const file = new RecordFile(path);
  const connection = await connectTo(server);
  const progress = farmProgressOn(io, kernels.length, isSilent);
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    const result = await tuneFarm(connection, kernels, {
      ...{ ...rest, known, signal: stop.signal, onProgress: progress.show },
      keep: (record) => file.append(record),
    });
    return { result, isInterrupted: stop.signal.aborted };
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    progress.end();
    await connection.close();
    file.close();
  }
}
