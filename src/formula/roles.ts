/** What each tensor of a formula is to callers, and which stages run once for each set of weights. */
import { loadsOf } from "../ir/expr.js";
import type { BufferDecl, BufferRole, Program, Stage } from "../ir/program.js";
import type { Formula, FormulaLine } from "./formula.js";
import type { ReadOptions } from "./options.js";
import { meant, refuseAt } from "./refuse.js";
import { readsOf } from "./walk.js";

/** Checks that every tensor can be what the options say of it. Throws `invalid-formula`. */
export function checkRoles({ lines }: Formula, { shapes, weights, constants, outputs }: ReadOptions): void {
  const writes = new Map<string, FormulaLine>(lines.map((line) => [line.tensor, line]));
  const read = new Set(lines.flatMap(({ value }) => readsOf(value)).map(({ tensor }) => tensor));
  const named = new Set([...writes.keys(), ...read]);
  for (const name of shapes.keys()) {
    if (!named.has(name))
      refuseAt(undefined, `tensors has a shape for ${name}, which no line names${meant(name, named)}`);
  }
  const checkGiven = (name: string, what: string) => {
    const line = writes.get(name);
    if (line) refuseAt(line.span, `${what} are given, and ${name} is computed here; take it out of ${what}`);
    if (!read.has(name)) refuseAt(undefined, `${what} has ${name}, which no line names${meant(name, read)}`);
  };
  for (const name of weights) checkGiven(name, "weights");
  for (const name of constants.keys()) checkGiven(name, "constants");
  const both = weights.find((name) => constants.has(name));
  if (both !== undefined) refuseAt(undefined, `${both} is among weights and among constants; leave it in one of them`);
  for (const name of outputs ?? []) {
    if (!writes.has(name))
      refuseAt(undefined, `outputs has ${name}, which no line computes${meant(name, writes.keys())}`);
  }
  for (const [name, { span }] of outputs ? writes : []) {
    if (outputs?.includes(name) || read.has(name)) continue;
    refuseAt(span, `${name} is computed, and nothing uses it; leave the line out, or put ${name} into outputs`);
  }
}

interface Parts {
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** Buffers that the compiler made: scratch and constants. */
  readonly temporary: readonly BufferDecl[];
  readonly stages: readonly Stage[];
}

/** The buffers with their roles, and the stages of each part. */
export function inParts(
  { lines }: Formula,
  { weights, constants, outputs }: ReadOptions,
  { shapes, temporary, stages }: Parts,
): Pick<Program, "buffers" | "prepare" | "run"> {
  const read = new Set(lines.flatMap(({ value }) => readsOf(value)).map(({ tensor }) => tensor));
  const written = new Set(stages.map(({ output }) => output.buffer));
  const all = [...[...shapes].map(([name, shape]) => ({ name, shape })), ...temporary];
  const isOutput = (name: string) =>
    outputs ? outputs.includes(name) : lines.some(({ tensor }) => tensor === name) && !read.has(name);
  const isKnown = (name: string) =>
    !written.has(name) && (weights.includes(name) || constants.has(name) || isConstant(name));
  const isConstant = (name: string) => temporary.some((one) => one.name === name && one.role === "constant");
  const early = earlyTensors(stages, isKnown, isOutput);
  const prepare = stages.filter(({ output }) => early.has(output.buffer));
  const run = stages.filter(({ output }) => !early.has(output.buffer));
  const readInRun = new Set(run.flatMap(buffersRead));
  const roleOf = (name: string): BufferRole => {
    if (!written.has(name)) return weights.includes(name) ? "weights" : "input";
    if (isOutput(name)) return "output";
    return early.has(name) && readInRun.has(name) ? "prepared" : "scratch";
  };
  const buffers = all.map(({ name, shape, ...made }): BufferDecl => {
    const values = constants.get(name) ?? ("values" in made ? made.values : undefined);
    if (values) return { name, shape, dtype: "f32", role: "constant", values };
    return { name, shape, dtype: "f32", role: roleOf(name) };
  });
  return { buffers, prepare, run };
}

const buffersRead = ({ term, finish }: Stage): string[] =>
  [...loadsOf(term), ...loadsOf(finish)].map(({ buffer }) => buffer);

/** Tensors that follow from weights and constants alone. */
function earlyTensors(
  stages: readonly Stage[],
  isKnown: (name: string) => boolean,
  isOutput: (name: string) => boolean,
): ReadonlySet<string> {
  const early = new Set<string>();
  const late = new Set<string>();
  for (const stage of stages) {
    const { buffer } = stage.output;
    const isEarly =
      !isOutput(buffer) && buffersRead(stage).every((name) => isKnown(name) || (early.has(name) && !late.has(name)));
    (isEarly ? early : late).add(buffer);
  }
  return new Set([...early].filter((name) => !late.has(name)));
}
