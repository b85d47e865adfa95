/**
 * The number of terms that count at each point, which a mean divides by. It is known before anything runs.
 *
 * Axes that no guard joins are counted by themselves: at the edge of an image a window has as many terms as it has rows
 * inside, times its columns.
 */
import { pointsOf } from "../ir/access.js";
import { affine, substitute, variable } from "../ir/affine.js";
import { type Expr, load, multiply, number } from "../ir/expr.js";
import type { FreeNames } from "../ir/freeNames.js";
import type { Axis, BufferDecl, Stage } from "../ir/program.js";
import { componentsOf, liveTerms } from "../ir/work.js";
import type { FormulaLine } from "./formula.js";
import { everyPoint } from "./places.js";
import { refuseAt } from "./refuse.js";

/** The most steps that counting may take. */
const MOST_STEPS = 2 ** 22;

type Component = ReturnType<typeof componentsOf>[number];

/** The count as an expression, and the constants that it reads. */
export function countTerms(
  { space, reduce, domain }: Stage,
  line: FormulaLine,
  names: FreeNames,
): { readonly count: Expr; readonly constants: readonly BufferDecl[] } {
  const isOuter = (axis: Axis) => space.includes(axis);
  let product = 1;
  const constants: BufferDecl[] = [];
  const factors: Expr[] = [];
  for (const part of componentsOf([...space, ...reduce], domain)) {
    const outer = part.axes.filter(isOuter);
    const values = countsOf(part, outer, line);
    const [first = 1] = values;
    if (values.every((value) => value === first)) product *= first;
    else {
      const name = names.like(`${line.tensor.slice(0, 48)}Count`);
      constants.push({ name, shape: outer.map(({ extent }) => extent), dtype: "f32", role: "constant", values });
      factors.push(
        load(
          name,
          outer.map((axis) => variable(axis.name)),
        ),
      );
    }
  }
  const all = product === 1 && factors.length > 0 ? factors : [...factors, number(product)];
  return { count: all.reduce(multiply), constants };
}

/** The counts for all values of the outer axes. */
function countsOf({ axes, guard }: Component, outer: readonly Axis[], { span }: FormulaLine): number[] {
  const inner = axes.filter((axis) => !outer.includes(axis));
  if (guard.length === 0) return [pointsOf(inner)];
  const longest = Math.max(1, ...inner.map(({ extent }) => extent));
  if ((pointsOf(outer) * pointsOf(inner)) / longest > MOST_STEPS) {
    const remedy = "write the sum, and divide it by counts of your own";
    refuseAt(span, `the mean has too many terms to count which of them are inside; ${remedy}`);
  }
  const counts: number[] = [];
  everyPoint(outer, [], (point) => {
    const at = new Map([...point].map(([name, value]) => [name, affine(value)]));
    const domain = guard.map((form) => substitute(form, at));
    counts.push(liveTerms({ space: [], reduce: inner, domain }));
  });
  return counts;
}
