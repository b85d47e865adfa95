/** Stages of special forms: those without a sum, and those whose sums are empty. */
import { type Affine, affine, isConstant, variable } from "../affine.js";
import { type Expr, local } from "../expr.js";
import { type Axis, type Stage, SUM } from "../program.js";

/** The subscripts of a buffer with a dimension for each axis. */
export const overAxes = (axes: readonly Axis[]): Affine[] => axes.map(({ name }) => variable(name));

export const extentsByName = (axes: readonly Axis[]): number[] => axes.map(({ extent }) => extent);

/** A stage that computes a value for each of its points, without a sum. */
export const pointwise = (
  { name, space, where }: Pick<Stage, "name" | "space" | "where">,
  term: Expr,
  output: Stage["output"],
): Stage => ({ name, space, ...(where ? { where } : {}), reduce: [], domain: [], term, finish: local(SUM), output });

export const isPointwise = ({ reduce, domain }: Stage): boolean => reduce.length === 0 && domain.length === 0;

/** True if no term of the stage counts. */
export const isDead = ({ reduce, domain }: Stage): boolean =>
  reduce.some(({ extent }) => extent === 0) || domain.some((form) => isConstant(form) && form.constant < 0);

/**
 * The stage without its terms. It still names what they read, so that a program's tensors do not depend on its sizes.
 */
export const dead = (stage: Stage): Stage => {
  const reduce = stage.reduce.map((axis) => ({ ...axis, extent: 0 }));
  return { ...stage, reduce, domain: reduce.length > 0 ? [] : [affine(-1)] };
};
