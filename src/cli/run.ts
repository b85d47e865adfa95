/** The command line as a function: arguments in, text and an exit code out. One sentence on standard error says what failed. */
import { stripVTControlCharacters } from "node:util";
import { defineCommand, renderUsage, runCommand, type SubCommandsDef } from "citty";
import { TilewrightError } from "../ir/errors.js";
import { VERSION } from "../ir/version.js";
import { Interrupted, type Io } from "./io.js";

/** A command of whatever arguments. */
type AnyCommand = Extract<SubCommandsDef[string], { readonly meta?: unknown }>;

/** A command, and what follows the options in its help. */
interface Command {
  readonly command: AnyCommand;
  readonly help: string;
}

/** Each is loaded when it is asked for: `build` has nothing to do most of the time, and shall not take half a second for it. */
const COMMANDS: Readonly<Record<string, (io: Io) => Promise<Command>>> = {
  build: async (io) => {
    const { buildCommand, BUILD_HELP } = await import("./build.js");
    return { command: buildCommand(io), help: BUILD_HELP };
  },
  extract: async (io) => {
    const { extractCommand, EXTRACT_HELP } = await import("./extract.js");
    return { command: extractCommand(io), help: EXTRACT_HELP };
  },
  tune: async (io) => {
    const { tuneCommand, TUNE_HELP } = await import("./tune.js");
    return { command: tuneCommand(io), help: TUNE_HELP };
  },
  records: async (io) => {
    const { recordsCommand, RECORDS_HELP } = await import("./records.js");
    return { command: recordsCommand(io), help: RECORDS_HELP };
  },
  report: async (io) => {
    const { reportCommand, REPORT_HELP } = await import("./report.js");
    return { command: reportCommand(io), help: REPORT_HELP };
  },
  explain: async (io) => {
    const { explainCommand, MORE_HELP } = await import("./explain.js");
    return { command: explainCommand(io), help: MORE_HELP };
  },
};

/** What shells expect of a command that was interrupted. */
const INTERRUPTED = 130;

/** @returns the exit code: 0, 1 where the arguments or what they name were refused, or 130 after an interrupt */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    if (argv.includes("--help") || argv.includes("-h")) io.out(await helpFor(argv[0] ?? "", io));
    else if (argv.length === 1 && argv[0] === "--version") io.out(`${VERSION}\n`);
    else await runCommand(mainCommand(io), { rawArgs: [...argv] });
    return 0;
  } catch (error) {
    const sentence = refusalOf(error);
    if (sentence === undefined) throw error;
    io.err(`tilewright: ${sentence}\n`);
    return error instanceof Interrupted ? INTERRUPTED : 1;
  }
}

const mainCommand = (io: Io) =>
  defineCommand({
    meta: {
      name: "tilewright",
      version: VERSION,
      description: "A kernel compiler for dilated and transposed convolutions",
    },
    subCommands: Object.fromEntries(
      Object.entries(COMMANDS).map(([name, load]) => [name, async () => (await load(io)).command]),
    ),
  });

async function helpFor(name: string, io: Io): Promise<string> {
  const asked = Object.hasOwn(COMMANDS, name) ? await COMMANDS[name]?.(io) : undefined;
  const usage = await renderUsage(asked?.command ?? mainCommand(io));
  return `${stripVTControlCharacters(usage).trimEnd()}\n${asked?.help ?? ""}`;
}

/** What to tell the user, or undefined for an error that no user can cause. */
function refusalOf(error: unknown): string | undefined {
  if (error instanceof TilewrightError || error instanceof Interrupted) return error.message;
  // The parser does not export its error class.
  if (error instanceof Error && error.name === "CLIError") {
    return `${stripVTControlCharacters(error.message).replace(/\.$/, "")}; see tilewright --help`;
  }
  return undefined;
}
