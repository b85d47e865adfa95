/**
 * From program to formula: the text that stands for a program, with the shapes and roles that the text leaves open.
 *
 * Each stage is a line. Extents are stated where no shape tells them, and guards where no read implies them.
 */
import { type Affine, type Guard, key } from "../ir/affine.js";
import { failInternally, unreachable } from "../ir/errors.js";
import { type BinaryOp, COMPARISONS, type Expr } from "../ir/expr.js";
import { type Axis, type Combine, type Program, type Stage, SUM } from "../ir/program.js";
import {
  type AxisEntry,
  axisEntry,
  axisNode,
  type ConditionNode,
  callNode,
  choiceNode,
  conditionNode,
  type FormulaLine,
  formulaLine,
  type IndexNode,
  negationNode,
  numberNode,
  type Operator,
  operationNode,
  type ReadNode,
  type ReductionNode,
  readNode,
  reductionNode,
  type ValueNode,
} from "./formula.js";
import { impliedGuard } from "./inside.js";
import type { FormulaOptions } from "./options.js";
import { printFormula } from "./print.js";
import { axesOfLine, outerAxesOf, readsOf } from "./walk.js";

/** A formula as text, and all that `formulaProgram` needs beside it. */
export interface FormulaSource extends Required<FormulaOptions> {
  readonly formula: string;
}

/**
 * The formula of a program that writes each element of its buffers once. Of it the same program is made, but for names
 * of stages. Buffers that no stage names are left out, a `finish` without the sum becomes the term, and stages that
 * read weights alone move to `prepare`.
 */
export function formulaOf({ name, buffers, prepare, run }: Program): FormulaSource {
  const stages = [...prepare, ...run];
  const shapes = new Map(buffers.map((buffer) => [buffer.name, buffer.shape]));
  const writes = new Map<string, number>();
  for (const { output } of stages) writes.set(output.buffer, (writes.get(output.buffer) ?? 0) + 1);
  const lines = stages.map((stage) => new StagePrinter(stage, shapes, writes.get(stage.output.buffer) === 1).line());
  const named = new Set(lines.flatMap(({ tensor, value }) => [tensor, ...readsOf(value).map((read) => read.tensor)]));
  const used = buffers.filter((buffer) => named.has(buffer.name));
  const withRole = (role: string) => used.filter((buffer) => buffer.role === role);
  return {
    name,
    formula: printFormula({ lines }),
    tensors: Object.fromEntries(used.map(({ name, shape }) => [name, shape])),
    weights: withRole("weights").map(({ name }) => name),
    constants: Object.fromEntries(withRole("constant").map(({ name, values = [] }) => [name, values])),
    outputs: withRole("output").map(({ name }) => name),
  };
}

const BY: Readonly<Record<Combine, ReductionNode["by"]>> = { sum: "sum", maximum: "max", minimum: "min" };

class StagePrinter {
  constructor(
    readonly stage: Stage,
    readonly shapes: ReadonlyMap<string, readonly number[]>,
    /** True if no other stage writes its buffer. */
    readonly isAlone: boolean,
  ) {}

  line(): FormulaLine {
    const { space, where = [], output, finish } = this.stage;
    const at = output.at.map(indexOf);
    const value = valueNodeOf(finish, this.#sum());
    const line = formulaLine(output.buffer, at, value, { conditions: where.map(conditionOf) });
    const elements = [...(this.isAlone ? [line] : []), ...readsOf(value)];
    const stated = space.filter((axis) => !this.#isTold(axis, elements)).map(entryOf);
    const isInOrder = axesOfLine({ ...line, axes: stated }).join() === space.map(({ name }) => name).join();
    return { ...line, axes: isInOrder ? stated : space.map(entryOf) };
  }

  /** The terms that `finish` is given. */
  #sum(): ValueNode {
    const { space, reduce, combine = "sum", domain, term, finish } = this.stage;
    const body = valueNodeOf(term, undefined);
    const isPlain = reduce.length === 0 && domain.length === 0 && combine === "sum";
    if (isPlain && finish.kind === "local") return body;
    const conditions = this.#conditions().map(conditionOf);
    const axes = reduce.map((axis) => (this.#isTold(axis, readsOf(body)) ? axisEntry(axis.name) : entryOf(axis)));
    const moving = outerAxesOf(reductionNode(BY[combine], axes, body, { conditions }));
    const each = space.filter(({ name, extent }) => extent > 1 && !moving.has(name)).map(({ name }) => axisNode(name));
    return reductionNode(BY[combine], axes, body, { conditions, each });
  }

  /** The first forms of the domain, up to those that reads imply. */
  #conditions(): Guard {
    const { domain } = this.stage;
    const impliedBy = (conditions: Guard) =>
      impliedGuard({ ...this.stage, domain: conditions }, this.#shapeOf).map(key);
    const texts = domain.map(key);
    // Reads imply less beside conditions, so none of what they never imply is left out.
    const most = new Set(impliedBy([]));
    for (let i = texts.findLastIndex((text) => !most.has(text)) + 1; i < domain.length; i++) {
      const conditions = domain.slice(0, i);
      if (impliedBy(conditions).join() === texts.slice(i).join()) return conditions;
    }
    return domain;
  }

  /** True if subscripts that the axis alone makes up tell its extent. */
  #isTold({ name, extent }: Axis, elements: readonly Pick<ReadNode, "tensor" | "at">[]): boolean {
    const sizes = elements.flatMap(({ tensor, at }) =>
      at.flatMap((index, i) => (index.kind === "axis" && index.name === name ? [this.#shapeOf(tensor)[i]] : [])),
    );
    return sizes.length > 0 && sizes.every((size) => size === extent);
  }

  #shapeOf = (tensor: string): readonly number[] =>
    this.shapes.get(tensor) ?? failInternally(`there is no buffer ${tensor}`);
}

const entryOf = ({ name, extent }: Axis): AxisEntry => axisEntry(name, extent);

const conditionOf = (form: Affine): ConditionNode => conditionNode(">=", indexOf(form), numberNode(0));

/** A sum that begins with what is positive, if anything is. */
function indexOf({ constant, terms }: Affine): IndexNode {
  const parts = Object.entries(terms).map(([name, by]) => ({ by, name }));
  const all: { by: number; name?: string }[] =
    constant === 0 && parts.length > 0 ? parts : [...parts, { by: constant }];
  const positive = Math.max(
    0,
    all.findIndex(({ by }) => by > 0),
  );
  const [first, ...rest] = [
    ...all.slice(positive, positive + 1),
    ...all.slice(0, positive),
    ...all.slice(positive + 1),
  ];
  const start = signed(first?.by ?? 0, first?.name);
  return rest.reduce(
    (sum: IndexNode, { by, name }) => operationNode(by < 0 ? "-" : "+", sum, signed(Math.abs(by), name)),
    start,
  );
}

function signed(by: number, name: string | undefined): IndexNode {
  if (name === undefined) return numberNode(by);
  if (by === 1) return axisNode(name);
  return by === -1
    ? negationNode<IndexNode>(axisNode(name))
    : operationNode<IndexNode>("*", numberNode(by), axisNode(name));
}

const OPERATORS: Readonly<Record<Exclude<BinaryOp, "minimum" | "maximum">, Operator>> = {
  add: "+",
  subtract: "-",
  multiply: "*",
  divide: "/",
};

/** `sum`: what stands for the combined terms. */
function valueNodeOf(expr: Expr, sum: ValueNode | undefined): ValueNode {
  const of = (part: Expr) => valueNodeOf(part, sum);
  switch (expr.kind) {
    case "const":
      return numberNode(expr.value);
    case "local":
      return (expr.name === SUM ? sum : undefined) ?? failInternally(`a stage knows no local ${expr.name}`);
    case "load":
      return readNode(expr.buffer, expr.at.map(indexOf));
    case "unary":
      return expr.op === "negate" ? negationNode(of(expr.x)) : callNode(expr.op, [of(expr.x)]);
    case "binary": {
      const { op, a, b } = expr;
      if (op === "minimum" || op === "maximum") return callNode(BY[op], [of(a), of(b)]);
      return operationNode(OPERATORS[op], of(a), of(b));
    }
    case "select": {
      const { op, a, b, then, otherwise } = expr;
      return choiceNode(COMPARISONS[op] as "<" | "<=" | "==", [of(a), of(b)], of(then), of(otherwise));
    }
    case "splat":
    case "lane":
    case "fma":
      return failInternally(`a stage holds no ${expr.kind}; schedules introduce it`);
    default:
      return unreachable(expr);
  }
}
