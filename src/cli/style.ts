/**
 * The looks of text on a terminal: colours, and lines that break at words. Text is `printable` before it gets here, so
 * the only escapes are those of the colours.
 */
import { styleText } from "node:util";
import wrapAnsi from "wrap-ansi";

/** The terminal or window that shows an output. */
export interface Screen {
  readonly hasColours: boolean;
  /** Characters of a line; undefined where there is no terminal. */
  readonly columns: number | undefined;
}

/** A file or a pipe. */
export const NO_SCREEN: Screen = { hasColours: false, columns: undefined };

/** The screen behind a stream. NO_COLOR and terminals without colours are known to Node. */
export const screenOf = (stream: NodeJS.WriteStream): Screen =>
  stream.isTTY ? { hasColours: stream.hasColors(), columns: stream.columns || undefined } : NO_SCREEN;

/** Colours parts of a text. */
export type Paint = (text: string) => string;

/** Colours what the pattern finds. Node is not asked again whether its own outputs have colours. */
const painting =
  (pattern: RegExp, format: Parameters<typeof styleText>[0]): Paint =>
  (text) =>
    text.replace(pattern, (part) => styleText(format, part, { validateStream: false }));

const TITLE = /^== .* ==$/gm;
const HEAD = /^[A-Z][A-Z/]*(?: [A-Z/]+)*(?: {2,}[A-Z][A-Z/]*(?: [A-Z/]+)*)+$/gm;
const WARNING = /^warning:/gm;
const titles = painting(TITLE, "bold");
const heads = painting(HEAD, "bold");
const warnings = painting(WARNING, "yellow");

/** Titles, heads of tables and warnings. */
export const paintResult: Paint = (text) => warnings(heads(titles(text)));

const gains = painting(/(?<= )(?!1\.00x|0\.)\d+\.\d\dx(?= |$)/gm, "green");
const lacks = painting(/(?<= )(?:nothing (?:was )?measured|(?<= {2})failed$)/gm, "yellow");
const bars = painting(/█+░*|░+/g, "cyan");

/** Heads of tables, gains, kernels of which nothing was measured, and bars. */
export const paintTuning: Paint = (text) => bars(lacks(gains(paintResult(text))));

/** A QR code, whose blocks are its light parts: some phones read none of another colour than black on white. */
export const paintCode: Paint = painting(/^.+$/gm, ["whiteBright", "bgBlack"]);

/** Labels at the beginning of lines, from which their values are apart by two spaces. */
export const paintLabels: Paint = painting(/^\S+(?= {2,}\S)/gm, "cyan");

/** The name of the program in front of its refusals. */
export const paintRefusal: Paint = painting(/^tilewright:/, "red");

const captions = painting(/^[A-Z]+\b/gm, "bold");
const options = painting(/^ +\S+(?= {2,}\S)/gm, "cyan");

/** Captions, and the names of options and commands. */
export const paintHelp: Paint = (text) => options(captions(text));

/** The most characters of a line of prose: a longer one is hard to read. */
const WIDEST = 100;
/** A name with the gap behind it: where it ends, the further lines of the description begin. */
const NAME = /^ *\S+(?: \S+)* {2,}/;
const SPACES = /^ */;

/** Prose, broken at words; further lines of a description stand below its first word. No word is broken. */
export function wrapped(text: string, columns = WIDEST): string {
  const width = Math.min(columns, WIDEST);
  const wrapLine = (line: string): string => {
    const [name = ""] = NAME.exec(line) ?? [];
    // Beside a long name there is no room for a column.
    const [lead = ""] = name !== "" && name.length <= width / 2 ? [name] : (SPACES.exec(line) ?? []);
    const rows = wrapAnsi(line.slice(lead.length), width - lead.length).split("\n");
    return `${lead}${rows.join(`\n${" ".repeat(lead.length)}`)}`.trimEnd();
  };
  return text.split("\n").map(wrapLine).join("\n");
}
