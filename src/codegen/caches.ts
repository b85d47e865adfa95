/**
 * The caches of one nest: where each is allocated and filled, and the term that reads them.
 *
 * Each `cache` directive names a loop, `at`. Example: a cache of b at loop ko in workgroup memory, and one of `a` at
 * loop x in local memory. The names on the right are the methods that make these lines.
 *
 *     for po < 4 workgroup.x
 *       alloc bCache workgroup        allocated: around the outermost loop of invocations, which share the copy
 *         for pi < 16 invocation.x    hasBarrier: from here to ko no guard may stand that invocations disagree on
 *           for ko < 2
 *             barrier                 filled: the old copy is no longer needed
 *             bCache = ...
 *             barrier                 filled: the new copy is complete
 *             for x < 6
 *               alloc aCache local    filled: private, so allocated and filled in one place
 *                 aCache = ...
 *                 acc = acc + term    term: reads aCache and bCache
 */
import { type Affine, key } from "../ir/affine.js";
import { type Expr, type Load, loadsOf } from "../ir/expr.js";
import type { BufferDecl } from "../ir/program.js";
import type { Alloc, Stmt } from "../ir/stmt.js";
import { type Box, boxOf, copyBox } from "./box.js";
import { fillCopies } from "./fill.js";
import { type Gathered, gatherOf, sizeOf } from "./gather.js";
import { isInvocation, type Nest, staysInside } from "./nest.js";
import { type Reach, reachOf } from "./reach.js";
import type { Target } from "./target.js";

export class Caches {
  /** The stage's term, reading copies in place of cached buffers. */
  readonly term: Expr;
  readonly #boxes: Box[] = [];
  readonly #copies: Gathered[] = [];
  /** Bounds on whole tiles: where one of them fails, a copy has no element. All invocations agree on them. */
  readonly reaches: readonly Reach[];
  /** True if every read of the term stays inside its buffer or copy, even at points that the guards leave out. */
  readonly #isDefined: boolean;

  constructor(
    readonly nest: Nest,
    buffers: readonly BufferDecl[],
    { lanes }: Target,
  ) {
    let { term } = nest.stage;
    // If some loop is empty, nothing is read and there is nothing to copy.
    const caches = nest.loops.every((loop) => loop.extent > 0) ? nest.caches : [];
    for (const { layout, ...cache } of caches) {
      if (layout) {
        const found = gatherOf({ ...cache, layout }, nest, term, buffers, lanes);
        this.#copies.push(found.gathered);
        term = found.term;
      } else {
        const found = boxOf(cache, nest, term, buffers);
        this.#boxes.push(found.box);
        term = found.term;
      }
    }
    this.term = term;
    this.reaches = this.#copies
      .flatMap(({ exists, layout }) => exists.map((form) => reachOf(form, nest, layout)))
      .filter((reach) => reach !== undefined);
    this.#isDefined = loadsOf(term).every((read) => this.#isDefinedAt(read, buffers));
  }

  /**
   * True if the fill of a copy can replace this guard. Where the form fails, the copy holds the fill, and the term
   * changes nothing. In a product the fill is zero, and 0 * x is 0 only if x is a finite number. So no other factor may
   * be read outside its buffer, or from a place that nobody has filled.
   */
  covers(form: Affine): boolean {
    const stands = this.#copies.filter(({ fill }) => fill !== undefined);
    return this.#isDefined && stands.some(({ exists }) => exists.some((other) => key(other) === key(form)));
  }

  #isDefinedAt(read: Load, buffers: readonly BufferDecl[]): boolean {
    const { buffer } = read;
    if (this.#copies.some(({ name }) => name === buffer)) return true;
    const box = this.#boxes.find(({ name }) => name === buffer);
    if (box) return box.inside.length === 0;
    return staysInside(read, buffers, this.nest);
  }

  /** True if invocations wait for each other in the loop at this place, or in a loop inside it. */
  hasBarrier(place: number): boolean {
    return [...this.#boxes, ...this.#copies].some((cache) => cache.space === "workgroup" && cache.place >= place);
  }

  /** The body of loop `at`, after the fills of its caches. A cache that is not shared is allocated here. */
  filled(at: string, body: readonly Stmt[]): readonly Stmt[] {
    const boxes = this.#boxes.filter((box) => box.at === at);
    const copies = this.#copies.filter((copy) => copy.at === at);
    const inner = boxes.reduce((rest, box) => copyBox(box, this.nest.loops).concat(rest), body);
    const all = fillCopies(copies, this.nest).concat(inner);
    return [...boxes, ...copies].filter((cache) => !this.#isShared(cache)).reduce(around, all);
  }

  /** The loop at this place. A cache that invocations share is allocated around the outermost of their loops. */
  allocated(place: number, loop: readonly Stmt[]): readonly Stmt[] {
    if (place !== this.nest.loops.findIndex(isInvocation)) return loop;
    return [...this.#boxes, ...this.#copies].filter((cache) => this.#isShared(cache)).reduce(around, loop);
  }

  #isShared({ space }: Box | Gathered): boolean {
    return space === "workgroup" && this.nest.loops.some(isInvocation);
  }
}

function around(body: readonly Stmt[], cache: Box | Gathered): readonly Stmt[] {
  const shape = "extents" in cache ? cache.extents : [sizeOf(cache)];
  const alloc: Alloc = { kind: "alloc", buffer: cache.name, shape, space: cache.space, body };
  return [alloc];
}
