/**
 * Filling gathered copies, by one invocation alone or by a team of them.
 *
 * In a team, vector v of a copy falls to invocation v mod (size of the team), so neighbours read neighbouring elements.
 */
import {
  type Affine,
  add,
  affine,
  type Bounds,
  divide,
  range,
  restrict,
  scale,
  substitute,
  subtract,
  variable,
  variablesOf,
} from "../ir/affine.js";
import { type Expr, load, number } from "../ir/expr.js";
import { elementCount, flatten, stridesOf } from "../ir/program.js";
import { type Alloc, forLoop, guarded, type Stmt } from "../ir/stmt.js";
import { type Gathered, sizeOf } from "./gather.js";
import { type FusedIndex, isInvocation, type Loop, type Nest, withDependents } from "./nest.js";
import { emitRest } from "./pending.js";

/** The most vectors that one invocation may hold in registers between reading and writing. */
const MAX_STAGED = 16;

/**
 * Fills the copies of one loop. A team first reads everything into registers. It waits until nobody needs the old copy,
 * writes, and waits until everybody has written.
 */
export function fillCopies(copies: readonly Gathered[], nest: Nest): readonly Stmt[] {
  const team = nest.loops.filter(isInvocation);
  const size = elementCount(team.map((loop) => loop.extent));
  const shared = copies
    .filter(({ space }) => space === "workgroup" && size > 1)
    .map((copy) => new Copier(copy, nest, team));
  const alone = copies.filter(({ space }) => space === "local" || size === 1).map((copy) => new Copier(copy, nest, []));
  const staged = shared.filter(({ steps }) => steps <= MAX_STAGED);
  const direct = shared.filter(({ steps }) => steps > MAX_STAGED);
  const barrier: Stmt = { kind: "barrier" };
  const together: readonly Stmt[] = [
    ...staged.flatMap((copier) => copier.read()),
    barrier,
    ...staged.flatMap((copier) => copier.write()),
    ...direct.flatMap((copier) => copier.copy()),
    barrier,
  ];
  const allocs = staged.map((copier) => copier.stage());
  return [
    ...alone.flatMap((copier) => copier.copy()),
    ...(shared.length === 0 ? [] : allocs.reduce<readonly Stmt[]>((body, alloc) => [{ ...alloc, body }], together)),
  ];
}

/** One copy, made by a team, or by each invocation alone if the team is empty. */
class Copier {
  readonly steps: number;
  readonly #step: string;
  readonly #lane: string;
  readonly #team: number;
  readonly #vectors: number;
  /** The vector of the copy that an invocation handles in one step. */
  readonly #place: Affine;

  constructor(
    readonly gathered: Gathered,
    readonly nest: Nest,
    readonly team: readonly Loop[],
  ) {
    const { name, lanes } = gathered;
    // Loops have no capitals, so no index that is named by one below has two.
    this.#step = `${name}CopyStep`;
    this.#lane = `${name}CopyLane`;
    const extents = team.map((loop) => loop.extent);
    this.#team = elementCount(extents);
    this.#vectors = sizeOf(gathered) / lanes;
    this.steps = Math.ceil(this.#vectors / this.#team);
    const among = flatten(
      team.map((loop) => variable(loop.name)),
      extents,
    );
    this.#place = add(variable(this.#step, this.#team), among);
  }

  stage(): Alloc {
    const shape = [this.steps, this.gathered.lanes];
    return { kind: "alloc", buffer: this.#stage, shape, space: "register", body: [] };
  }

  /** Reads from memory into registers. */
  read(): readonly Stmt[] {
    const at = [variable(this.#step), variable(this.#lane)];
    return this.#steps(
      "unrolled",
      this.#filled((value) => this.#lanes({ kind: "store", buffer: this.#stage, at, value })),
    );
  }

  /** Writes from registers to the copy. */
  write(): readonly Stmt[] {
    const value = load(this.#stage, [variable(this.#step), variable(this.#lane)]);
    return this.#steps("unrolled", this.#lanes({ kind: "store", buffer: this.gathered.name, at: this.#target, value }));
  }

  /** Reads and writes in one step, for copies that are too large for the registers. */
  copy(): readonly Stmt[] {
    const store = (value: Expr) => this.#lanes({ kind: "store", buffer: this.gathered.name, at: this.#target, value });
    return this.#steps("serial", this.#filled(store));
  }

  get #stage(): string {
    return `${this.gathered.name}Stage`;
  }

  get #target(): readonly Affine[] {
    return [add(scale(this.#place, this.gathered.lanes), variable(this.#lane))];
  }

  #steps(kind: "serial" | "unrolled", body: readonly Stmt[]): readonly Stmt[] {
    const isWhole = this.#vectors % this.#team === 0;
    const inside = guarded(isWhole ? [] : [subtract(affine(this.#vectors - 1), this.#place)], body);
    return [forLoop(this.#step, this.steps, kind, inside)];
  }

  #lanes(store: Stmt): readonly Stmt[] {
    return [forLoop(this.#lane, this.gathered.lanes, "vectorized", [store])];
  }

  /** If some elements do not exist, the fill is stored everywhere first. */
  #filled(store: (value: Expr) => readonly Stmt[]): readonly Stmt[] {
    const { exists, fill } = this.gathered;
    return [...(exists.length > 0 && fill !== undefined ? store(number(fill)) : []), ...this.#existing(store)];
  }

  /** Passes the value of an element to `use`, under guards that it exists. */
  #existing(use: (value: Expr) => readonly Stmt[]): readonly Stmt[] {
    const { name, layout, read, exists } = this.gathered;
    const { subscripts, declared } = this.#subscripts();
    const called = new Map<string, Affine>(layout.map((loop, i) => [loop.name, subscripts[i] as Affine]));
    const moving = withDependents(
      layout.map((loop) => loop.name),
      this.nest.indices,
    );
    const indices = this.nest.indices.filter((index) => moving.has(index.name));
    for (const index of indices) called.set(index.name, variable(`${name}${capital(index.name)}`));
    const own = (form: Affine) => substitute(form, called);
    const renamed = indices.map(
      (index): FusedIndex => ({ ...index, name: `${name}${capital(index.name)}`, value: own(index.value) }),
    );
    const guard = exists.map(own);
    const at = read.at.map(own);
    const names = [...guard, ...at, ...renamed.map(({ value }) => value)].flatMap(variablesOf);
    const known = new Set(names.filter((one) => !renamed.some((index) => index.name === one)));
    return [...declared, ...emitRest({ known, indices: renamed, guard, later: [] }, () => use(load(read.buffer, at)))];
  }

  /**
   * The subscripts of the vector along each loop of the layout. They are quotients of its place, unless they simplify.
   */
  #subscripts(): { subscripts: Affine[]; declared: Stmt[] } {
    const { name, layout, lanes } = this.gathered;
    const extents = layout.map((loop) => loop.extent);
    const declared: Stmt[] = [];
    const bounds = new Map([
      [this.#step, { min: 0, max: this.steps - 1 }],
      ...this.team.map((loop) => [loop.name, { min: 0, max: loop.extent - 1 }] as const),
    ]);
    let rest = this.#place;
    const subscripts = stridesOf(extents).map((stride, i) => {
      if (i === extents.length - 1 && lanes > 1) {
        const extent = extents[i] as number;
        // The last loop is copied in vectors, so the rest counts vectors.
        return add(declareIndex(`${name}${i}`, rest, { by: lanes, max: extent / lanes - 1 }), variable(this.#lane));
      }
      const by = stride / lanes;
      const { whole, part } = quotient(rest, by, bounds);
      const sum = part === undefined ? whole : add(whole, declarePart(`${name}${i}Part`, part, by));
      const subscript = declareIndex(`${name}${i}`, sum, { by: 1, max: (extents[i] as number) - 1 });
      rest = subtract(rest, scale(sum, by));
      return subscript;
    });
    return { subscripts, declared };

    function declarePart(part: string, value: Affine, divisor: number): Affine {
      const { min, max } = range(value, bounds);
      return declareRange(part, value, divisor, Math.floor(min / divisor), Math.floor(max / divisor));
    }

    /** Declares an index for the form. By construction its value lies in 0..max. */
    function declareIndex(index: string, value: Affine, { by, max }: { by: number; max: number }): Affine {
      return scale(declareRange(index, value, 1, 0, max), by);
    }

    function declareRange(index: string, value: Affine, divisor: number, min: number, max: number): Affine {
      declared.push({ kind: "index", name: index, value, divisor, min, max });
      bounds.set(index, { min, max });
      return variable(index);
    }
  }
}

/**
 * floor(form / divisor) as `whole`, the terms that divide without a rest, and `part`, the terms still to be divided.
 * `part` is undefined if its quotient is always 0.
 */
function quotient(form: Affine, divisor: number, bounds: Bounds): { whole: Affine; part: Affine | undefined } {
  const multiple = restrict(form, (_, by) => by % divisor === 0);
  const rest = subtract(form, multiple);
  const { min, max } = range(rest, bounds);
  return { whole: divide(multiple, divisor), part: min >= 0 && max < divisor ? undefined : rest };
}

const capital = (name: string): string => `${name[0]?.toUpperCase()}${name.slice(1)}`;
