/**
 * Sums of several contributions: the last stage that sums adds what others have left in buffers, and whatever needs no
 * sum of its own.
 */
import { type Affine, equals, substitute, variable, variablesOf } from "../affine.js";
import { type Expr, load } from "../expr.js";
import type { Stage } from "../program.js";
import { mapSubscripts } from "../visit.js";
import { added, ZERO } from "./algebra.js";
import type { Collected } from "./collect.js";
import { isPointwise, pointwise } from "./forward.js";

/** A value for each element, given its subscripts. */
type Addend = (at: readonly Affine[]) => Expr;

/**
 * Stages that write the sum of all contributions, of each of which stages are given that would write it alone, and of
 * what the buffer `before` holds. `newBuffer` declares a buffer of the same shape.
 */
export function sumOfAll(
  contributions: readonly (readonly Stage[])[],
  before: string | undefined,
  to: Collected,
  newBuffer: () => string,
): Stage[] {
  const [plain, sums] = [contributions.filter(isPlain), contributions.filter((stages) => !isPlain(stages))];
  const last = sums.at(-1) ?? plain.shift() ?? [zeros(to)];
  const parts = sums.slice(0, -1).map((stages) => {
    const buffer = newBuffer();
    return stages.map((stage) => ({ ...stage, output: { ...stage.output, buffer } }));
  });
  const addends: Addend[] = [
    ...(before === undefined ? [] : [(at: readonly Affine[]) => load(before, at)]),
    ...parts.map(
      ([stage]) =>
        (at: readonly Affine[]) =>
          load((stage as Stage).output.buffer, at),
    ),
    ...plain.map(([stage]) => addendOf(stage as Stage)),
  ];
  const whole = last.map((stage) => {
    const add = (value: Expr) => addends.reduce((sum, addend) => added(sum, addend(stage.output.at)), value);
    return isPointwise(stage) ? { ...stage, term: add(stage.term) } : { ...stage, finish: add(stage.finish) };
  });
  return [...parts.flat(), ...whole];
}

/** True for a single stage that computes each element by itself, and counts them by their subscripts. */
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

function zeros({ name, buffer, shape }: Collected): Stage {
  const space = shape.map((extent, i) => ({ name: `e${i}`, extent }));
  return pointwise({ name, space }, ZERO, { buffer, at: space.map((axis) => variable(axis.name)) });
}
