/** The command line as a function: arguments in, text and an exit code out. One sentence on standard error says what failed. */
import { stripVTControlCharacters } from "node:util";
import { defineCommand, renderUsage, runCommand } from "citty";
import { TilewrightError } from "../ir/errors.js";
import { VERSION } from "../ir/version.js";
import { explainCommand, MORE_HELP } from "./explain.js";
import type { Io } from "./io.js";

/** @returns the exit code: 0, or 1 where the arguments or the spec were refused */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const explain = explainCommand(io);
  const main = defineCommand({
    meta: {
      name: "tilewright",
      version: VERSION,
      description: "A kernel compiler for dilated and transposed convolutions",
    },
    subCommands: { explain },
  });
  try {
    if (argv.includes("--help") || argv.includes("-h")) {
      const usage = argv[0] === "explain" ? renderUsage(explain) : renderUsage(main);
      io.out(`${stripVTControlCharacters(await usage).trimEnd()}\n${MORE_HELP}`);
    } else if (argv.length === 1 && argv[0] === "--version") io.out(`${VERSION}\n`);
    else await runCommand(main, { rawArgs: [...argv] });
    return 0;
  } catch (error) {
    const sentence = refusalOf(error);
    if (sentence === undefined) throw error;
    io.err(`tilewright: ${sentence}\n`);
    return 1;
  }
}

/** What to tell the user, or undefined for an error that no user can cause. */
function refusalOf(error: unknown): string | undefined {
  if (error instanceof TilewrightError) return error.message;
  // The parser does not export its error class.
  if (error instanceof Error && error.name === "CLIError") {
    return `${stripVTControlCharacters(error.message).replace(/\.$/, "")}; see tilewright --help`;
  }
  return undefined;
}
