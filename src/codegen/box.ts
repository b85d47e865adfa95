/**
 * Box caches: a copy of the box of a buffer that the body of a loop reads.
 *
 * Interval analysis finds the box, and the copy is made at the top of the body. In workgroup memory the invocations
 * share the copying, with a barrier before it and one after it. No sketch asks for a box: it is for schedules written
 * by hand that name no layout.
 */
import { type Affine, add, affine, decide, range, restrict, subtract, variable, within } from "../ir/affine.js";
import { fail } from "../ir/errors.js";
import { type Expr, load, loadsOf, rewrite } from "../ir/expr.js";
import { type BufferDecl, elementCount, stridesOf } from "../ir/program.js";
import { forLoop, guarded, type Stmt } from "../ir/stmt.js";
import {
  boundsOf,
  type CacheDirective,
  isInvocation,
  type Loop,
  loopVariables,
  type Nest,
  withDependents,
} from "./nest.js";

export interface Box {
  readonly name: string;
  readonly source: BufferDecl;
  readonly at: string;
  /** The place of loop `at` in the nest. */
  readonly place: number;
  readonly space: "local" | "workgroup";
  /** The first element of the box along each dimension, as a form over the loops outside the box. */
  readonly starts: readonly Affine[];
  readonly extents: readonly number[];
  /**
   * Forms of "inside the source" that may fail. They are over the variables of `starts` and the subscripts of the box.
   */
  readonly inside: readonly Affine[];
}

/** The box for a `cache` directive, and the term that reads from it. */
export function boxOf(
  cache: CacheDirective,
  nest: Nest,
  term: Expr,
  buffers: readonly BufferDecl[],
): { box: Box; term: Expr } {
  const refuse = (why: string): never => fail("invalid-schedule", `${nest.stage.name}: cache(${cache.buffer}): ${why}`);
  const reads = loadsOf(term).filter((read) => read.buffer === cache.buffer);
  const [read] = reads;
  const source = buffers.find((buffer) => buffer.name === cache.buffer);
  if (!source || read === undefined || reads.length > 1) return refuse("the term must read it exactly once");
  const place = nest.loops.findIndex((loop) => loop.name === cache.at);
  const sharer = nest.loops.slice(place + 1).find(isInvocation);
  if (cache.space === "workgroup" && sharer)
    refuse(`invocations share it, so ${sharer.name} must be outside ${cache.at}`);
  const { bounds, inner } = insideLoop(nest, place, cache.space);

  const starts: Affine[] = [];
  const extents: number[] = [];
  for (const form of read.at) {
    const moving = restrict(form, (name) => inner.has(name));
    const { min, max } = range(moving, bounds);
    starts.push(add(subtract(form, moving), min));
    extents.push(max - min + 1);
  }
  const name = `${cache.buffer}Cache`;
  const subscripts = read.at.map((form, i) => subtract(form, starts[i] as Affine));
  extents.forEach((extent, i) => void bounds.set(boxSubscript(name, i), { min: 0, max: extent - 1 }));
  const inside = starts
    .flatMap((start, i) => within(add(start, variable(boxSubscript(name, i))), source.shape[i] as number))
    .filter((form) => decide([form], bounds) !== "always");
  return {
    box: { name, source, at: cache.at, place, space: cache.space, starts, extents, inside },
    term: rewrite(term, (expr): Expr => (expr === read ? load(name, subscripts) : expr)),
  };
}

/** Bounds of all variables, and the names of the variables that move while one copy is in use. */
function insideLoop(nest: Nest, place: number, space: Box["space"]) {
  const bounds = boundsOf(nest);
  const { loops, indices } = nest;
  const isShared = (loop: Loop) => space === "workgroup" && isInvocation(loop);
  const varying = loops.filter((loop, i) => i > place || isShared(loop)).flatMap(loopVariables);
  return { bounds, inner: withDependents(varying, indices) };
}

const boxSubscript = (box: string, dimension: number): string => `${box}${dimension}`;

/** The copy. Elements outside the source stay undefined, because the guards of the sum never let them be read. */
export function copyBox(box: Box, loops: readonly Loop[]): readonly Stmt[] {
  const at = box.extents.map((_, i) => variable(boxSubscript(box.name, i)));
  const from = box.starts.map((start, i) => add(start, at[i] as Affine));
  const copy = guarded(box.inside, [{ kind: "store", buffer: box.name, at, value: load(box.source.name, from) }]);
  const invocations = loops.filter(isInvocation);
  if (box.space === "local" || invocations.length === 0) return copyInTurn(box, copy);
  return [{ kind: "barrier" }, ...copyTogether(box, copy, invocations), { kind: "barrier" }];
}

const copyInTurn = (box: Box, copy: readonly Stmt[]): readonly Stmt[] =>
  box.extents.reduceRight((body, extent, i) => [forLoop(boxSubscript(box.name, i), extent, "serial", body)], copy);

/** Element e of the box falls to invocation e mod (number of invocations), so neighbours read neighbouring elements. */
function copyTogether(box: Box, copy: readonly Stmt[], invocations: readonly Loop[]): readonly Stmt[] {
  const team = invocations.reduce((count, loop) => count * loop.extent, 1);
  const count = elementCount(box.extents);
  const step = `${box.name}Step`;
  let stride = team;
  let element: Affine = variable(step, team);
  for (const loop of invocations) {
    stride /= loop.extent;
    element = add(element, variable(loop.name, stride));
  }
  const indices: Stmt[] = [];
  let rest = element;
  stridesOf(box.extents).forEach((size, i) => {
    const name = boxSubscript(box.name, i);
    indices.push({ kind: "index", name, value: rest, divisor: size, min: 0, max: (box.extents[i] as number) - 1 });
    rest = subtract(rest, variable(name, size));
  });
  const inRange = count % team === 0 ? [] : [subtract(affine(count - 1), element)];
  const body = guarded(inRange, [...indices, ...copy]);
  return [forLoop(step, Math.ceil(count / team), "serial", body)];
}
