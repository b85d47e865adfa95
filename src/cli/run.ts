/**
 * The command line as a function: it takes arguments, prints text and returns an exit code. An error is one sentence.
 */
import { stripVTControlCharacters } from "node:util";
import { defineCommand, renderUsage, runCommand, type SubCommandsDef } from "citty";
import { TilewrightError } from "../ir/errors.js";
import { meant } from "../ir/meant.js";
import { VERSION } from "../ir/version.js";
import { Interrupted, type Io, type Streams } from "./io.js";
import { printable, printableLines } from "./printable.js";
import { paintHelp, paintRefusal, type Screen, wrapped } from "./style.js";

/** A command with any arguments. */
type AnyCommand = Extract<SubCommandsDef[string], { readonly meta?: unknown }>;

/** A command, and the end of its help. Some have commands of their own. */
interface Command {
  readonly command: AnyCommand;
  readonly help: string;
  readonly parts?: Readonly<Record<string, (io: Io) => Promise<Command>>>;
}

/** Each command is loaded on demand: `build` often has nothing to do and should not take half a second for it. */
const COMMANDS: Readonly<Record<string, (io: Io) => Promise<Command>>> = {
  init: async (io) => {
    const { initCommand, INIT_HELP } = await import("./init.js");
    return { command: initCommand(io), help: INIT_HELP };
  },
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
  farm: async (io) => {
    const { farmCommand, FARM_HELP, FARM_PARTS } = await import("./farm.js");
    return { command: farmCommand(io), help: FARM_HELP, parts: FARM_PARTS };
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

/** The exit code that shells expect of an interrupted command: 128 + 2, the number of SIGINT. */
const INTERRUPTED = 130;

/**
 * @returns the exit code: 0, or 1 if the arguments or the files that they name were refused, or 130 after an interrupt
 */
export async function run(argv: readonly string[], streams: Streams): Promise<number> {
  const { screens, ...rest } = streams;
  const [outStyle, styled] = [stylerFor(screens.out), stylerFor(screens.err)];
  const io: Io = {
    ...rest,
    columns: screens.out.columns,
    out: (text, style) => streams.out(outStyle(text, style)),
    err: (text, style) => streams.err(styled(text, style)),
    styled,
  };
  try {
    if (argv.includes("--help") || argv.includes("-h")) {
      io.out(await helpFor(argv, io, screens.out), { paint: paintHelp });
    } else if (argv.length === 1 && argv[0] === "--version") io.out(`${VERSION}\n`);
    else await runCommand(mainCommand(io), { rawArgs: [...argv] });
    return 0;
  } catch (error) {
    const sentence = await refusalOf(error, argv, io);
    if (sentence === undefined) throw error;
    io.err(`tilewright: ${printable(cut(sentence))}\n`, { paint: paintRefusal, wraps: true });
    return error instanceof Interrupted ? INTERRUPTED : 1;
  }
}

/** The most characters of a refusal. It may name an argument, and that may be as long as a file. */
const MOST = 1500;

const cut = (sentence: string): string => (sentence.length > MOST ? `${sentence.slice(0, MOST)}...` : sentence);

/** Whatever a command prints is `printable` first; then it gets its looks, where a screen shows it. */
export const stylerFor =
  ({ hasColours, columns }: Screen): Io["styled"] =>
  (text, { paint, wraps } = {}) => {
    const lines = printableLines(text);
    const fitting = wraps && columns !== undefined ? wrapped(lines, columns) : lines;
    return paint && hasColours ? paint(fitting) : fitting;
  };

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

/** The help, broken at words. An example stays as it is, to be copied. */
async function helpFor([name = "", part = ""]: readonly string[], io: Io, { columns }: Screen): Promise<string> {
  const whole = Object.hasOwn(COMMANDS, name) ? await COMMANDS[name]?.(io) : undefined;
  const asked = whole?.parts && Object.hasOwn(whole.parts, part) ? await whole.parts[part]?.(io) : whole;
  const usage = await renderUsage(asked?.command ?? mainCommand(io));
  const help = `${stripVTControlCharacters(usage).trimEnd()}\n${asked?.help ?? ""}`;
  const [prose = "", ...example] = help.split(/^(?=EXAMPLE$)/m);
  return wrapped(prose, columns) + example.join("");
}

/** The sentence for the user; undefined for an error that no user can cause. */
async function refusalOf(error: unknown, argv: readonly string[], io: Io): Promise<string | undefined> {
  if (error instanceof TilewrightError || error instanceof Interrupted) return error.message;
  // citty does not export the class of its errors.
  if (error instanceof Error && error.name === "CLIError") {
    const sentence = stripVTControlCharacters(error.message).replace(/\.$/, "");
    const [, unknown] = /^Unknown command (.*)$/.exec(sentence) ?? [];
    const hint = unknown === undefined ? "" : meant(unknown, await commandsIn(argv, io));
    return `${sentence}${hint || "; see tilewright --help"}`;
  }
  return undefined;
}

/** The commands of the one that the line begins with, or else those of the whole. */
async function commandsIn([name = ""]: readonly string[], io: Io): Promise<readonly string[]> {
  if (!Object.hasOwn(COMMANDS, name)) return Object.keys(COMMANDS);
  return Object.keys((await COMMANDS[name]?.(io))?.parts ?? {});
}
