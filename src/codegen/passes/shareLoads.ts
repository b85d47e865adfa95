/**
 * One load per element and straight run of statements: a tile of P pixels by C channels reads P + C numbers, not 2*P*C.
 * Each shared value is loaded right before its first use, so the written order, which some engines keep, is the order in
 * which the tile's loops ask for it. Stands after promotion, when tiles have become straight runs.
 */
import { type Expr, local, mapOperands } from "../../ir/expr.js";
import { printExpr } from "../../ir/print.js";
import type { Kernel, Stmt } from "../../ir/stmt.js";
import { mapBodies, namesOf, ownValue, withBody } from "../../ir/visit.js";

export function shareLoads(kernel: Kernel): Kernel {
  const taken = namesOf(kernel.body);
  let names = 0;
  const fresh = (buffer: string): string => {
    const name = `${buffer}_${names++}`;
    return taken.has(name) ? fresh(buffer) : name;
  };

  function shareBody(body: readonly Stmt[]): readonly Stmt[] {
    const result: Stmt[] = [];
    let run: Stmt[] = [];
    for (const stmt of body) {
      if (ownValue(stmt)) run.push(stmt);
      else {
        result.push(...shareRun(run), mapBodies(stmt, shareBody));
        run = [];
      }
    }
    return [...result, ...shareRun(run)];
  }

  function shareRun(run: readonly Stmt[]): readonly Stmt[] {
    const uses = new Map<string, number>();
    for (const stmt of run) countReads(ownValue(stmt) as Expr, uses);
    const shared = new Map<string, { name: string; buffer: string }>();
    return run.flatMap((stmt) => {
      const loads: Stmt[] = [];
      const share = (expr: Expr): Expr => {
        const buffer = readBuffer(expr);
        if (buffer === undefined) return mapOperands(expr, share);
        const id = printExpr(expr);
        if ((uses.get(id) ?? 0) < 2) return expr;
        const known = shared.get(id) ?? { name: fresh(buffer), buffer };
        if (!shared.has(id)) loads.push({ kind: "local", name: known.name, value: expr, mutable: false });
        shared.set(id, known);
        return local(known.name, expr.lanes);
      };
      const changed = { ...stmt, value: share(ownValue(stmt) as Expr) } as Stmt;
      // What has been written must be read again.
      if (stmt.kind === "store") for (const [id, { buffer }] of shared) if (buffer === stmt.buffer) shared.delete(id);
      return [...loads, changed];
    });
  }

  return withBody(kernel, shareBody(kernel.body));
}

/** The buffer of a load, or of a splat of one, which is shared as a whole. */
function readBuffer(expr: Expr): string | undefined {
  if (expr.kind === "load") return expr.buffer;
  return expr.kind === "splat" && expr.value.kind === "load" ? expr.value.buffer : undefined;
}

function countReads(expr: Expr, uses: Map<string, number>): void {
  if (readBuffer(expr) !== undefined) {
    const id = printExpr(expr);
    uses.set(id, (uses.get(id) ?? 0) + 1);
    return;
  }
  mapOperands(expr, (operand) => {
    countReads(operand, uses);
    return operand;
  });
}
