/** Random stages of any form: small axes, and buffers that move along them in all the ways that schedulers tell apart. */
import fc from "fast-check";
import { type Affine, add, affine, type Bounds, decide, range, variable, within } from "../../src/ir/affine.js";
import { binary, type Expr, load, local, multiply, number, plus, select, unary } from "../../src/ir/expr.js";
import {
  type Axis,
  type BufferDecl,
  type BufferRole,
  type Combine,
  elementCount,
  type Program,
  SUM,
} from "../../src/ir/program.js";
import { buffer } from "./kernels.js";
import { programWith } from "./programs.js";
import { smallIntegers } from "./run.js";

/** Terms of a stage at most, so that it is interpreted in no time. */
const MOST_TERMS = 3000;
const SHORT = [1, 2, 3, 4, 5, 6, 7, 8, 9];
/** Enough for a GPU's vectors and tiles, and for sums in parts. */
const LONG = [12, 16, 21, 32, 37];

/** Names of four axes of the output and three of the reduction. Some are such as loops of schedules would like to have. */
const NAMES = [
  ["n", "y", "x", "c", "k", "j", "i"],
  ["n", "y", "x", "c", "k", "j", "i"],
  ["p", "po", "lane", "pt", "p0", "c0", "c"],
];

const between = (min: number, max: number) => fc.integer({ min, max });

interface Read {
  readonly buffer: string;
  readonly forms: readonly Affine[];
}

/** Draws a stage: axes first, then what each factor reads, how large its buffer is, and what becomes of the terms. */
export class StageBuilder {
  readonly #int: (min: number, max: number) => number;
  readonly #space: Axis[] = [];
  readonly #reduce: Axis[] = [];
  readonly #bounds: Bounds;

  constructor(draw: fc.GeneratorValue) {
    this.#int = (min, max) => draw(between, min, max);
    let left = MOST_TERMS;
    const axes = (names: readonly string[], into: Axis[]) => {
      for (const name of names) {
        const extent = Math.min(this.#pick(this.#int(0, 4) === 0 ? LONG : SHORT), Math.max(1, left));
        left = Math.floor(left / extent);
        into.push({ name, extent });
      }
    };
    const names = this.#pick(NAMES);
    axes(names.slice(0, this.#int(1, 4)), this.#space);
    axes(names.slice(4, 4 + this.#int(0, 3)), this.#reduce);
    this.#bounds = new Map(this.#axes.map(({ name, extent }) => [name, { min: 0, max: extent - 1 }]));
  }

  build(): Program {
    const reads = this.#reads();
    const named = [...new Set(reads.map((read) => read.buffer))];
    const domain: Affine[] = [];
    const loads: Expr[] = reads.map(() => number(0));
    const buffers = named.map((name) => {
      const own = reads.filter((read) => read.buffer === name);
      const [shape, offsets] = this.#placed(own);
      reads.forEach((read, place) => {
        if (read.buffer !== name) return;
        const at = read.forms.map((form, i) => add(form, offsets[i] as number));
        loads[place] = load(name, at);
        at.forEach((form, i) => {
          const inside = within(form, shape[i] as number);
          if (decide(inside, this.#bounds) !== "always") domain.push(...inside);
        });
      });
      return this.#declared(name, shape, this.#pick(["input", "input", "weights", "weights", "constant"]));
    });
    const [output, at] = this.#output();
    const [finish, finishing] = this.#finish(output, at);
    const where = this.#where();
    return programWith(
      [...buffers, ...finishing, output],
      [
        {
          name: "stage",
          space: this.#space,
          ...(where ? { where: [where] } : {}),
          reduce: this.#reduce,
          combine: this.#pick<Combine>(["sum", "sum", "sum", "maximum", "minimum"]),
          domain,
          term: this.#term(loads),
          finish,
          output: { buffer: output.name, at },
        },
      ],
    );
  }

  get #axes(): Axis[] {
    return [...this.#space, ...this.#reduce];
  }

  /** Each factor moves along some of the axes; now and then one reads the same buffer as another, elsewhere. */
  #reads(): Read[] {
    const reads: Read[] = [];
    const count = this.#pick([1, 2, 2, 2, 2, 3]);
    const isProduct = this.#int(0, 2) === 0;
    for (let i = 0; i < count; i++) {
      const before = reads.at(-1);
      const isAgain = before !== undefined && this.#int(0, 5) === 0;
      const moved = isProduct ? this.#sideOf(i) : this.#axes.filter(() => this.#int(0, 3) > 0);
      reads.push(isAgain ? this.#elsewhere(before) : { buffer: `factor${i}`, forms: this.#forms(moved) });
    }
    return reads;
  }

  /** Of a product the last axis of the output moves the second factor, and those before it the others. */
  #sideOf(factor: number): Axis[] {
    const last = this.#space.slice(-1);
    return [...(factor === 1 ? last : this.#space.filter((axis) => !last.includes(axis))), ...this.#reduce];
  }

  /** Subscripts of one buffer: axes by themselves, windows, groups, and in any order. */
  #forms(moved: readonly Axis[]): Affine[] {
    const rest = this.#shuffled(moved);
    const forms: Affine[] = [];
    for (let axis = rest.shift(); axis; axis = rest.shift()) {
      const step = this.#pick([1, 1, 1, 1, 2, 3, -1]);
      const what = this.#int(0, 4);
      const other = what < 3 ? rest.shift() : undefined;
      if (!other) forms.push(variable(axis.name, what === 3 ? step : 1));
      // A window with strides and rates.
      else if (what < 2) forms.push(add(variable(axis.name, step), variable(other.name, this.#pick([1, 1, 2, 3, -1]))));
      else forms.push(add(variable(axis.name, other.extent), variable(other.name)));
    }
    if (forms.length === 0 || this.#int(0, 9) === 0) forms.push(affine(0));
    return forms;
  }

  /** The same buffer by the same subscripts, but for a step aside or two axes that change places. */
  #elsewhere({ buffer: name, forms }: Read): Read {
    const what = this.#int(0, 2);
    if (what === 0) return { buffer: name, forms };
    if (what === 1) return { buffer: name, forms: forms.map((form, i) => (i === 0 ? add(form, 1) : form)) };
    return { buffer: name, forms: [...forms].reverse() };
  }

  /** A shape in which most reads lie, and how far each subscript is moved for that. */
  #placed(reads: readonly Read[]): [shape: number[], offsets: number[]] {
    const dimensions = (reads[0] as Read).forms.map((_, i) => {
      const ranges = reads.map(({ forms }) => range(forms[i] as Affine, this.#bounds));
      const [min, max] = [Math.min(...ranges.map((one) => one.min)), Math.max(...ranges.map((one) => one.max))];
      const isPadded = this.#int(0, 3) === 0;
      const [before, after] = isPadded ? [this.#int(0, 2), this.#int(0, 2)] : [-this.#pick([0, 0, 0, 1]), 0];
      return { size: Math.max(1, max - min + 1 - before - after), offset: -min - before };
    });
    return [dimensions.map(({ size }) => size), dimensions.map(({ offset }) => offset)];
  }

  #declared(name: string, shape: readonly number[], role: BufferRole): BufferDecl {
    const declared = buffer(name, shape, role);
    return role === "constant" ? { ...declared, values: [...smallIntegers(elementCount(shape), 7)] } : declared;
  }

  #term([a, b, c]: readonly Expr[]): Expr {
    const one = a as Expr;
    const zero = number(0);
    if (!b) {
      return this.#pick([
        ...[one, one, unary("abs", one), multiply(one, one)],
        select("less", one, zero, multiply(number(2), one), one),
      ]);
    }
    const two = this.#pick([
      ...[multiply(one, b), multiply(one, b), multiply(one, b), plus(one, b)],
      ...[unary("abs", binary("subtract", one, b)), binary("maximum", one, b)],
      ...[select("equal", one, b, number(1), zero), select("lessEqual", one, b, multiply(one, b), plus(one, b))],
    ]);
    return c ? this.#pick([multiply(two, c), plus(two, c), binary("minimum", c, two)]) : two;
  }

  /** The axes in their order or another one, perhaps two in one dimension, perhaps with gaps. */
  #output(): [BufferDecl, Affine[]] {
    const order = this.#int(0, 2) === 0 ? this.#shuffled(this.#space) : this.#space;
    const forms = order.map(({ name }) => variable(name));
    const sizes = order.map(({ extent }) => extent);
    const what = this.#int(0, 7);
    if (what === 0 && order.length > 1) {
      const [outer, inner] = [forms.pop() as Affine, order.at(-1) as Axis];
      const group = order.at(-2) as Axis;
      forms[forms.length - 1] = add(variable(group.name, inner.extent), outer);
      sizes.splice(-2, 2, group.extent * inner.extent);
    }
    if (what === 1) {
      const [name, extent] = [(order[0] as Axis).name, (order[0] as Axis).extent];
      forms[0] = variable(name, 2);
      sizes[0] = 2 * extent + 1;
    }
    return [buffer("output", sizes, "output"), forms];
  }

  /** What is exact on small integers: a bias, a residual, a scale by a power of two. */
  #finish(output: BufferDecl, at: readonly Affine[]): [Expr, BufferDecl[]] {
    const sum = local(SUM);
    const what = this.#int(0, 6);
    const axis = this.#pick(this.#space);
    if (what === 0) return [multiply(sum, number(0.25)), []];
    if (what === 1) return [plus(sum, load("residual", at)), [buffer("residual", output.shape, "input")]];
    if (what > 4) return [sum, []];
    const biased = plus(sum, load("bias", [variable(axis.name)]));
    const leaky = select("less", biased, number(0), multiply(biased, number(0.25)), biased);
    const finish = what === 2 ? biased : what === 3 ? binary("maximum", biased, number(0)) : leaky;
    return [finish, [buffer("bias", [axis.extent], "weights")]];
  }

  #where(): Affine | undefined {
    const { name, extent } = this.#pick(this.#space);
    const other = this.#pick(this.#space).name;
    const what = this.#int(0, 17);
    if (what === 0) return affine(extent - 2, { [name]: -1 });
    if (what === 1) return affine(-1, { [name]: 1 });
    return what === 2 && other !== name ? affine(extent - 1, { [name]: -1, [other]: -1 }) : undefined;
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#int(0, from.length - 1)] as T;
  }

  #shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list];
    return list.map(() => rest.splice(this.#int(0, rest.length - 1), 1)[0] as T);
  }
}
