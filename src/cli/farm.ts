/** `tilewright farm`: tuning on many machines; its commands are loaded on demand. */
import { type CommandDef, defineCommand, type SubCommandsDef } from "citty";
import { VERSION } from "../ir/version.js";
import type { Io } from "./io.js";

/** A command with any arguments, and the end of its help. */
export interface FarmPart {
  readonly command: Extract<SubCommandsDef[string], { readonly meta?: unknown }>;
  readonly help: string;
}

export const FARM_PARTS: Readonly<Record<string, (io: Io) => Promise<FarmPart>>> = {
  tune: async (io) => {
    const { farmTuneCommand, FARM_TUNE_HELP } = await import("./farmTune.js");
    return { command: farmTuneCommand(io), help: FARM_TUNE_HELP };
  },
  work: async (io) => {
    const { farmWorkCommand, FARM_WORK_HELP } = await import("./farmWork.js");
    return { command: farmWorkCommand(io), help: FARM_WORK_HELP };
  },
  compose: async (io) => {
    const { farmComposeCommand, FARM_COMPOSE_HELP } = await import("./farmCompose.js");
    return { command: farmComposeCommand(io), help: FARM_COMPOSE_HELP };
  },
  page: async (io) => {
    const { farmPageCommand, FARM_PAGE_HELP } = await import("./farmPage.js");
    return { command: farmPageCommand(io), help: FARM_PAGE_HELP };
  },
};

/** The end of the help, after the commands. */
export const FARM_HELP = `
A server (NATS with JetStream) keeps jobs and results. Workers on any number of machines take jobs: a job names a \
kernel and a schedule, and each worker compiles it itself. Machines count together that have the same engine and kind \
of processor.

EXAMPLE

  tilewright farm compose --out farm
  tilewright farm work --server tls://farm.example:4222 --key worker.key
  tilewright farm tune --server tls://farm.example:4222 --key coordinator.key
`;

export const farmCommand = (io: Io): CommandDef =>
  defineCommand({
    meta: { name: "tilewright farm", version: VERSION, description: "Tunes on many machines" },
    subCommands: Object.fromEntries(
      Object.entries(FARM_PARTS).map(([name, load]) => [name, async () => (await load(io)).command]),
    ),
  });
