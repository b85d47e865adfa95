/**
 * The backward pass: from the last stage to the first, each passes on to what it reads how much that matters.
 *
 * The *adjoint* of a buffer is the derivative of `<upstream, output>` with respect to each of its elements. When a stage's
 * turn comes, all that read its output have contributed to the adjoint of that, and it is summed. Then the stage
 * contributes to the adjoints of the buffers that it reads itself.
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
import { type Declared, prefixed } from "./declarations.js";
import type { Forward } from "./forward.js";
import { withOwnAxes } from "./renamed.js";
import { extentsByName, overAxes } from "./stages.js";
import { sumOfAll } from "./sumOfAll.js";

export interface Passing {
  readonly forward: Forward;
  readonly declared: Declared;
  readonly phases: PhasesAs;
  /** True for the tensor and the buffers that depend on it. All others are constants. */
  readonly isActive: (buffer: string) => boolean;
}

export class Backward {
  /** What computes the adjoints, in order. */
  readonly stages: Stage[] = [];
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
    const { space, reduce, where = [], domain } = stage;
    const isActive = (leaf: Leaf) => leaf.kind === "load" && this.#passing.isActive(leaf.buffer);
    const isSummed = [...loadsOf(stage.term)].some(isActive);
    const finish = adjointsOf(stage.finish, weight, (leaf) => (leaf.kind === "local" ? isSummed : isActive(leaf)));
    this.#contribute(stage, { space, reduce: [], domain: where }, finish);
    const sum = finish.get(SUM);
    if (!sum) return;
    const terms = this.#termAdjoints(stage, this.#known(sum.value, stage), weight, isActive);
    this.#contribute(stage, { space, reduce, domain: [...where, ...domain] }, terms);
  }

  /** True if something has contributed to the adjoint of the buffer that is not in it yet. */
  awaits(buffer: string): boolean {
    return this.#pending.has(buffer);
  }

  /** Writes the adjoint of a buffer that awaits it. */
  write(buffer: string, into: string): void {
    const { declared, phases } = this.#passing;
    const to = { name: `${buffer}Gradient`, buffer: into, shape: declared.shapeOf(buffer) };
    const collected = (this.#pending.get(buffer) ?? []).map((one) =>
      collect(one, to, { declared, phases, emit: (stage) => this.#emit(stage) }),
    );
    const before = this.#adjoints.get(buffer);
    const part = () => declared.add(`${prefixed("d", buffer)}Part`, to.shape);
    for (const stage of sumOfAll(collected, before, part)) this.#emit(stage);
    this.#adjoints.set(buffer, into);
  }

  #adjointOf(buffer: string): string | undefined {
    const { declared } = this.#passing;
    const pending = this.#pending.get(buffer);
    if (!pending) return this.#adjoints.get(buffer);
    const [first, ...more] = pending;
    const copied = first && more.length === 0 && !this.#adjoints.has(buffer) ? this.#copied(first, buffer) : undefined;
    if (copied === undefined) this.write(buffer, declared.add(prefixed("d", buffer), declared.shapeOf(buffer)));
    else this.#adjoints.set(buffer, copied);
    this.#pending.delete(buffer);
    return this.#adjoints.get(buffer);
  }

  /** The buffer that has the whole contribution to another one, element by element, so that it needs no copy. */
  #copied({ space, reduce, domain, at, value }: Contribution, buffer: string): string | undefined {
    if (value.kind !== "load" || reduce.length > 0 || domain.length > 0) return undefined;
    const shape = this.#passing.declared.shapeOf(buffer);
    const isSame = at.length === value.at.length && at.every((form, i) => equals(form, value.at[i] as Affine));
    // What is read at these subscripts was written at them, once at each point.
    return isSame && pointsOf(space) === elementCount(shape) ? value.buffer : undefined;
  }

  #emit(stage: Stage): void {
    this.stages.push({ ...withOwnAxes(stage), name: this.#passing.declared.nameLike(stage.name) });
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
    const namesSum = [...subexpressions(value)].some(({ kind }) => kind === "local");
    return namesSum ? withSum(value, this.#passing.forward.sumOf(stage)) : value;
  }

  /**
   * The adjoints of what the term reads, given that of the sum. Terms that equal the extreme share its adjoint equally,
   * as in TensorFlow's `reduce_max`.
   */
  #termAdjoints(stage: Stage, sum: Expr, weight: Expr, isActive: (leaf: Leaf) => boolean): Adjoints {
    const { term, combine = "sum", space, reduce, domain, name } = stage;
    const kept = (what: string, made: Pick<Stage, "reduce" | "domain" | "term" | "finish">): Expr => {
      const buffer = this.#passing.declared.add(prefixed("d", `${name}${what}`), extentsByName(space));
      const { combine: _, ...rest } = stage;
      const at = overAxes(space);
      this.#emit({ ...rest, ...made, name: `${name}${what}Gradient`, output: { buffer, at } });
      return load(buffer, at);
    };
    if (combine === "sum") {
      // What is more than a constant times the output's adjoint is computed once for all terms of a sum.
      const isPlain = reduce.length === 0 || printExpr(factored(sum).core) === printExpr(weight);
      const value = isPlain ? sum : kept("Sum", { reduce: [], domain: [], term: sum, finish: local(SUM) });
      return adjointsOf(term, value, isActive);
    }
    const [each, extreme] = [this.#passing.forward.termOf(stage), this.#passing.forward.sumOf(stage)];
    const ifExtreme = (value: Expr) => chosen("equal", each, extreme, value, ZERO);
    const share = kept("Share", { reduce, domain, term: ifExtreme(ONE), finish: divided(sum, local(SUM)) });
    const shares = adjointsOf(term, share, isActive);
    return new Map([...shares].map(([key, { leaf, value }]) => [key, { leaf, value: ifExtreme(value) }]));
  }
}
