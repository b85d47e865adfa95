/** From stages to a program: which of them can run in `prepare`, which buffers there are, and in which roles. */
import { loadsOf } from "../expr.js";
import type { BufferDecl, BufferRole, Program, Stage } from "../program.js";

export interface GradientParts {
  readonly name: string;
  /** What the stages name, and perhaps more. */
  readonly buffers: readonly BufferDecl[];
  /** In the order in which they can run. */
  readonly stages: readonly Stage[];
  readonly output: string;
  /** What is given once. Without any nothing is prepared. */
  readonly weights: readonly string[];
}

export function assembleGradient({ name, buffers, stages, output, weights }: GradientParts): Program {
  const early = weights.length > 0 ? knownEarly(stages, buffers, weights) : new Set<string>();
  const prepare = stages.filter((stage) => early.has(stage.output.buffer));
  const run = stages.filter((stage) => !prepare.includes(stage));
  const written = new Set(stages.map((stage) => stage.output.buffer));
  const [readInRun, read] = [run, stages].map((list) => new Set(list.flatMap(readsOf)));
  const roleOf = ({ name: buffer, role }: BufferDecl): BufferRole => {
    if (buffer === output || role === "constant") return role;
    if (!written.has(buffer)) return weights.includes(buffer) ? "weights" : "input";
    return early.has(buffer) && readInRun?.has(buffer) ? "prepared" : "scratch";
  };
  const used = buffers.filter((buffer) => written.has(buffer.name) || read?.has(buffer.name));
  return { name, buffers: used.map((buffer) => ({ ...buffer, role: roleOf(buffer) })), prepare, run };
}

/** Buffers that stages compute from weights and constants alone. */
function knownEarly(
  stages: readonly Stage[],
  buffers: readonly BufferDecl[],
  weights: readonly string[],
): ReadonlySet<string> {
  const constants = buffers.filter(({ role }) => role === "constant").map(({ name }) => name);
  const known = new Set([...weights, ...constants]);
  for (const { output } of stages) {
    const writers = stages.filter((stage) => stage.output.buffer === output.buffer);
    if (writers.flatMap(readsOf).every((buffer) => known.has(buffer))) known.add(output.buffer);
  }
  return known;
}

const readsOf = ({ term, finish }: Stage): string[] =>
  [...loadsOf(term), ...loadsOf(finish)].map(({ buffer }) => buffer);
