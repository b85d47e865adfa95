/** What all commands hold their arguments to. The parser lets anything pass that it does not know. */
import { fail } from "../ir/errors.js";

/** A mistyped option is no wish to be ignored. `known`: the command's arguments, of which those with a place are no options. */
export function checkNames(
  args: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, { readonly type: string }>>,
): void {
  const strange = Object.keys(args).find((name) => name !== "_" && !(name in known));
  if (strange === undefined) return;
  const options = Object.entries(known).flatMap(([name, { type }]) => (type === "positional" ? [] : [`--${name}`]));
  fail("invalid-argument", `there is no option --${strange}; there are ${options.join(", ")}`);
}

/** The number of an option. */
export function positive(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && Number.isFinite(value)) return value;
  return fail("invalid-argument", `--${name} takes a number above 0; got "${text}"`);
}
