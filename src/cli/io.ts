/** The inputs and outputs of a command, and a reader for its JSON arguments. */
import { readFile } from "node:fs/promises";
import { fail } from "../ir/errors.js";
import type { Paint, Screen } from "./style.js";

/** The user ended a command before it was done. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** The looks that a text gets on a screen. */
export interface Style {
  readonly paint?: Paint;
  /** True for prose, whose lines break at words. */
  readonly wraps?: boolean;
}

export interface Io {
  /** Standard input, which is read if an argument is `-`. */
  readonly input: AsyncIterable<string | Uint8Array>;
  readonly out: (text: string, style?: Style) => void;
  readonly err: (text: string, style?: Style) => void;
  /** True if `err` is a terminal, where somebody can watch progress. */
  readonly isTerminal: boolean;
  /** Characters of a line of `out`; undefined where there is no terminal. */
  readonly columns: number | undefined;
  /** A text as `err` would write it, for what is drawn there again and again. */
  readonly styled: (text: string, style?: Style) => string;
}

/** The streams of a process, and the screens that show them. */
export interface Streams extends Pick<Io, "input" | "isTerminal"> {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly screens: { readonly out: Screen; readonly err: Screen };
}

/**
 * The value of a JSON argument. The argument is JSON text, which begins with a brace or bracket, or `-` for standard
 * input, or a path.
 */
export async function readJson(what: string, argument: string, { input }: Io): Promise<unknown> {
  const inline = isText(argument);
  const text = inline ? argument : argument === "-" ? await readAll(input) : await readText(what, argument);
  try {
    return JSON.parse(text);
  } catch (error) {
    const where = inline ? "" : argument === "-" ? " from standard input" : ` in ${argument}`;
    return fail("invalid-argument", `the ${what}${where} is not JSON: ${(error as Error).message}`);
  }
}

const isText = (argument: string): boolean => /^\s*[{[]/.test(argument);

/** True if a JSON argument is no path. */
export const isGiven = (argument: string): boolean => argument === "-" || isText(argument);

async function readAll(input: Io["input"]): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of input) text += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

async function readText(what: string, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? `there is no file ${path}` : `${path} cannot be read (${code})`;
    return fail(
      "invalid-argument",
      `${why}; give the ${what} as JSON text, as a path to JSON, or as - for standard input`,
    );
  }
}
