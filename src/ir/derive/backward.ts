/**
 * The backward pass: from the last stage to the first, each passes on to what it reads how much that matters.
 *
 * The *adjoint* of a buffer is the derivative of `<upstream, output>` with respect to each of its elements. When a
 * stage's turn comes, all that read its output have contributed to the adjoint of that, and it is summed. Then the
 * stage contributes to the adjoints of the buffers that it reads itself.
 */
import { pointsOf } from "../access.js";
import { type Affine, equals } from "../affine.js";
import { type Expr, isZero, load, loadsOf, local, subexpressions } from "../expr.js";
import type { PhasesAs } from "../phases.js";
import { printExpr } from "../print.js";
import { elementCount, type Stage, SUM } from "../program.js";
import { type Adjoints, adjointsOf, type Leaf } from "./adjoints.js";
import { chosen, divided, factored, ONE, withSum, ZERO } from "./algebra.js";
import { type Contribution, collect } from "./collect.js";
import { type GradientDraft, prefixed } from "./draft.js";
import type { Forward } from "./forward.js";
import { extentsByName, overAxes } from "./stages.js";
import { sumOfAll } from "./sumOfAll.js";

export interface Passing {
  readonly forward: Forward;
  readonly draft: GradientDraft;
  readonly phases: PhasesAs;
  /** True for the tensor and the buffers that depend on it. All others are constants. */
  readonly isActive: (buffer: string) => boolean;
}

export class Backward {
  readonly #passing: Passing;
  /** By buffer, the buffer that holds as much of its adjoint as is summed. */
  readonly #adjoints: Map<string, string>;
  /** By buffer, the contributions that are not summed yet. */
  readonly #pending = new Map<string, Contribution[]>();

  constructor(output: string, upstream: string, passing: Passing) {
    this.#passing = passing;
    this.#adjoints = new Map([[output, upstream]]);
  }

  /** Contributes to the adjoints of what the stage reads. */
  pass(stage: Stage): void {
    const adjoint = this.#adjointOf(stage.output.buffer);
    if (adjoint === undefined) return;
    const weight = load(adjoint, stage.output.at);
    const { space, reduce, where = [], domain, combine = "sum" } = stage;
    const isSummed = loadsOf(stage.term).some(this.#isActive);
    const finish = adjointsOf(stage.finish, weight, (leaf) =>
      leaf.kind === "local" ? isSummed : this.#isActive(leaf),
    );
    this.#contribute(stage, { space, reduce: [], domain: where }, finish);
    const sum = finish.get(SUM)?.value ?? ZERO;
    if (isZero(sum)) return;
    const known = this.#known(sum, stage);
    const terms = combine === "sum" ? this.#ofTerms(stage, known, weight) : this.#ofExtremes(stage, known);
    this.#contribute(stage, { space, reduce, domain: [...where, ...domain] }, terms);
  }

  /** True if something has contributed to the adjoint of the buffer that is not in it yet. */
  awaits(buffer: string): boolean {
    return this.#pending.has(buffer);
  }

  /** Writes the adjoint of a buffer that awaits it. */
  write(buffer: string, into: string): void {
    const { draft, phases } = this.#passing;
    const to = { name: `${buffer}Gradient`, buffer: into, shape: draft.shapeOf(buffer) };
    const collected = (this.#pending.get(buffer) ?? []).flatMap((one) => collect(one, to, draft, phases));
    const newPart = () => draft.addBuffer(`${prefixed("d", buffer)}Part`, to.shape);
    for (const stage of sumOfAll(collected, this.#adjoints.get(buffer), newPart)) draft.addStage(stage);
    this.#pending.delete(buffer);
    this.#adjoints.set(buffer, into);
  }

  readonly #isActive = (leaf: Leaf): boolean => leaf.kind === "load" && this.#passing.isActive(leaf.buffer);

  /** The buffer that holds the whole adjoint of another one, if it has any. */
  #adjointOf(buffer: string): string | undefined {
    const { draft } = this.#passing;
    const [first, ...more] = this.#pending.get(buffer) ?? [];
    if (!first) return this.#adjoints.get(buffer);
    const isAlone = more.length === 0 && !this.#adjoints.has(buffer);
    const copied = isAlone ? copiedBuffer(first, draft.shapeOf(buffer)) : undefined;
    if (copied === undefined) this.write(buffer, draft.addBuffer(prefixed("d", buffer), draft.shapeOf(buffer)));
    else this.#adjoints.set(buffer, copied);
    this.#pending.delete(buffer);
    return this.#adjoints.get(buffer);
  }

  #contribute(stage: Stage, points: Pick<Contribution, "space" | "reduce" | "domain">, adjoints: Adjoints): void {
    for (const { leaf, value } of adjoints.values()) {
      if (leaf.kind === "local" || isZero(value)) continue;
      const { buffer, at } = leaf;
      const read = printExpr(leaf);
      const contribution = { stage: stage.name, read, ...points, at, value: this.#known(value, stage) };
      this.#pending.set(buffer, [...(this.#pending.get(buffer) ?? []), contribution]);
    }
  }

  /** The expression over buffers, without the local name of the sum. */
  #known(value: Expr, stage: Stage): Expr {
    const namesSum = subexpressions(value).some(({ kind }) => kind === "local");
    return namesSum ? withSum(value, this.#passing.forward.sumOf(stage)) : value;
  }

  /** The adjoints of what the terms of a sum read. */
  #ofTerms(stage: Stage, sum: Expr, weight: Expr): Adjoints {
    // What is more than a constant times the output's adjoint is computed once for all terms.
    const isPlain = stage.reduce.length === 0 || printExpr(factored(sum).core) === printExpr(weight);
    const made = { reduce: [], domain: [], term: sum, finish: local(SUM) };
    return adjointsOf(stage.term, isPlain ? sum : this.#atPoints(stage, "Sum", made), this.#isActive);
  }

  /** The same for an extreme. Terms that equal it share its adjoint equally, as in TensorFlow's `reduce_max`. */
  #ofExtremes(stage: Stage, extreme: Expr): Adjoints {
    const { forward } = this.#passing;
    const [each, found] = [forward.termOf(stage), forward.sumOf(stage)];
    const ifFound = (value: Expr) => chosen("equal", each, found, value, ZERO);
    const { reduce, domain } = stage;
    const made = { reduce, domain, term: ifFound(ONE), finish: divided(extreme, local(SUM)) };
    const shares = adjointsOf(stage.term, this.#atPoints(stage, "Share", made), this.#isActive);
    return new Map([...shares].map(([key, { leaf, value }]) => [key, { leaf, value: ifFound(value) }]));
  }

  /** A value for each point of a stage, in a buffer. */
  #atPoints(stage: Stage, what: string, made: Pick<Stage, "reduce" | "domain" | "term" | "finish">): Expr {
    const { combine: _, ...points } = stage;
    const name = `${stage.name}${what}`;
    const buffer = this.#passing.draft.addBuffer(prefixed("d", name), extentsByName(stage.space));
    const at = overAxes(stage.space);
    this.#passing.draft.addStage({ ...points, ...made, name: `${name}Gradient`, output: { buffer, at } });
    return load(buffer, at);
  }
}

/** The buffer of which a contribution is a copy, element by element. */
function copiedBuffer(contribution: Contribution, shape: readonly number[]): string | undefined {
  const { space, reduce, domain, at, value } = contribution;
  if (value.kind !== "load" || reduce.length > 0 || domain.length > 0) return undefined;
  const isSame = at.length === value.at.length && at.every((form, i) => equals(form, value.at[i] as Affine));
  // What is read at these subscripts was written at them, once at each point.
  return isSame && pointsOf(space) === elementCount(shape) ? value.buffer : undefined;
}
