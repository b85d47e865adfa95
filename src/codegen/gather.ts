/**
 * Gathered caches: a copy of the elements that a loop's body reads, in the order of its reads.
 *
 * An image-to-column transform makes such a copy of the whole image; this one holds one tile. The loops of the layout
 * *are* the subscripts of the copy.
 *
 * The copy also has elements that the sum leaves out: padding, and pixels and channels past the end. They are zeros if
 * a zero makes their terms zero, so the sum needs no guard. A maximum of the elements themselves has -Infinity there.
 */
import { type Affine, coefficientOf, decide, type Guard, key, variable, variablesOf, within } from "../ir/affine.js";
import { fail } from "../ir/errors.js";
import { type Expr, type Load, load, loadsOf, rewrite } from "../ir/expr.js";
import { adjacentDimension, type BufferDecl, combinationOf, elementCount, flatten } from "../ir/program.js";
import {
  boundsOf,
  type CacheDirective,
  isInvocation,
  type Loop,
  loopVariables,
  type Nest,
  withDependents,
} from "./nest.js";

export interface Gathered {
  readonly name: string;
  readonly at: string;
  /** The place of loop `at` in the nest. */
  readonly place: number;
  readonly space: CacheDirective["space"];
  readonly layout: readonly Loop[];
  readonly read: Load;
  /** Forms that hold for each element that is copied from the buffer. */
  readonly exists: Guard;
  /** The value of all other elements, with which their terms change nothing. Undefined if no number does that. */
  readonly fill: number | undefined;
  /** Numbers that are copied at once. */
  readonly lanes: number;
}

/** The copy for a `cache` directive, and the term that reads from it. `lanes` is the length of the target's vectors. */
export function gatherOf(
  cache: CacheDirective & { readonly layout: readonly string[] },
  nest: Nest,
  term: Expr,
  buffers: readonly BufferDecl[],
  lanes: number,
): { gathered: Gathered; term: Expr } {
  const refuse = (why: string): never => fail("invalid-schedule", `${nest.stage.name}: cache(${cache.buffer}): ${why}`);
  const reads = loadsOf(term).filter((read) => read.buffer === cache.buffer);
  const [read] = reads;
  const source = buffers.find((buffer) => buffer.name === cache.buffer);
  if (!source || read === undefined || reads.length > 1) return refuse("the term must read it exactly once");
  const { identity, op } = combinationOf(nest.stage);
  const isFactor = term.kind === "binary" && term.op === "multiply" && [term.a, term.b].includes(read);

  const place = nest.loops.findIndex((loop) => loop.name === cache.at);
  const isShared = (loop: Loop) => cache.space === "workgroup" && isInvocation(loop);
  const sharer = nest.loops.slice(place + 1).find(isShared);
  if (sharer) refuse(`invocations share it, so ${sharer.name} must be outside ${cache.at}`);
  const varying = nest.loops.filter((loop, i) => i > place || isShared(loop));
  const layout = cache.layout.map(
    (name) =>
      varying.find((loop) => loop.name === name && !loop.shift) ?? refuse(`${name} is no loop that moves in the copy`),
  );
  if (new Set(layout).size !== layout.length) refuse("each loop may be named once");
  const moving = withDependents(varying.flatMap(loopVariables), nest.indices);
  const named = new Set(cache.layout);
  const loopsIn = (form: Affine): string[] =>
    variablesOf(form).flatMap((name) => {
      const index = nest.indices.find((one) => one.name === name);
      return index ? loopsIn(index.value) : [name];
    });
  const isNamed = (form: Affine) => loopsIn(form).every((name) => !moving.has(name) || named.has(name));
  const stranger = read.at.flatMap(loopsIn).find((name) => moving.has(name) && !named.has(name));
  if (stranger !== undefined) refuse(`the layout must name ${stranger}, which its subscripts depend on`);

  const summed = [...nest.stage.domain, ...nest.tails.filter(({ sum }) => sum).map(({ form }) => form)];
  const known = summed.filter((form) => isNamed(form) && variablesOf(form).some((name) => moving.has(name)));
  const bounds = boundsOf(nest);
  const inside = read.at.flatMap((form, i) => within(form, source.shape[i] as number));
  const open = [...known, ...inside].filter((form) => decide([form], bounds) !== "always");
  const exists = [...new Map(open.map((form) => [key(form), form])).values()];
  const name = `${cache.buffer}Cache`;
  const at = flatten(
    layout.map((loop) => variable(loop.name)),
    layout.map((loop) => loop.extent),
  );
  const last = layout.at(-1);
  const isVector = last !== undefined && last.extent % lanes === 0 && isAdjacent(last.name, read, source, exists, nest);
  return {
    gathered: {
      name,
      at: cache.at,
      place,
      space: cache.space,
      layout,
      read,
      exists,
      fill: term === read || (isFactor && op === "add") ? identity : undefined,
      lanes: isVector ? lanes : 1,
    },
    term: rewrite(term, (expr): Expr => (expr === read ? load(name, [at]) : expr)),
  };
}

/** True if neighbours along the loop are neighbours in memory, and either all or none of them exist. */
function isAdjacent(loop: string, { at }: Load, source: BufferDecl, exists: Guard, { indices }: Nest): boolean {
  const names = withDependents([loop], indices);
  const along = adjacentDimension(source.shape);
  return (
    names.size === 1 &&
    at.every((form, i) => coefficientOf(form, loop) === (i === along ? 1 : 0)) &&
    exists.every((form) => coefficientOf(form, loop) === 0)
  );
}

/** Numbers in the copy. */
export const sizeOf = ({ layout }: Gathered): number => elementCount(layout.map((loop) => loop.extent));
