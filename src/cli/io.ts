/** What a command talks to, and how it reads what its arguments name. */
import { readFile } from "node:fs/promises";
import { fail } from "../ir/errors.js";

/** Somebody wanted a command to end before it was done. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

export interface Io {
  /** Standard input, read where an argument is `-`. */
  readonly input: AsyncIterable<string | Uint8Array>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Whether somebody looks at what goes to `err`. */
  readonly isTerminal: boolean;
}

/** The value of a JSON argument: JSON text itself (it begins with a brace or bracket), `-` for standard input, or a path. */
export async function readJson(what: string, argument: string, { input }: Io): Promise<unknown> {
  const inline = /^\s*[{[]/.test(argument);
  const text = inline ? argument : argument === "-" ? await readAll(input) : await readText(what, argument);
  try {
    return JSON.parse(text);
  } catch (error) {
    const where = inline ? "" : argument === "-" ? " from standard input" : ` in ${argument}`;
    return fail("invalid-argument", `the ${what}${where} is not JSON: ${(error as Error).message}`);
  }
}

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
