/**
 * Arguments that several commands take. Options are checked here, because the parser accepts those that it does not
 * know.
 */
import { fail } from "../ir/errors.js";
import type { Dims } from "../models/index.js";

/**
 * Refuses options that the command does not have: a mistyped option must not be ignored.
 * @param known the arguments of the command; positional ones are no options
 */
export function checkNames(
  args: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, { readonly type: string }>>,
): void {
  const strange = Object.keys(args).find((name) => name !== "_" && !(name in known));
  if (strange === undefined) return;
  const options = Object.entries(known).flatMap(([name, { type }]) => (type === "positional" ? [] : [`--${name}`]));
  fail("invalid-argument", `there is no option --${strange}; there are ${options.join(", ")}`);
}

/** The value of an option that takes a positive number. */
export function positive(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && Number.isFinite(value)) return value;
  return fail("invalid-argument", `--${name} takes a number above 0; got "${text}"`);
}

/**
 * The sizes given by `--dim`. Read from the raw arguments, because the parser keeps only the last of repeated options.
 */
export function dimsOf(rawArgs: readonly string[]): Dims {
  const dims = new Map<string, number>();
  const end = rawArgs.indexOf("--");
  const options = end < 0 ? rawArgs : rawArgs.slice(0, end);
  options.forEach((argument, i) => {
    if (argument !== "--dim" && !argument.startsWith("--dim=")) return;
    const text = argument === "--dim" ? (options[i + 1] ?? "") : argument.slice("--dim=".length);
    // Names may be formulas, such as "height=2*n"; sizes never hold an equals sign.
    const [, name = "", size = ""] = /^(.+)=(\d+)$/.exec(text) ?? [];
    if (name === "") fail("invalid-argument", `--dim takes a name and a size, such as batch=1; got "${text}"`);
    if (dims.has(name)) fail("invalid-argument", `--dim ${name} is given twice`);
    dims.set(name, Number(size));
  });
  return Object.fromEntries(dims);
}
