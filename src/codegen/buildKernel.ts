/**
 * From nest to kernel: the loops, the sum with its accumulators, the caches and the guests.
 *
 * The loops outside the first reduction loop pick a tile. The space loops inside it subscript the accumulators, so
 * *loop order is the register tile*. The accumulators start from 0 (a maximum starts from -Infinity, and a sum under
 * `accumulate` from its partial sum), take in all terms, and are stored through `finish`.
 *
 * Example: c[y, x] = sum over k of half[y, k] * b[k, x] with y < 10, x < 6 and k < 8. Axis y is split by 4, with
 * a tail. The loops are yo, x, k and yi, from the outermost to the innermost. Loop x has a cache of b. The stage that
 * fills `half` is a guest: it is computed at loop yo. The bars show what each part adds.
 *
 *     for yo < 3
 *       alloc half[4, 8]                       | guest: its buffer, shrunk to what one iteration fills
 *         for yi < 4                           |   the rest of its nest; loop yo is common
 *           if 9 - 4*yo - yi >= 0              |   its tail, as soon as yi is known
 *             for k < 8: half[yi, k] = ...     |
 *         for x < 6
 *           alloc bCache[8]                    | cache: a copy, made at the top of loop x
 *             for k < 8: bCache[k] = b[k, x]   |
 *             alloc acc[4]                     | sum: k is the first reduction loop, so yi is the tile
 *               for yi < 4: acc[yi] = 0        |   no guard: what lies past the tail is never stored
 *               for k < 8
 *                 for yi < 4
 *                   if 9 - 4*yo - yi >= 0      |   the tail guards each term
 *                     acc[yi] = acc[yi] + half[yi, k] * bCache[k]
 *               for yi < 4
 *                 if 9 - 4*yo - yi >= 0        |   and each store
 *                   c[4*yo + yi, x] = acc[yi]
 *
 * See `pending.ts` for the rules by which a guard waits longer.
 */
import { type Affine, affine, scale, subtract, variable, variablesOf } from "../ir/affine.js";
import { binary, type Expr, load, loadsOf, number, rewrite } from "../ir/expr.js";
import { type BufferDecl, combinationOf, SUM } from "../ir/program.js";
import { type Alloc, forLoop, guarded, type LoopKernel, type Stmt } from "../ir/stmt.js";
import { substituteBody } from "../ir/visit.js";
import { Caches } from "./caches.js";
import { buffersUsedBy, type Group, type Guest, indicesOf, writtenIn } from "./group.js";
import {
  emptyTiles,
  isCertain,
  isInvocation,
  type Loop,
  loopVariables,
  type Nest,
  staysInside,
  withDependents,
} from "./nest.js";
import { emitKnown, emitRest, indicesFor, type MakeBody, NOTHING_PENDING, type Pending } from "./pending.js";
import type { Target } from "./target.js";

export interface KernelWithScratch {
  readonly kernel: LoopKernel;
  /** Arrays for partial sums. Without an `accumulate` directive there are none. */
  readonly scratch: readonly BufferDecl[];
}

export function buildKernel(group: Group, buffers: readonly BufferDecl[], target: Target): KernelWithScratch {
  const written = new Map(writtenIn(group).map(({ buffer, shape }) => [buffer, shape]));
  const shrunk = buffers.map((buffer) => ({ ...buffer, shape: written.get(buffer.name) ?? buffer.shape }));
  return new KernelBuilder(group, shrunk, target).build();
}

class KernelBuilder {
  readonly #accumulator: string;
  readonly #term: Expr;
  readonly #caches: Caches;
  /** The place of the outermost loop that belongs to the sum. */
  readonly #sumFrom: number;
  readonly #partial: BufferDecl | undefined;
  /**
   * The innermost loop, if it is a vectorized reduction loop. Each of its iterations has a sum of its own, and `#total`
   * adds them up.
   */
  readonly #lanes: Loop | undefined;
  /** Loops and indices whose value differs between the invocations of a workgroup. */
  readonly #divergent: ReadonlySet<string>;
  readonly #guests: readonly { readonly guest: Guest; readonly builder: KernelBuilder }[];
  readonly nest: Nest;

  constructor(
    readonly group: Group,
    readonly buffers: readonly BufferDecl[],
    readonly target: Target,
  ) {
    const { nest, guests } = group;
    const { loops } = nest;
    this.nest = nest;
    // A guest's accumulator has a name of its own, because one kernel may hold the sums of several stages.
    this.#accumulator = nest.computeAt ? `${nest.stage.name}Acc` : "acc";
    this.#guests = guests.map((guest) => ({ guest, builder: new KernelBuilder(guest, buffers, target) }));
    // An empty sum has no iterations between which partial sums could rest. Its result must still be stored.
    const isEmpty = loops.some((loop) => loop.reduce && loop.extent === 0);
    const accumulateAt = isEmpty ? undefined : nest.accumulateAt;
    const outside = accumulateAt === undefined ? 0 : loops.findIndex((loop) => loop.name === accumulateAt) + 1;
    const first = loops.findIndex((loop, place) => loop.reduce && place >= outside);
    // Without a sum, the lanes of a vectorized innermost loop are the tile.
    const innermost = loops.at(-1)?.kind === "vectorized" ? loops.length - 1 : loops.length;
    this.#sumFrom = first < 0 ? innermost : first;
    this.#partial = accumulateAt === undefined ? undefined : this.#partialSums();
    const last = loops.at(-1);
    // An empty reduction loop has no lanes to add up, and one result to store.
    this.#lanes = last?.reduce && last.kind === "vectorized" && last.extent > 0 ? last : undefined;
    this.#caches = new Caches(nest, buffers, target);
    this.#term = this.#caches.term;
    this.#divergent = withDependents(
      loops.filter(isInvocation).map((loop) => loop.name),
      [...nest.indices, ...this.#caches.reaches.flatMap((reach) => reach.indices)],
    );
  }

  build(): KernelWithScratch {
    const body = this.#body(0, []);
    const used = buffersUsedBy(this.group);
    const { parameter } = this.nest.stage;
    const scratch = this.#partial ? [this.#partial] : [];
    const buffers = [...this.buffers.filter((buffer) => used.has(buffer.name)), ...scratch];
    return {
      kernel: {
        name: this.nest.stage.name,
        arithmetic: this.target.arithmetic,
        addressing: "subscripts",
        buffers,
        ...(parameter ? { parameter } : {}),
        body,
      },
      scratch,
    };
  }

  /**
   * The statements inside the first `common` loops. The outer nest has emitted these loops and the indices `declared`.
   */
  #body(common: number, declared: readonly string[]): readonly Stmt[] {
    const { loops, tails, where, stage } = this.nest;
    const given = stage.parameter ? [stage.parameter.name] : [];
    const outside = new Set([...given, ...loops.slice(0, common).flatMap(loopVariables)]);
    // The outer nest guards the tails of the common loops. The tails of reduction loops are left to the sum, because a
    // guard that skips a whole tile would also skip the store of the tile.
    const open = tails.filter(({ form }) => !variablesOf(form).every((name) => outside.has(name)));
    const forms = (reduce: boolean) => open.filter((tail) => tail.reduce === reduce).map((tail) => tail.form);
    const pending: Pending = {
      known: new Set([...outside, ...declared]),
      indices: indicesOf(this.group, loops.length).filter(({ name }) => !declared.includes(name)),
      guard: [...forms(false), ...where, ...emptyTiles(this.nest, this.#sumFrom)],
      later: forms(true),
    };
    return this.#inside(common - 1, pending, (inner) => this.#outer(common, inner));
  }

  #partialSums(): BufferDecl {
    const { stage } = this.nest;
    const { shape } = this.buffers.find((buffer) => buffer.name === stage.output.buffer) as BufferDecl;
    return { name: `${stage.name}Partial`, shape, dtype: this.target.arithmetic, role: "scratch" };
  }

  /** The loops outside the sum, with the sum innermost. */
  #outer(place: number, pending: Pending): readonly Stmt[] {
    if (place === this.#sumFrom) return this.#sum(pending);
    return this.#loop(place, pending, (inner) => this.#outer(place + 1, inner));
  }

  #sum(pending: Pending): readonly Stmt[] {
    const tile = this.nest.loops.slice(this.#sumFrom).filter((loop) => !loop.reduce);
    const at = tile.map((loop) => variable(loop.name));
    const lanes = this.#lanes ? [this.#lanes] : [];
    const { stage, tails } = this.nest;
    const sumTails = tails.filter((tail) => tail.sum && (tail.reduce || pending.guard.includes(tail.form)));
    const where = this.#readsStayInside() ? [] : this.nest.where.filter((form) => pending.guard.includes(form));
    // A form that always holds is dropped. Otherwise the sum would declare its indices, under the guards that they
    // need.
    const isOpen = (form: Affine) => !isCertain(form, this.nest);
    const summed = [...stage.domain, ...where, ...sumTails.map((tail) => tail.form)].filter(isOpen);
    const { reaches } = this.#caches;
    const known = [...pending.indices, ...reaches.flatMap((reach) => reach.indices)];
    const open = [...summed.filter((form) => !this.#caches.covers(form)), ...reaches.map(({ form }) => form)];
    const indices = indicesFor([...open, ...loadsOf(this.#term).flatMap((read) => read.at)], known);
    // Past the end of a split, an index of a fused loop names no element. Its tail stays a guard even where a copy is
    // zero.
    const fused = indices.filter((index) => pending.indices.includes(index));
    const made = new Set(fused.flatMap(({ value }) => variablesOf(value)));
    const ends = sumTails.map(({ form }) => form).filter((form) => variablesOf(form).some((name) => made.has(name)));
    const guard = [...new Set([...open, ...ends])];
    return [
      {
        kind: "alloc",
        buffer: this.#accumulator,
        shape: [...tile, ...lanes].map((loop) => loop.extent),
        space: "register",
        body: [
          // Accumulators start without guards and indices, because a sum past a tail is never stored.
          ...this.#tile(this.#sumFrom, this.#partial ? pending : NOTHING_PENDING, () => this.#begin(at)),
          ...this.#inside(this.#sumFrom - 1, { ...pending, guard, indices, later: [] }, (inner) =>
            this.#terms(this.#sumFrom, inner, [...at, ...lanes.map((loop) => variable(loop.name))]),
          ),
          ...this.#tile(this.#sumFrom, pending, () => this.#end(at)),
        ],
      },
    ];
  }

  /**
   * True if terms of points that do not exist may be summed: every read stays inside its buffer, and no such sum is
   * stored.
   */
  #readsStayInside(): boolean {
    return loadsOf(this.nest.stage.term).every((read) => staysInside(read, this.buffers, this.nest));
  }

  /** The loops of the sum, with the term innermost. */
  #terms(place: number, pending: Pending, at: readonly Affine[]): readonly Stmt[] {
    if (place < this.nest.loops.length) return this.#loop(place, pending, (inner) => this.#terms(place + 1, inner, at));
    const sum = this.#combined(load(this.#accumulator, at), this.#term);
    return emitRest(pending, () => [{ kind: "store", buffer: this.#accumulator, at, value: sum }]);
  }

  /** The loops of the tile without the reduction loops, with all that is pending around `leaf`. */
  #tile(place: number, pending: Pending, leaf: () => readonly Stmt[]): readonly Stmt[] {
    const next = this.nest.loops.findIndex((loop, i) => i >= place && !loop.reduce);
    if (next < 0) return emitRest(pending, leaf);
    const loop = this.nest.loops[next] as Loop;
    if (loop.extent === 0) return [];
    return [
      loopWith(
        loop,
        this.#reveal(
          loop,
          pending,
          () => true,
          (inner) => this.#tile(next + 1, inner, leaf),
        ),
      ),
    ];
  }

  #combined(a: Expr, b: Expr): Expr {
    return binary(combinationOf(this.nest.stage).op, a, b);
  }

  #begin(at: readonly Affine[]): readonly Stmt[] {
    const value = number(combinationOf(this.nest.stage).identity);
    const lanes = this.#lanes;
    if (lanes) {
      const each = [...at, variable(lanes.name)];
      return [loopWith(lanes, [{ kind: "store", buffer: this.#accumulator, at: each, value }])];
    }
    const start: Stmt = { kind: "store", buffer: this.#accumulator, at, value };
    if (!this.#partial) return [start];
    const partial = load(this.#partial.name, this.nest.stage.output.at);
    const first = this.#outerReductions().map((loop) => variable(loop.name, -1));
    return guarded(first, [start], [{ ...start, value: partial }]);
  }

  #end(at: readonly Affine[]): readonly Stmt[] {
    const { finish, output } = this.nest.stage;
    const sum = this.#total(at);
    const isSum = (expr: Expr) => expr.kind === "local" && expr.name === SUM;
    const value = rewrite(finish, (expr) => (isSum(expr) ? sum : expr));
    const store: Stmt = { kind: "store", ...output, value };
    if (!this.#partial) return [store];
    const last = this.#outerReductions().map((loop) => subtract(variable(loop.name), loop.extent - 1));
    return guarded(last, [store], [{ kind: "store", buffer: this.#partial.name, at: output.at, value: sum }]);
  }

  #total(at: readonly Affine[]): Expr {
    if (!this.#lanes) return load(this.#accumulator, at);
    const lanes = Array.from({ length: this.#lanes.extent }, (_, i) => load(this.#accumulator, [...at, affine(i)]));
    return lanes.reduce((a, b) => this.#combined(a, b));
  }

  #outerReductions(): Loop[] {
    return this.nest.loops.slice(0, this.#sumFrom).filter((loop) => loop.reduce);
  }

  /**
   * One loop of the nest. Its body starts with the guards and indices that the loop makes known. Then come its guests,
   * its caches, and what is inside.
   */
  #loop(place: number, pending: Pending, inside: MakeBody): readonly Stmt[] {
    const loop = this.nest.loops[place] as Loop;
    if (loop.extent === 0) return [];
    const body = this.#reveal(
      loop,
      pending,
      (form) => this.#mayGuard(form, place),
      (inner) => this.#withGuests(loop.name, this.#caches.filled(loop.name, inside(inner))),
    );
    return this.#caches.allocated(place, shiftedLoop(loop, body));
  }

  #inside(place: number, pending: Pending, inside: MakeBody): readonly Stmt[] {
    return emitKnown(pending, (form) => this.#mayGuard(form, place), inside);
  }

  #reveal(loop: Loop, pending: Pending, mayGuard: (form: Affine) => boolean, inside: MakeBody): readonly Stmt[] {
    const known = new Set([...pending.known, ...loopVariables(loop)]);
    return emitKnown({ ...pending, known }, mayGuard, inside);
  }

  /**
   * False if invocations may disagree on the guard while this loop, or one inside it, has a barrier. An invocation that
   * skips a barrier would leave the others waiting for ever.
   */
  #mayGuard(form: Affine, place: number): boolean {
    return !this.#caches.hasBarrier(place) || !variablesOf(form).some((name) => this.#divergent.has(name));
  }

  /** The guests of loop `at` before its body. The buffers that the guests fill are allocated around both. */
  #withGuests(at: string, body: readonly Stmt[]): readonly Stmt[] {
    const guests = this.#guests.filter(({ guest }) => guest.written.at === at);
    const common = this.nest.loops.findIndex((loop) => loop.name === at) + 1;
    const declared = indicesOf(this.group, common).map(({ name }) => name);
    const filled = guests.flatMap(({ guest, builder }) => builder.#body(guest.written.common, declared)).concat(body);
    const allocs = guests.flatMap(({ guest: { written }, builder }): Alloc[] => {
      const partial = builder.#partial;
      const alloc = { kind: "alloc", body: [] } as const;
      return [
        { ...alloc, buffer: written.buffer, shape: written.shape, space: "register" },
        ...(partial ? [{ ...alloc, buffer: partial.name, shape: partial.shape, space: "local" } as const] : []),
      ];
    });
    return allocs.reduce<readonly Stmt[]>((inner, alloc) => [{ ...alloc, body: inner }], filled);
  }
}

const loopWith = ({ name, extent, while: end, kind, partition }: Loop, body: readonly Stmt[]): Stmt => ({
  ...forLoop(name, extent, kind, body),
  ...(end ? { while: end } : {}),
  partition,
});

/** A loop whose tiles shift inwards covers the whole tiles. One more tile follows it and ends where the axis ends. */
function shiftedLoop(loop: Loop, body: readonly Stmt[]): readonly Stmt[] {
  if (!loop.shift) return [loopWith(loop, body)];
  const { base, by, last } = loop.shift;
  const beginningAt = (form: Affine) => substituteBody(body, new Map([[base, form]]));
  return [loopWith(loop, beginningAt(scale(variable(loop.name), by))), ...beginningAt(affine(last))];
}
