/**
 * From lines to drafts of stages: values become expressions, and each reduction but one of a line a stage of its own.
 *
 * The line keeps the reduction with the most terms among those that move along all its axes. Every other one comes
 * before, over the outer axes that it moves along and no others, so `e[i, j] / sum(k: e[i, k])` has each sum once.
 */
import { pointsOf } from "../ir/access.js";
import { type Guard, variable } from "../ir/affine.js";
import { unreachable } from "../ir/errors.js";
import {
  binary,
  type Comparison,
  type Expr,
  type Load,
  load,
  local,
  number,
  operandsOf,
  select,
  unary,
} from "../ir/expr.js";
import type { FreeNames } from "../ir/freeNames.js";
import { type Axis, type Combine, type Stage, SUM } from "../ir/program.js";
import { MAX_PARTS } from "../ir/size.js";
import type { LineAxes } from "./extents.js";
import type { ChoiceNode, FormulaLine, OperationNode, ReadNode, ReductionNode, ValueNode } from "./formula.js";
import { functionOf } from "./functions.js";
import { IndexForms, type Position } from "./indices.js";
import { numbered } from "./numbered.js";
import { printValue } from "./print.js";
import { refuseAt } from "./refuse.js";
import { outerAxesOf, outermost } from "./walk.js";

/** A stage whose forms may name quotients, and whose domain holds conditions alone. */
export interface Draft {
  readonly stage: Stage;
  readonly forms: IndexForms;
  /** How each read was written. */
  readonly reads: ReadonlyMap<Load, ReadNode>;
  readonly line: FormulaLine;
  /** True if terms that read outside a tensor do not count. Without a reduction there are none. */
  readonly isReduced: boolean;
}

/** The name by which a draft's `finish` refers to the number of terms that count. */
export const COUNT = "count";

const COMBINE: Readonly<Record<ReductionNode["by"], Combine | undefined>> = {
  sum: undefined,
  mean: undefined,
  max: "maximum",
  min: "minimum",
};

/** Names of tensors are longest with this many letters, and so leave room for what stages add to them. */
const LONGEST_STEM = 48;

export class Drafting {
  readonly drafts: Draft[] = [];
  /** Tensors that reductions were given, and their shapes. */
  readonly scratch: { readonly name: string; readonly shape: readonly number[] }[] = [];
  /** The tensor of each reduction that is computed before, by its text. */
  readonly #known = new Map<string, string>();

  /** `names` has those of all tensors. */
  constructor(readonly names: FreeNames) {}

  line(line: FormulaLine, axes: LineAxes): void {
    const own = ownReduction(line.value, axes);
    const draft = new StageDraft(this, line, axes, own && textOf(own));
    const value = draft.expr(line.value, { axes: axes.line, position: "point" });
    const at = line.at.map((index) => draft.forms.form(index, "left"));
    const where = line.conditions.map((condition) => draft.forms.guard(condition, "left"));
    const written = { space: axes.line, where, output: { buffer: line.tensor, at } };
    this.drafts.push(draft.finished(line.tensor, written, own, value));
  }

  /** The result of a reduction that is computed before. */
  before(reduction: ReductionNode, line: FormulaLine, axes: LineAxes, outer: readonly Axis[]): Expr {
    const moving = outerAxesOf(reduction);
    const space = outer.filter(({ name }) => moving.has(name));
    const at = space.map(({ name }) => variable(name));
    const text = `${textOf(reduction)} ${JSON.stringify(space)}`;
    const known = this.#known.get(text);
    if (known !== undefined) return load(known, at);
    const { by } = reduction;
    const stem = line.tensor.slice(0, LONGEST_STEM);
    const name = this.names.like(`${stem}${by.slice(0, 1).toUpperCase()}${by.slice(1)}`);
    this.#known.set(text, name);
    const draft = new StageDraft(this, line, axes, undefined);
    const written = { space, where: [], output: { buffer: name, at } };
    this.drafts.push(draft.finished(name, written, reduction, resultOf(reduction)));
    this.scratch.push({ name, shape: space.map(({ extent }) => extent) });
    return load(name, at);
  }
}

/** Equal for reductions that compute the same, whatever their axes are called. */
const textOf = (reduction: ReductionNode): string => printValue(numbered(reduction));

/** The combined terms, or their mean. */
const resultOf = ({ by }: ReductionNode): Expr =>
  by === "mean" ? binary("divide", local(SUM), local(COUNT)) : local(SUM);

/** The reduction that becomes the line's own stage. */
function ownReduction(value: ValueNode, { line, of }: LineAxes): ReductionNode | undefined {
  const fit = outermost(value).filter((reduction) => {
    const moving = outerAxesOf(reduction);
    return line.every(({ name, extent }) => extent <= 1 || moving.has(name));
  });
  const terms = (reduction: ReductionNode) => pointsOf(of.get(reduction) ?? []);
  const most = Math.max(...fit.map(terms));
  return fit.find((reduction) => terms(reduction) === most);
}

/** Where a value is computed. */
interface Around {
  readonly axes: readonly Axis[];
  readonly position: Position;
}

/** The points of a stage, and where it writes their values. */
interface Destination extends Pick<Stage, "space" | "output"> {
  readonly where: Guard;
}

/** One stage. Its term and what becomes of the sum share their quotients. */
class StageDraft {
  readonly forms = new IndexForms();
  readonly #reads = new Map<Load, ReadNode>();
  readonly #parts = new Map<Expr, number>();

  constructor(
    readonly drafting: Drafting,
    readonly line: FormulaLine,
    readonly axes: LineAxes,
    /** The text of the reduction that is this stage's own. */
    readonly own: string | undefined,
  ) {}

  /** `value`: what becomes of the combined terms, or the value itself where there is no reduction. */
  finished(
    name: string,
    { space, where, output }: Destination,
    reduction: ReductionNode | undefined,
    value: Expr,
  ): Draft {
    const reduce = (reduction && this.axes.of.get(reduction)) ?? [];
    const inside: Around = { axes: [...space, ...reduce], position: "term" };
    const term = reduction ? this.expr(reduction.body, inside) : value;
    const finish = reduction ? value : local(SUM);
    const combine = reduction && COMBINE[reduction.by];
    this.#checkParts(term, finish);
    const stage: Stage = {
      name,
      space,
      ...(where.length > 0 ? { where } : {}),
      reduce,
      ...(combine ? { combine } : {}),
      domain: reduction ? reduction.conditions.map((condition) => this.forms.guard(condition, "term")) : [],
      term,
      finish,
      output,
    };
    return { stage, forms: this.forms, reads: this.#reads, line: this.line, isReduced: reduction !== undefined };
  }

  expr(value: ValueNode, around: Around): Expr {
    const exprOf = (part: ValueNode) => this.expr(part, around);
    switch (value.kind) {
      case "number":
        return number(value.value);
      case "read":
        return this.#read(value, around);
      case "negate":
        return unary("negate", exprOf(value.x));
      case "operation":
        return operation(value, exprOf);
      case "call":
        return functionOf(value)(...value.operands.map(exprOf));
      case "choice":
        return choice(value, exprOf);
      case "reduction":
        if (this.own !== undefined && textOf(value) === this.own) return resultOf(value);
        return this.drafting.before(value, this.line, this.axes, around.axes);
      default:
        return unreachable(value);
    }
  }

  #read(node: ReadNode, { position }: Around): Expr {
    const read = load(
      node.tensor,
      node.at.map((index) => this.forms.form(index, position)),
    );
    this.#reads.set(read as Load, node);
    return read;
  }

  /** Functions name their operands several times, so expressions may be far larger than their text. */
  #checkParts(term: Expr, finish: Expr): void {
    if (this.#countParts(term) + this.#countParts(finish) <= MAX_PARTS) return;
    const remedy = "give some of it a line of its own";
    refuseAt(this.line.span, `the line computes more than ${MAX_PARTS} numbers for an element; ${remedy}`);
  }

  #countParts(expr: Expr): number {
    const known = this.#parts.get(expr);
    if (known !== undefined) return known;
    const count = operandsOf(expr).reduce((sum, operand) => sum + this.#countParts(operand), 1);
    this.#parts.set(expr, count);
    return count;
  }
}

const OPERATIONS = { "+": "add", "-": "subtract", "*": "multiply", "/": "divide" } as const;

function operation({ op, a, b, span }: OperationNode<ValueNode>, exprOf: (part: ValueNode) => Expr): Expr {
  if (op === "%") return refuseAt(span, "only subscripts have rests, by %");
  return binary(OPERATIONS[op], exprOf(a), exprOf(b));
}

/** Comparisons, and whether their sides change places. */
const COMPARED: Readonly<Record<ChoiceNode["op"], readonly [Comparison, boolean]>> = {
  "<": ["less", false],
  "<=": ["lessEqual", false],
  ">": ["less", true],
  ">=": ["lessEqual", true],
  "==": ["equal", false],
};

function choice({ op, a, b, then, otherwise }: ChoiceNode, exprOf: (part: ValueNode) => Expr): Expr {
  const [comparison, swaps] = COMPARED[op];
  const [left, right] = swaps ? [b, a] : [a, b];
  return select(comparison, exprOf(left), exprOf(right), exprOf(then), exprOf(otherwise));
}
