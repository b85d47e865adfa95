/** The spec in an argument: JSON text, a path, standard input, or the name of a kernel of the configuration. */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { findConfig } from "../build/config.js";
import { planKernels } from "../build/plan.js";
import { Tuning } from "../build/tuning.js";
import { fail } from "../ir/errors.js";
import { meant } from "../ir/meant.js";
import type { Spec } from "../ir/ops/spec.js";
import { checkWanted, type Wanted } from "../ir/rewrites/wanted.js";
import { checkAnySpec } from "../specs/anySpec.js";
import { type Io, readJson } from "./io.js";

/** Options that say something else than the configuration. */
interface WantedArguments {
  readonly accuracy?: string | undefined;
  readonly algorithm?: string | undefined;
}

interface SpecArgument {
  readonly spec: Spec;
  readonly wanted: Required<Wanted>;
}

/** True for what a kernel may be called. Paths are mostly more. */
const isName = (argument: string): boolean => /^[A-Za-z_$][\w$]*$/.test(argument);

/** A name is looked for where there is no such file. Throws what reading a spec throws. */
export async function specArgument(
  argument: string,
  { accuracy, algorithm }: WantedArguments,
  io: Io,
): Promise<SpecArgument> {
  const given = { ...(accuracy === undefined ? {} : { accuracy }), algorithm };
  const loaded = isName(argument) && !existsSync(argument) ? await findConfig(process.cwd()) : undefined;
  if (!loaded) return { wanted: checkWanted(given), spec: checkAnySpec(await readJson("spec", argument, io)) };
  const { kernels } = await planKernels(loaded, Tuning.NONE);
  const found = kernels.find(({ name }) => name === argument);
  if (found) {
    const isOther = accuracy !== undefined || algorithm !== undefined;
    return { spec: found.spec, wanted: isOther ? checkWanted(given) : found.wanted };
  }
  const names = kernels.map(({ name }) => name);
  const known = names.length === 0 ? "none" : names.join(", ");
  return fail(
    "invalid-argument",
    `there is no file ${argument}, and no kernel of that name in ${basename(loaded.file ?? "the configuration")}, ` +
      `whose kernels are ${known}${meant(argument, names)}`,
  );
}
