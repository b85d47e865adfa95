/** The caches of one nest: what its `cache` directives copy, where that is allocated and filled, and the term that reads it. */
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
  /** The stage's term, reading from the caches. */
  readonly term: Expr;
  readonly #boxes: Box[] = [];
  readonly #copies: Gathered[] = [];
  /** Forms that hold wherever some element of a copy exists, over what is the same for all invocations. */
  readonly reaches: readonly Reach[];
  /** Whether every factor of the term is a number, guards or no guards. */
  readonly #isDefined: boolean;

  constructor(
    readonly nest: Nest,
    buffers: readonly BufferDecl[],
    { lanes }: Target,
  ) {
    let { term } = nest.stage;
    // Where some loop is empty nothing is read, and there is nothing to copy.
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
    this.#isDefined = [...loadsOf(term)].every((read) => this.#isDefinedAt(read, buffers));
  }

  /**
   * Whether what fills a copy stands for what the form would leave out of the sum. Zeros do where the other factor is
   * some number: zero times what lies outside a buffer, or what nobody has copied, is anything.
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

  /** Whether invocations wait for each other in this loop, or in one inside it. */
  hasBarrier(place: number): boolean {
    return [...this.#boxes, ...this.#copies].some((cache) => cache.space === "workgroup" && cache.place >= place);
  }

  /** The body of loop `at`, its caches filled before. What is not shared is allocated there. */
  filled(at: string, body: readonly Stmt[]): readonly Stmt[] {
    const boxes = this.#boxes.filter((box) => box.at === at);
    const copies = this.#copies.filter((copy) => copy.at === at);
    const inner = boxes.reduce((rest, box) => copyBox(box, this.nest.loops).concat(rest), body);
    const all = fillCopies(copies, this.nest).concat(inner);
    return [...boxes, ...copies].filter((cache) => !this.#isShared(cache)).reduce(around, all);
  }

  /** The loop at this place. What invocations share is allocated around the first of their loops. */
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
