/**
 * Arguments that several commands take. Options are checked here, because the parser accepts those that it does not
 * know.
 */
import { fail } from "../ir/errors.js";
import { meant } from "../ir/meant.js";
import type { Dims } from "../models/index.js";

/**
 * Refuses options that the command does not have, as a mistyped option must not be ignored, and `--no-` before one that
 * takes a value, of which the parser would make `false`.
 * @param known the arguments of the command; positional ones are no options
 */
export function checkNames(
  args: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, { readonly type: string }>>,
): void {
  const strange = Object.keys(args).find((name) => name !== "_" && !Object.hasOwn(known, name));
  if (strange !== undefined) {
    const options = Object.entries(known).flatMap(([name, { type }]) => (type === "positional" ? [] : [`--${name}`]));
    fail(
      "invalid-argument",
      `there is no option --${strange}; there are ${options.join(", ")}${meant(`--${strange}`, options)}`,
    );
  }
  const denied = Object.keys(known).find((name) => known[name]?.type === "string" && args[name] === false);
  if (denied !== undefined)
    fail("invalid-argument", `--${denied} takes a value, so there is no --no-${denied}; leave it out`);
}

/** The value of an option that takes a positive number. */
export function positive(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && Number.isFinite(value)) return value;
  return fail("invalid-argument", `--${name} takes a number above 0; got "${text}"`);
}

/** The value of an option that takes one of several words. */
export function oneOf<T extends string>(name: string, text: string, known: readonly T[]): T {
  const found = known.find((one) => one === text);
  return (
    found ?? fail("invalid-argument", `--${name} takes one of ${known.join(", ")}; got "${text}"${meant(text, known)}`)
  );
}

/** The sizes given by `--dim`. Names may be formulas, such as "height=2*n"; sizes never hold an equals sign. */
export const dimsOf = (rawArgs: readonly string[]): Dims =>
  Object.fromEntries(
    namedValues(rawArgs, "dim", /^(.+)=(\d+)$/, "a name and a size, such as batch=1").map(([name, size]) => [
      name,
      Number(size),
    ]),
  );

/** The values of a repeated option, by name. Read from the raw arguments, because the parser keeps only the last. */
export function namedValues(
  rawArgs: readonly string[],
  option: string,
  pattern: RegExp,
  takes: string,
): readonly (readonly [name: string, value: string])[] {
  const values = new Map<string, string>();
  const end = rawArgs.indexOf("--");
  const options = end < 0 ? rawArgs : rawArgs.slice(0, end);
  options.forEach((argument, i) => {
    if (argument !== `--${option}` && !argument.startsWith(`--${option}=`)) return;
    const text = argument === `--${option}` ? (options[i + 1] ?? "") : argument.slice(option.length + 3);
    const [, name = "", value = ""] = pattern.exec(text) ?? [];
    if (name === "") fail("invalid-argument", `--${option} takes ${takes}; got "${text}"`);
    if (values.has(name)) fail("invalid-argument", `--${option} ${name} is given twice`);
    values.set(name, value);
  });
  return [...values];
}
