/** New names for what would have the name of something else. */
import { substitute, variable } from "../affine.js";
import { type Expr, loadsOf, rewrite } from "../expr.js";
import { FreeNames } from "../freeNames.js";
import type { Axis, Program, Stage } from "../program.js";
import { mapStageForms } from "../visit.js";

/** The most characters of an axis's name before a number, as it may have 16. */
const MOST = 12;

/** A name for an axis of a stage that nothing in the stage has. */
export const axisLike = (base: string, stage: Stage): string =>
  new FreeNames([...axesOf(stage).map(({ name }) => name), ...buffersOf(stage)]).like(base.slice(0, MOST));

export const axesOf = ({ space, reduce }: Stage): Axis[] => [...space, ...reduce];

/** The buffers that a stage names, in its order. */
const buffersOf = ({ term, finish, output }: Stage): string[] =>
  [...loadsOf(term), ...loadsOf(finish), output].map(({ buffer }) => buffer);

export const namesOfAll = ({ buffers, prepare, run }: Program): string[] => {
  const stages = [...prepare, ...run];
  return [...buffers, ...stages, ...stages.flatMap(axesOf)].map(({ name }) => name);
};

/** The program without certain names, which another program is to have, and what is called how in it. */
export function renamedApart(program: Program, names: readonly string[]): [Program, nameOf: (name: string) => string] {
  const used = namesOfAll(program);
  const free = new FreeNames([...names, ...used]);
  const others = new Map(names.filter((name) => used.includes(name)).map((name) => [name, free.like(name)]));
  const nameOf = (name: string) => others.get(name) ?? name;
  const read = (expr: Expr) =>
    rewrite(expr, (part) => (part.kind === "load" ? { ...part, buffer: nameOf(part.buffer) } : part));
  const changed = (stage: Stage): Stage => {
    const moved = withAxesCalled(stage, others);
    const output = { ...moved.output, buffer: nameOf(moved.output.buffer) };
    return { ...moved, name: nameOf(stage.name), term: read(moved.term), finish: read(moved.finish), output };
  };
  const { buffers, prepare, run } = program;
  const renamed = buffers.map((buffer) => ({ ...buffer, name: nameOf(buffer.name) }));
  return [{ ...program, buffers: renamed, prepare: prepare.map(changed), run: run.map(changed) }, nameOf];
}

/**
 * The stage with other names for axes that are called like a buffer that it reads: code would take one for the other.
 */
export function withOwnAxes(stage: Stage): Stage {
  const hidden = axesOf(stage).find(({ name }) => buffersOf(stage).includes(name));
  return hidden ? withOwnAxes(withAxesCalled(stage, new Map([[hidden.name, axisLike(hidden.name, stage)]]))) : stage;
}

function withAxesCalled(stage: Stage, names: ReadonlyMap<string, string>): Stage {
  const forms = new Map([...names].map(([from, to]) => [from, variable(to)]));
  const named = (axis: Axis): Axis => ({ ...axis, name: names.get(axis.name) ?? axis.name });
  const moved = mapStageForms(stage, (form) => substitute(form, forms));
  return { ...moved, space: stage.space.map(named), reduce: stage.reduce.map(named) };
}
