/** Checks that all commands share. They are needed because the parser accepts options that it does not know. */
import { fail } from "../ir/errors.js";

/**
 * Refuses options that the command does not have: a mistyped option must not be ignored.
 * @param known the arguments of the command; positional ones are no options
 */
export function checkNames(
  args: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, { readonly type: string }>>,
): void {
  const strange = Object.keys(args).find((name) => name !== "_" && !Object.hasOwn(known, name));
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
