/** `tilewright farm work`: this machine measures for a farm until it is interrupted. */
import { type CommandDef, defineCommand } from "citty";
import { importFarm } from "../build/optionalPackages.js";
import type { FarmJob } from "../farm/messages.js";
import type { DeviceClass } from "../farm/names.js";
import { fail } from "../ir/errors.js";
import { specRow } from "../ir/ops/specRow.js";
import { VERSION } from "../ir/version.js";
import { wasmFeaturesOf } from "../runtime/compiledFor.js";
import { wasmFeatures } from "../runtime/host/wasmFeatures.js";
import { checkNames } from "./arguments.js";
import { SERVER_ARGS, serverOf } from "./farmServer.js";
import { className } from "./farmText.js";
import type { Io } from "./io.js";
import { pointRow } from "./tuneText.js";

/** The end of the help, after the options. */
export const FARM_WORK_HELP = `
Of this machine it tells the engine with its version and the kind of processor, and what it measured; the name that it \
uses is drawn by lot and ends with it. Leave the machine alone meanwhile; an interrupt ends it.

EXAMPLE

  tilewright farm work --server nats://localhost:4222
`;

const ARGS = {
  ...SERVER_ARGS,
  target: { type: "string", valueHint: "name", description: "wasm or js", default: "wasm" },
} as const;

export const farmWorkCommand = (io: Io): CommandDef<typeof ARGS> =>
  defineCommand({
    meta: { name: "tilewright farm work", version: VERSION, description: "Measures for a farm" },
    args: ARGS,
    async run({ args }) {
      checkNames(args, ARGS);
      if (args._.length > 0) fail("invalid-argument", `work takes no "${args._[0]}"; kernels come from the server`);
      const server = serverOf(args);
      const target = targetNamed(args.target);
      const { workHere } = await importFarm(() => import("../farm/node/index.js"));
      const stop = new AbortController();
      const interrupt = () => stop.abort();
      process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
      const onReady = (deviceClass: DeviceClass) => io.err(`working for ${server.url} as ${className(deviceClass)}\n`);
      try {
        await workHere({ server, target, signal: stop.signal, onReady, onJob: (job) => tell(job, io) });
      } finally {
        process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
      }
    },
  });

function targetNamed(name: string): DeviceClass["target"] {
  if (name === "js") return { language: "js" };
  if (name !== "wasm") fail("invalid-argument", `--target takes wasm or js; got "${name}"`);
  return wasmFeaturesOf({ ...wasmFeatures(), shared: false, revectorize: false });
}

function tell(job: FarmJob | undefined, { err }: Io): void {
  if (job) err(`${specRow(job.kernel.spec)}: ${pointRow(job.point)}\n`);
}
