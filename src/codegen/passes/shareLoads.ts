/**
 * Loads each element once per straight run: a tile of P x C reads P + C numbers, not 2*P*C.
 *
 * Each shared value is loaded right before its first use. Some engines keep the written order, so loads happen in the
 * order in which the tile's loops ask for them. The pass comes after promotion, when tiles have become straight runs.
 */

import { type Expr, local, mapOperands, operandsOf } from "../../ir/expr.js";
import { printExpr } from "../../ir/print.js";
import type { LoopKernel, Stmt } from "../../ir/stmt.js";
import { freeNamesIn, mapRuns, ownValue, withBody } from "../../ir/visit.js";
import type { Target } from "../target.js";

export function shareLoads(kernel: LoopKernel, target: Target): LoopKernel {
  // A value that waits longer than there are registers waits in memory, and reading it again costs no more. If elements
  // are read by an index, which is tested, even waiting in memory is cheaper than reading again.
  const patience = target.addressing === "bytes" ? target.registers : Number.POSITIVE_INFINITY;
  const names = freeNamesIn(kernel);

  function shareRun(run: readonly Stmt[]): readonly Stmt[] {
    const uses = new Map<string, number>();
    const ids = new Map<Expr, string>();
    for (const stmt of run) countReads(ownValue(stmt) as Expr, uses, ids);
    const shared = new Map<string, { name: string; buffer: string; since: number }>();
    return run.flatMap((stmt, place) => {
      const loads: Stmt[] = [];
      const share = (expr: Expr): Expr => {
        const buffer = readBuffer(expr);
        if (buffer === undefined) return mapOperands(expr, share);
        const id = ids.get(expr) as string;
        if ((uses.get(id) ?? 0) < 2) return expr;
        const before = shared.get(id);
        if (before && place - before.since <= patience) return local(before.name, expr.lanes);
        const name = names.numbered(`${buffer}_`);
        loads.push({ kind: "local", name, value: expr, mutable: false });
        shared.set(id, { name, buffer, since: place });
        return local(name, expr.lanes);
      };
      const changed = { ...stmt, value: share(ownValue(stmt) as Expr) } as Stmt;
      // A store may change the elements that were loaded before.
      if (stmt.kind === "store") for (const [id, { buffer }] of shared) if (buffer === stmt.buffer) shared.delete(id);
      return [...loads, changed];
    });
  }

  return withBody(kernel, mapRuns(kernel.body, shareRun));
}

/** The buffer of a load, or of a splat of a load. A splat is shared as a whole. */
function readBuffer(expr: Expr): string | undefined {
  if (expr.kind === "load") return expr.buffer;
  return expr.kind === "splat" && expr.value.kind === "load" ? expr.value.buffer : undefined;
}

/** Counts how often each element is read, by a text that two reads of one element have in common. */
function countReads(expr: Expr, uses: Map<string, number>, ids: Map<Expr, string>): void {
  if (readBuffer(expr) === undefined) {
    for (const operand of operandsOf(expr)) countReads(operand, uses, ids);
    return;
  }
  const id = ids.get(expr) ?? printExpr(expr);
  ids.set(expr, id);
  uses.set(id, (uses.get(id) ?? 0) + 1);
}
