/**
 * The forward pass: what derivatives read of the values that a program computes.
 *
 * Whatever they name is computed once, by stages of the program itself. What a stage has in no buffer, the sum before
 * its `finish` or the terms before their maximum, gets one when a derivative names it, and another stage goes on from
 * there.
 */
import { type Expr, load, loadsOf, local, subexpressions } from "../expr.js";
import { type Axis, type Stage, SUM } from "../program.js";
import { withSum } from "./algebra.js";
import { type GradientDraft, prefixed } from "./draft.js";
import { extentsByName, isPointwise, overAxes, pointwise } from "./stages.js";

/** A sum of one term is its term, so that `finish` can join it. */
const simple = (stage: Stage): Stage =>
  isPointwise(stage) ? pointwise(stage, withSum(stage.finish, stage.term), stage.output) : stage;

export class Forward {
  readonly stages: readonly Stage[];
  readonly #draft: GradientDraft;
  /** The buffers that were asked for, by stage. */
  readonly #sums = new Map<Stage, string>();
  readonly #terms = new Map<Stage, string>();

  constructor(stages: readonly Stage[], draft: GradientDraft) {
    this.stages = stages.map(simple);
    this.#draft = draft;
  }

  /** The sum of a stage at each of its points. */
  sumOf(stage: Stage): Expr {
    const { name, space, finish, output } = stage;
    if (finish.kind === "local") return load(output.buffer, output.at);
    return this.#kept(this.#sums, stage, `${name}Sum`, space);
  }

  /**
   * The terms of a stage, each with the bits that its maximum was taken over: a computed number that is computed again
   * might be rounded in another way.
   */
  termOf(stage: Stage): Expr {
    const { name, space, reduce, term } = stage;
    return isExact(term) ? term : this.#kept(this.#terms, stage, `${name}Terms`, [...space, ...reduce]);
  }

  #kept(buffers: Map<Stage, string>, stage: Stage, name: string, axes: readonly Axis[]): Expr {
    const buffer = buffers.get(stage) ?? this.#draft.addBuffer(name, extentsByName(axes));
    buffers.set(stage, buffer);
    return load(buffer, overAxes(axes));
  }

  /** The stages that compute what the given ones read, in order. */
  neededBy(readers: readonly Stage[]): Stage[] {
    const needed = new Set<string>();
    const need = ({ term, finish }: Stage) => {
      for (const { buffer } of [...loadsOf(term), ...loadsOf(finish)]) needed.add(buffer);
    };
    readers.forEach(need);
    const last = this.stages.flatMap((stage) => this.#parts(stage)).toReversed();
    const chosen = last.filter((stage) => {
      const isNeeded = needed.has(stage.output.buffer);
      if (isNeeded) need(stage);
      return isNeeded;
    });
    return chosen.toReversed();
  }

  /** The stage, divided where a buffer was asked for. */
  #parts(stage: Stage): Stage[] {
    const [sum, terms] = [this.#sums.get(stage), this.#terms.get(stage)];
    const nameLike = (what: string) => this.#draft.nameLike(prefixed(what, stage.name));
    const parts: Stage[] = [];
    let rest = stage;
    if (terms !== undefined) {
      const space = [...stage.space, ...stage.reduce];
      const at = overAxes(space);
      const output = { buffer: terms, at };
      parts.push({
        ...pointwise({ ...stage, name: nameLike("termsOf"), space }, stage.term, output),
        domain: stage.domain,
      });
      rest = { ...rest, term: load(terms, at) };
    }
    if (sum === undefined) return [...parts, rest];
    const at = overAxes(stage.space);
    const finished = pointwise(
      { ...stage, name: nameLike("finish") },
      withSum(stage.finish, load(sum, at)),
      stage.output,
    );
    return [...parts, { ...rest, finish: local(SUM), output: { buffer: sum, at } }, finished];
  }
}

/** True for what no target rounds. */
const isExact = (expr: Expr): boolean =>
  subexpressions(expr).every(
    (part) =>
      part.kind === "load" ||
      part.kind === "const" ||
      part.kind === "select" ||
      (part.kind === "unary" && (part.op === "negate" || part.op === "abs")) ||
      (part.kind === "binary" && (part.op === "minimum" || part.op === "maximum")),
  );
