/**
 * The operations of a kernel, loop by loop: where the time of a call goes, as far as counting tells.
 *
 * An operation is arithmetic on a number or vector, or an access to memory; registers are free. Guards count as true,
 * so counts are somewhat too high where tiles are ragged or taps miss the image. Give the nest: no loop is written out
 * there.
 */
import { type Expr, mapOperands } from "../ir/expr.js";
import type { For, LoopKernel, Stmt } from "../ir/stmt.js";
import { bodiesOf, ownValue, statements } from "../ir/visit.js";

/** The operations in one loop that stays a loop, without those of such loops in it. */
export interface LoopWork {
  readonly kernel: string;
  /** The names of the loops around the operations, outermost first. Empty for those in no loop. */
  readonly loops: readonly string[];
  /** Operations of one call. */
  readonly operations: number;
}

/** The work of all loops that have some of their own, in the order of the kernel. */
export function loopWork(kernel: LoopKernel): LoopWork[] {
  const count = counterFor(kernel);
  const found: LoopWork[] = [];
  const visit = (body: readonly Stmt[], loops: readonly string[], times: number): number =>
    body.reduce((own, stmt) => {
      const inner = times * timesOf(stmt);
      if (stmt.kind === "for" && staysLoop(stmt)) {
        collect(stmt.body, [...loops, stmt.name], inner);
        return own;
      }
      return bodiesOf(stmt).reduce((sum, part) => sum + visit(part, loops, inner), own + inner * count(stmt));
    }, 0);
  const collect = (body: readonly Stmt[], loops: readonly string[], times: number): void => {
    const place = found.length;
    const operations = visit(body, loops, times);
    if (operations > 0) found.splice(place, 0, { kernel: kernel.name, loops, operations });
  };
  collect(kernel.body, [], 1);
  return found;
}

/** The operations at and below each line of `printKernel`, in the order of its lines. */
export function operationsByLine(kernel: LoopKernel): number[] {
  const count = counterFor(kernel);
  const lines: number[] = [];
  const line = (operationsBelow: () => number): number => {
    const place = lines.push(0) - 1;
    const operations = operationsBelow();
    lines[place] = operations;
    return operations;
  };
  const sum = (body: readonly Stmt[], times: number): number =>
    body.reduce((operations, stmt) => operations + visit(stmt, times), 0);
  const visit = (stmt: Stmt, times: number): number => {
    const inner = times * timesOf(stmt);
    const [body = [], otherwise = []] = bodiesOf(stmt);
    const operations = line(() => inner * count(stmt) + sum(body, inner));
    return otherwise.length === 0 ? operations : operations + line(() => sum(otherwise, inner));
  };
  line(() => sum(kernel.body, 1));
  return lines;
}

const staysLoop = ({ loop }: For): boolean => loop !== "unrolled" && loop !== "vectorized";

/** How often the bodies of a statement run each time it does. A vector counts as one. */
const timesOf = (stmt: Stmt): number => (stmt.kind === "for" && stmt.loop !== "vectorized" ? stmt.extent : 1);

/** Counts the operations of a statement itself, those in its bodies left out. */
function counterFor({ body }: LoopKernel): (stmt: Stmt) => number {
  const registers = new Set(
    statements(body).flatMap((stmt) => (stmt.kind === "alloc" && stmt.space === "register" ? [stmt.buffer] : [])),
  );
  const inExpr = (expr: Expr): number => {
    let operations = 0;
    if (expr.kind === "unary" || expr.kind === "binary") operations = 1;
    if (expr.kind === "fma" || expr.kind === "select") operations = 2;
    if (expr.kind === "load" && !registers.has(expr.buffer)) operations = 1;
    mapOperands(expr, (operand) => {
      operations += inExpr(operand);
      return operand;
    });
    return operations;
  };
  return (stmt) => {
    const value = ownValue(stmt);
    const stored = stmt.kind === "store" && !registers.has(stmt.buffer) ? 1 : 0;
    return value ? inExpr(value) + stored : 0;
  };
}
