/** From a draft to a program: which stages can run in `prepare`, which buffers are named, and in which roles. */
import { loadsOf } from "../expr.js";
import type { BufferRole, Program, Stage } from "../program.js";

/**
 * The program of stages in the order in which they can run. Of the buffers there may be more than they name. `weights`
 * are given once; without any nothing is prepared.
 */
export function assembled(
  { name, buffers, stages }: Pick<Program, "name" | "buffers"> & { readonly stages: readonly Stage[] },
  output: string,
  weights: readonly string[],
): Program {
  const constants = buffers.filter(({ role }) => role === "constant").map((buffer) => buffer.name);
  const early = weights.length > 0 ? writtenFrom([...weights, ...constants], stages) : new Set<string>();
  const prepare = stages.filter((stage) => early.has(stage.output.buffer));
  const run = stages.filter((stage) => !prepare.includes(stage));
  const written = new Set(stages.map((stage) => stage.output.buffer));
  const [readInRun, read] = [new Set(run.flatMap(readsOf)), new Set(stages.flatMap(readsOf))];
  const roleOf = (buffer: string, role: BufferRole): BufferRole => {
    if (buffer === output || role === "constant") return role;
    if (!written.has(buffer)) return weights.includes(buffer) ? "weights" : "input";
    return early.has(buffer) && readInRun.has(buffer) ? "prepared" : "scratch";
  };
  const used = buffers.filter((buffer) => written.has(buffer.name) || read.has(buffer.name));
  return { name, buffers: used.map((one) => ({ ...one, role: roleOf(one.name, one.role) })), prepare, run };
}

/** The buffers that stages compute from the given ones alone. */
function writtenFrom(given: readonly string[], stages: readonly Stage[]): ReadonlySet<string> {
  const known = new Set(given);
  for (const { output } of stages) {
    const writers = stages.filter((stage) => stage.output.buffer === output.buffer);
    if (writers.flatMap(readsOf).every((buffer) => known.has(buffer))) known.add(output.buffer);
  }
  return known;
}

const readsOf = ({ term, finish }: Stage): string[] =>
  [...loadsOf(term), ...loadsOf(finish)].map(({ buffer }) => buffer);
