/**
 * Sums of several contributions: the last stage that sums adds what others have left in buffers, and whatever needs no
 * sum of its own.
 */
import { type Affine, coefficientOf, equals, substitute, variable, variablesOf } from "../affine.js";
import { type Expr, load } from "../expr.js";
import type { Stage } from "../program.js";
import { mapSubscripts } from "../visit.js";
import { added } from "./algebra.js";
import { isDead, isPointwise } from "./stages.js";

/** A value for each element, given its subscripts. */
type Addend = (at: readonly Affine[]) => Expr;

const inBuffer = (buffer: string): Addend => {
  return (at) => load(buffer, at);
};

/**
 * Stages that write the sum of all contributions, and of what the buffer `before` holds. There is at least one. Of
 * each, stages are given that would write it alone; `newBuffer` declares a buffer for it instead.
 *
 * Each sum adds the one before it, so that no stage reads more buffers than a GPU lets it bind.
 */
export function sumOfAll(
  contributions: readonly (readonly Stage[])[],
  before: string | undefined,
  newBuffer: () => string,
): Stage[] {
  const [first = [], ...others] = contributions;
  if (first.length > 1 && others.every((stages) => writeAlike(stages, first)) && areApart(contributions)) {
    const oneByOne = first.map((_, i) => contributions.map((stages) => stages.slice(i, i + 1)));
    return oneByOne.flatMap((some) => sumOfAll(some, before, newBuffer));
  }
  const live = contributions.filter((stages) => !stages.every(isDead));
  const [plain, sums] = [live.filter(isPlain), live.filter((stages) => !isPlain(stages))];
  const last = sums.pop() ?? plain.pop() ?? contributions.at(-1) ?? [];
  let left = before;
  const parts = sums.map((stages) => {
    const buffer = newBuffer();
    const addends = left === undefined ? [] : [inBuffer(left)];
    left = buffer;
    return stages.map((stage) => withAddends({ ...stage, output: { ...stage.output, buffer } }, addends));
  });
  const addends = [
    ...(left === undefined ? [] : [inBuffer(left)]),
    ...plain.map(([stage]) => addendOf(stage as Stage)),
  ];
  return [...parts.flat(), ...last.map((stage) => withAddends(stage, addends))];
}

function withAddends(stage: Stage, addends: readonly Addend[]): Stage {
  const add = (value: Expr) => addends.reduce((sum, addend) => added(sum, addend(stage.output.at)), value);
  return isPointwise(stage) ? { ...stage, term: add(stage.term) } : { ...stage, finish: add(stage.finish) };
}

/** True if for each of the stages one contribution at most is alive, so that nothing is left to add. */
const areApart = (contributions: readonly (readonly Stage[])[]): boolean =>
  (contributions[0] ?? []).every((_, i) => contributions.filter((stages) => !isDead(stages[i] as Stage)).length < 2);

/** True if the stages write the same elements, one by one. */
const writeAlike = (a: readonly Stage[], b: readonly Stage[]): boolean =>
  a.length === b.length && a.every((stage, i) => elementsOf(stage) === elementsOf(b[i] as Stage));

/** Text that tells apart the elements that stages write. Axes count by how they move, whatever their names are. */
function elementsOf({ name, space, where, output: { at } }: Stage): string {
  const moves = space.map((axis) => [axis.extent, ...at.map((form) => coefficientOf(form, axis.name))].join(" "));
  return [...at.map(({ constant }) => constant), ...moves.sort(), ...(where ? [name] : [])].join();
}

/** True for a single stage that computes each element by itself, and whose subscripts are its axes. */
const isPlain = (stages: readonly Stage[]): boolean =>
  stages.length === 1 &&
  stages.every(isPointwise) &&
  stages.every(({ space, output }) => output.at.every((form, i) => equals(form, variable(space[i]?.name ?? ""))));

const addendOf =
  ({ term, output }: Stage): Addend =>
  (at) => {
    const places = new Map(output.at.flatMap((form, i) => variablesOf(form).map((name) => [name, at[i] as Affine])));
    return mapSubscripts(term, (form) => substitute(form, places));
  };
