/** Roles of the tensors of a formula, and the stages that run once for each set of weights. */
import { loadsOf } from "../ir/expr.js";
import { meant } from "../ir/meant.js";
import type { BufferDecl, BufferRole, Stage } from "../ir/program.js";
import type { Formula, FormulaLine } from "./formula.js";
import type { ReadOptions } from "./options.js";
import { refuseAt } from "./refuse.js";
import { readsOf } from "./walk.js";

/** Checks that every tensor can be what the options say of it, and tells the outputs. Throws `invalid-formula`. */
export function checkRoles({ lines }: Formula, options: ReadOptions): ReadonlySet<string> {
  const writes = new Map<string, FormulaLine>(lines.map((line) => [line.tensor, line]));
  const read = new Set(lines.flatMap(({ value }) => readsOf(value)).map(({ tensor }) => tensor));
  const { shapes, weights, constants } = options;
  const named = new Set([...writes.keys(), ...read]);
  for (const name of shapes.keys()) {
    if (named.has(name)) continue;
    refuseAt(undefined, `tensors has a shape for ${name}, which no line names${meant(name, named)}`);
  }
  for (const [what, names] of [
    ["weights", weights],
    ["constants", constants.keys()],
  ] as const) {
    for (const name of names) {
      const line = writes.get(name);
      if (line) refuseAt(line.span, `${what} are given, and ${name} is computed here; take it out of ${what}`);
      if (!read.has(name)) refuseAt(undefined, `${what} has ${name}, which no line reads${meant(name, read)}`);
    }
  }
  const both = weights.find((name) => constants.has(name));
  if (both !== undefined) refuseAt(undefined, `${both} is among weights and among constants; leave it in one of them`);
  const outputs = options.outputs ?? [...writes.keys()].filter((name) => !read.has(name));
  for (const name of outputs) {
    if (!writes.has(name))
      refuseAt(undefined, `outputs has ${name}, which no line writes${meant(name, writes.keys())}`);
  }
  for (const [name, { span }] of writes) {
    if (read.has(name) || outputs.includes(name)) continue;
    refuseAt(span, `${name} is computed, and nothing uses it; leave the line out, or put ${name} into outputs`);
  }
  return new Set(outputs);
}

interface Roles {
  readonly isEarly: (stage: Stage) => boolean;
  readonly of: (tensor: string) => BufferRole;
}

/** `counts`: constants that are no tensors of the formula. */
export function rolesOf(
  stages: readonly Stage[],
  { weights, constants }: ReadOptions,
  outputs: ReadonlySet<string>,
  counts: readonly BufferDecl[],
): Roles {
  const written = new Set(stages.map(({ output }) => output.buffer));
  const known = new Set([...weights, ...constants.keys(), ...counts.map(({ name }) => name)]);
  const early = earlyTensors(stages, known, outputs);
  const isEarly = ({ output }: Stage) => early.has(output.buffer);
  const readInRun = new Set(stages.filter((stage) => !isEarly(stage)).flatMap(buffersRead));
  const of = (tensor: string): BufferRole => {
    if (constants.has(tensor)) return "constant";
    if (!written.has(tensor)) return known.has(tensor) ? "weights" : "input";
    if (outputs.has(tensor)) return "output";
    return early.has(tensor) && readInRun.has(tensor) ? "prepared" : "scratch";
  };
  return { isEarly, of };
}

export const buffersOf = (
  shapes: ReadonlyMap<string, readonly number[]>,
  { constants }: ReadOptions,
  roles: Roles,
): BufferDecl[] =>
  [...shapes].map(([name, shape]) => {
    const values = constants.get(name);
    return { name, shape, dtype: "f32", role: roles.of(name), ...(values ? { values } : {}) };
  });

const buffersRead = ({ term, finish }: Stage): string[] =>
  [...loadsOf(term), ...loadsOf(finish)].map(({ buffer }) => buffer);

/** Tensors, but for outputs, that follow from what is known before the first call. Reads follow all writes. */
function earlyTensors(
  stages: readonly Stage[],
  known: ReadonlySet<string>,
  outputs: ReadonlySet<string>,
): ReadonlySet<string> {
  const early = new Set<string>();
  const late = new Set(outputs);
  for (const stage of stages) {
    const { buffer } = stage.output;
    const isKnown = (name: string) => known.has(name) || (early.has(name) && !late.has(name));
    (buffersRead(stage).every(isKnown) ? early : late).add(buffer);
  }
  return new Set([...early].filter((name) => !late.has(name)));
}
