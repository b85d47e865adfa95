/** From drafts to stages: quotients become phases, reads imply guards, and means get their counts. */
import { type Expr, loadsOf, rewrite, subexpressions } from "../ir/expr.js";
import type { FreeNames } from "../ir/freeNames.js";
import { phases } from "../ir/phases.js";
import type { BufferDecl, Stage } from "../ir/program.js";
import { countTerms } from "./counts.js";
import { COUNT, type Draft } from "./drafts.js";
import type { ReadNode } from "./formula.js";
import { areEmpty, impliedGuard, rangesOf, refuseOutside, staysWithin } from "./inside.js";
import { printIndex } from "./print.js";
import { refuseAt } from "./refuse.js";

export interface DraftedStages {
  readonly stages: readonly Stage[];
  readonly constants: readonly BufferDecl[];
}

/** `names` gives the constants theirs. Throws `invalid-formula` if a point reads outside a tensor. */
export function stagesOf(
  { stage, forms, reads, line, isReduced }: Draft,
  shapeOf: (tensor: string) => readonly number[],
  names: FreeNames,
): DraftedStages {
  const refuse = (name: string, why: string) => {
    const node = forms.nodeOf(name);
    return refuseAt(node.span ?? line.span, `${printIndex(node)} ${why}`);
  };
  const nodesOf = (expr: Expr) => loadsOf(expr).map((load) => reads.get(load));
  const nodes = { term: nodesOf(stage.term), finish: nodesOf(stage.finish) };
  const constants: BufferDecl[] = [];
  const stages = phases(stage, forms.quotients, { refuse }).map((piece) => {
    checkReads(piece, piece.finish, nodes.finish, shapeOf);
    if (!isReduced) {
      checkReads(piece, piece.term, nodes.term, shapeOf);
      return piece;
    }
    const whole: Stage = { ...piece, domain: [...piece.domain, ...impliedGuard(piece, shapeOf)] };
    if (!subexpressions(whole.finish).some(isCount)) return whole;
    const counted = countTerms(whole, line, names);
    constants.push(...counted.constants);
    return { ...whole, finish: rewrite(whole.finish, (part) => (isCount(part) ? counted.count : part)) };
  });
  return { stages, constants };
}

const isCount = (expr: Expr): boolean => expr.kind === "local" && expr.name === COUNT;

const REMEDY = "a term of a sum may read outside, as in sum(: x[i - 1])";

/** Reads of a point must be inside. `nodes` holds how each was written; what the compiler reads itself is inside. */
function checkReads(
  { space, where = [] }: Stage,
  expr: Expr,
  nodes: readonly (ReadNode | undefined)[],
  shapeOf: (tensor: string) => readonly number[],
): void {
  if (areEmpty(space)) return;
  const bounds = rangesOf(space);
  loadsOf(expr).forEach(({ buffer, at }, place) => {
    const node = nodes[place];
    const shape = shapeOf(buffer);
    at.forEach((form, i) => {
      const size = shape[i] as number;
      const index = node?.at[i];
      if (node && index && !staysWithin(form, size, where, bounds))
        refuseOutside(index, node, form, bounds, size, REMEDY);
    });
  });
}
