/**
 * From nest to kernel. The loops outside the first reduction loop pick a tile; the space loops inside it index the
 * accumulators, so *loop order is the register tile*:
 *
 *     for outer space loops            alloc acc[inner space extents]
 *       acc = 0                        (or the partial sum, under `accumulate`)
 *       for reduction loops, inner space loops:  acc[inner] = acc[inner] + term
 *       output = finish(acc)
 *
 * A guard stands in the outermost place where all its variables are known.
 */
import { type Affine, affine, scale, subtract, variable, variablesOf } from "../ir/affine.js";
import { type Expr, load, loadsOf, number, plus, rewrite } from "../ir/expr.js";
import { type BufferDecl, SUM } from "../ir/program.js";
import { type Alloc, guarded, type Kernel, type Stmt } from "../ir/stmt.js";
import { substituteBody } from "../ir/visit.js";
import { type Box, boxesOf, copyBox } from "./cache.js";
import { type FusedIndex, type Loop, type Nest, withDependents } from "./nest.js";
import type { Target } from "./target.js";

const ACCUMULATOR = "acc";

export interface BuiltKernel {
  readonly kernel: Kernel;
  /** Partial sums, where the schedule keeps them in memory. */
  readonly scratch: readonly BufferDecl[];
}

export function buildKernel(nest: Nest, buffers: readonly BufferDecl[], target: Target): BuiltKernel {
  return new KernelBuilder(nest, buffers, target).build();
}

/** What is known at a place in the nest, and what still waits to be emitted. */
interface Pending {
  readonly known: ReadonlySet<string>;
  readonly indices: readonly FusedIndex[];
  readonly guard: readonly Affine[];
  /** Guards that only the sum will add. */
  readonly later: readonly Affine[];
}

const NOTHING_PENDING: Pending = { known: new Set(), indices: [], guard: [], later: [] };

type Inside = (pending: Pending) => readonly Stmt[];

class KernelBuilder {
  readonly #term: Expr;
  readonly #boxes: readonly Box[];
  /** Place of the first loop that belongs to the sum. */
  readonly #sumFrom: number;
  readonly #partial: BufferDecl | undefined;
  /** An innermost reduction loop whose iterations each have a sum of their own, added up at the end. */
  readonly #lanes: Loop | undefined;
  /** Loops, and indices made of them, whose value differs between the invocations of a workgroup. */
  readonly #divergent: ReadonlySet<string>;

  constructor(
    readonly nest: Nest,
    readonly buffers: readonly BufferDecl[],
    readonly target: Target,
  ) {
    const { loops } = nest;
    // An empty sum has no iterations to rest between, and must still be stored.
    const isEmpty = loops.some((loop) => loop.reduce && loop.extent === 0);
    const accumulateAt = isEmpty ? undefined : nest.accumulateAt;
    const outside = accumulateAt === undefined ? 0 : loops.findIndex((loop) => loop.name === accumulateAt) + 1;
    const first = loops.findIndex((loop, place) => loop.reduce && place >= outside);
    this.#sumFrom = first < 0 ? loops.length : first;
    this.#partial = accumulateAt === undefined ? undefined : this.#partialSums();
    const last = loops.at(-1);
    // Without iterations there is nothing to add up, and one zero to store.
    this.#lanes = last?.reduce && last.kind === "vectorized" && last.extent > 0 ? last : undefined;
    const { boxes, term } = boxesOf(nest, buffers);
    this.#boxes = boxes;
    this.#term = term;
    this.#divergent = withDependents(
      loops.filter(isInvocation).map((loop) => loop.name),
      nest.indices,
    );
  }

  build(): BuiltKernel {
    const { stage, indices, tails } = this.nest;
    const scratch = this.#partial ? [this.#partial] : [];
    // Tails of reduction loops wait for the sum: skipping a tile there would lose its store.
    const forms = (reduce: boolean) => tails.filter((tail) => tail.reduce === reduce).map((tail) => tail.form);
    const pending: Pending = { known: new Set(), indices, guard: forms(false), later: forms(true) };
    const body = this.#inside(-1, pending, (inner) => this.#outer(0, inner));
    const loads = [...loadsOf(stage.term), ...loadsOf(stage.finish)];
    const used = new Set([...loads.map((load) => load.buffer), stage.output.buffer]);
    const buffers = [...this.buffers.filter((buffer) => used.has(buffer.name)), ...scratch];
    return {
      kernel: { name: stage.name, arithmetic: this.target.arithmetic, addressing: "subscripts", buffers, body },
      scratch,
    };
  }

  #partialSums(): BufferDecl {
    const { stage } = this.nest;
    const { shape } = this.buffers.find((buffer) => buffer.name === stage.output.buffer) as BufferDecl;
    return { name: `${stage.name}Partial`, shape, dtype: this.target.arithmetic, role: "scratch" };
  }

  /** Loops outside the sum. */
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
    const guard = [...stage.domain, ...sumTails.map((tail) => tail.form)];
    return [
      {
        kind: "alloc",
        buffer: ACCUMULATOR,
        shape: [...tile, ...lanes].map((loop) => loop.extent),
        space: "register",
        body: [
          // Zeros need neither guards nor indices: what lies past a tail is never stored.
          ...this.#tile(this.#sumFrom, this.#partial ? pending : NOTHING_PENDING, () => this.#begin(at)),
          ...this.#inside(this.#sumFrom - 1, { ...pending, guard, later: [] }, (inner) =>
            this.#terms(this.#sumFrom, inner, [...at, ...lanes.map((loop) => variable(loop.name))]),
          ),
          ...this.#tile(this.#sumFrom, pending, () => this.#end(at)),
        ],
      },
    ];
  }

  /** The loops of the sum, and its term innermost. */
  #terms(place: number, pending: Pending, at: readonly Affine[]): readonly Stmt[] {
    if (place < this.nest.loops.length) return this.#loop(place, pending, (inner) => this.#terms(place + 1, inner, at));
    const sum = plus(load(ACCUMULATOR, at), this.#term);
    return emitRest(pending, () => [{ kind: "store", buffer: ACCUMULATOR, at, value: sum }]);
  }

  /** The accumulators' loops alone, under the tails that are still open. */
  #tile(place: number, pending: Pending, leaf: () => readonly Stmt[]): readonly Stmt[] {
    const next = this.nest.loops.findIndex((loop, i) => i >= place && !loop.reduce);
    if (next < 0) return emitRest(pending, leaf);
    const loop = this.nest.loops[next] as Loop;
    if (loop.extent === 0) return [];
    return [
      forLoop(
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

  #begin(at: readonly Affine[]): readonly Stmt[] {
    const lanes = this.#lanes;
    if (lanes) {
      const each = [...at, variable(lanes.name)];
      return [forLoop(lanes, [{ kind: "store", buffer: ACCUMULATOR, at: each, value: number(0) }])];
    }
    const zero: Stmt = { kind: "store", buffer: ACCUMULATOR, at, value: number(0) };
    if (!this.#partial) return [zero];
    const value = load(this.#partial.name, this.nest.stage.output.at);
    const first = this.#outerReductions().map((loop) => variable(loop.name, -1));
    return guarded(first, [zero], [{ ...zero, value }]);
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
    if (!this.#lanes) return load(ACCUMULATOR, at);
    const lanes = Array.from({ length: this.#lanes.extent }, (_, i) => load(ACCUMULATOR, [...at, affine(i)]));
    return lanes.reduce(plus);
  }

  #outerReductions(): Loop[] {
    return this.nest.loops.slice(0, this.#sumFrom).filter((loop) => loop.reduce);
  }

  /** One loop of the nest with everything that becomes known in it. */
  #loop(place: number, pending: Pending, inside: Inside): readonly Stmt[] {
    const loop = this.nest.loops[place] as Loop;
    if (loop.extent === 0) return [];
    const body = this.#reveal(
      loop,
      pending,
      (form) => this.#mayGuard(form, place),
      (inner) => this.#caches(loop.name, inside(inner)),
    );
    return this.#sharedAllocs(place, shiftedLoop(loop, body));
  }

  #inside(place: number, pending: Pending, inside: Inside): readonly Stmt[] {
    return emitKnown(pending, (form) => this.#mayGuard(form, place), inside);
  }

  #reveal(loop: Loop, pending: Pending, mayGuard: (form: Affine) => boolean, inside: Inside): readonly Stmt[] {
    const known = new Set([...pending.known, loop.name, ...(loop.shift ? [loop.shift.base] : [])]);
    return emitKnown({ ...pending, known }, mayGuard, inside);
  }

  /** All invocations must reach the barriers of a shared cache, so guards they disagree on wait until those are passed. */
  #mayGuard(form: Affine, place: number): boolean {
    const barrierAhead = this.#boxes.some((box) => box.space === "workgroup" && box.place >= place);
    return !barrierAhead || !variablesOf(form).some((name) => this.#divergent.has(name));
  }

  #caches(at: string, body: readonly Stmt[]): readonly Stmt[] {
    let inner = body;
    for (const box of this.#boxes.filter((candidate) => candidate.at === at)) {
      const filled = copyBox(box, this.nest.loops).concat(inner);
      inner = this.#isShared(box) ? filled : [{ ...allocOf(box), body: filled }];
    }
    return inner;
  }

  /** Shared boxes are allocated around the first invocation loop. */
  #sharedAllocs(place: number, body: readonly Stmt[]): readonly Stmt[] {
    if (place !== firstInvocation(this.nest.loops)) return body;
    return this.#boxes
      .filter((box) => this.#isShared(box))
      .reduce<readonly Stmt[]>((inner, box) => [{ ...allocOf(box), body: inner }], body);
  }

  #isShared(box: Box): boolean {
    return box.space === "workgroup" && firstInvocation(this.nest.loops) >= 0;
  }
}

const isInvocation = (loop: Loop): boolean => loop.kind.startsWith("invocation");
const firstInvocation = (loops: readonly Loop[]): number => loops.findIndex(isInvocation);

const allocOf = (box: Box): Alloc => ({
  kind: "alloc",
  buffer: box.name,
  shape: box.extents,
  space: box.space,
  body: [],
});

/**
 * Emits what has just become known around `inside`: guards first, because past the end of a split a fused loop has no
 * meaningful index.
 */
function emitKnown(pending: Pending, mayGuard: (form: Affine) => boolean, inside: Inside): readonly Stmt[] {
  const { known, indices, guard, later } = pending;
  const isKnown = (form: Affine) => variablesOf(form).every((name) => known.has(name));
  const ready = guard.filter((form) => isKnown(form) && mayGuard(form));
  if (ready.length > 0) {
    const rest = guard.filter((form) => !ready.includes(form));
    return guarded(ready, emitKnown({ ...pending, guard: rest }, mayGuard, inside));
  }
  // Nor has it one where such a guard has to wait, for a barrier or for the sum.
  const waiting = new Set([...guard, ...later].filter(isKnown).flatMap(variablesOf));
  const index = indices.find(({ value }) => isKnown(value) && !variablesOf(value).some((name) => waiting.has(name)));
  if (index === undefined) return inside(pending);
  const { name, value, divisor, extent } = index;
  const after: Pending = {
    ...pending,
    known: new Set([...known, name]),
    indices: indices.filter((other) => other !== index),
  };
  return [{ kind: "index", name, value, divisor, min: 0, max: extent - 1 }, ...emitKnown(after, mayGuard, inside)];
}

/** Emits all that still waits, innermost, where everything is known. */
const emitRest = (pending: Pending, leaf: () => readonly Stmt[]): readonly Stmt[] =>
  emitKnown(pending, () => true, leaf);

const forLoop = ({ name, extent, kind, partition }: Loop, body: readonly Stmt[]): Stmt => ({
  kind: "for",
  name,
  extent,
  loop: kind,
  partition,
  steps: [],
  body,
});

/** A loop whose tiles shift inwards is followed by one more tile, which ends where the axis ends. */
function shiftedLoop(loop: Loop, body: readonly Stmt[]): readonly Stmt[] {
  if (!loop.shift) return [forLoop(loop, body)];
  const { base, by, last } = loop.shift;
  const beginningAt = (form: Affine) => substituteBody(body, new Map([[base, form]]));
  return [forLoop(loop, beginningAt(scale(variable(loop.name), by))), ...beginningAt(affine(last))];
}
