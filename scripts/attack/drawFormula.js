// @ts-check
/** Random formulas of one to three lines, legal by construction, of which small integers give exact results. */

import { drawSubscript, reversed } from "./drawSubscript.js";
import { affine, axis, computed, read, reduced, together } from "./oracle/formula.js";
import { COMPARED, EXACT, SMOOTH } from "./oracle/functions.js";

/** @typedef {import("./oracle/formula.js").Index} Index */
/** @typedef {import("./oracle/formula.js").Value} Value */
/** @typedef {{ name: string, extent: number, sizes: number[] }} AxisUse with the sizes of dimensions that it alone subscripts */
/** @typedef {{ line: AxisUse[], reduced: AxisUse[], depth: number }} Where */

export class FormulaDrawer {
  /** @type {Record<string, readonly number[]>} */
  shapes = {};
  /** @type {string[]} */
  inputs = [];
  /** @type {any[]} */
  lines = [];
  /** @type {Set<string>} */
  read = new Set();
  #extents;

  /** @param {import("./random.js").Random} random */
  constructor(random) {
    this.random = random;
    this.#extents = Object.fromEntries([..."nyxkji"].map((name) => [name, random.int(1, 5)]));
    const count = random.int(1, 3);
    for (let i = 0; i < count; i++) this.#line(i === count - 1 ? "output" : `t${i}`);
  }

  get text() {
    return this.lines.map(({ text }) => text).join(this.random.pick(["\n", "; "]));
  }

  get outputs() {
    return this.lines.map(({ tensor }) => tensor).filter((tensor) => !this.read.has(tensor));
  }

  /** @param {string} name @returns {AxisUse} */
  #axis = (name) => ({ name, extent: this.#extents[name] ?? 1, sizes: [] });

  /** @param {string} tensor */
  #line(tensor) {
    const { random } = this;
    const axes = ["n", "y", "x"].filter(() => !random.once(4)).map(this.#axis);
    const all = axes.map(({ name, extent }) => axis(name, extent));
    /** @type {Index[]} */
    let at = all;
    const [a, b] = all;
    if (a && b && random.once(6)) at = [together(affine(a, b.most + 1, 0), b), ...all.slice(2)];
    else if (a && random.once(6)) at = [reversed(a), ...all.slice(1)];
    const where = { line: axes, reduced: [], depth: random.int(1, 3) };
    let value = this.#value(where);
    if (tensor === "output" && random.once(3)) value = this.#applied(SMOOTH, value);
    const said = this.#said(axes);
    const text = `${tensor}[${at.map((index) => index.text).join(", ")}] = ${value.text}${said === "" ? "" : ` for ${said}`}`;
    const shape = at.map(({ most }) => most + 1);
    this.shapes[tensor] = shape;
    this.lines.push({ tensor, at, shape, axes: axes.map(({ name, extent }) => [name, extent]), value, text });
  }

  /** Extents that reads do not tell, and some that they do. @param {readonly AxisUse[]} axes */
  #said = (axes, always = false) =>
    axes
      .map(({ name, extent, sizes }) => {
        const isTold = sizes.length > 0 && sizes.every((size) => size === extent);
        return isTold && !this.random.once(4) ? (always ? name : "") : `${name} < ${extent}`;
      })
      .filter((text) => text !== "")
      .join(", ");

  /** @param {Where} where @returns {Value} */
  #value(where) {
    const { random } = this;
    if (where.depth === 0 || random.once(6)) return this.#leaf(where);
    const inner = { ...where, depth: where.depth - 1 };
    const of = () => this.#value(inner);
    switch (random.int(0, 6)) {
      case 0:
        return this.#applied(EXACT, of());
      case 1: {
        const [a, b] = [of(), of()];
        const name = random.pick(["max", "min"]);
        return computed(`${name}(${a.text}, ${b.text})`, [a, b], name === "max" ? Math.max : Math.min);
      }
      case 2: {
        const op = random.pick(Object.keys(COMPARED));
        const parts = [of(), of(), of(), of()];
        const [a, b, c, d] = parts.map(({ text }) => text);
        return computed(`where(${a} ${op} ${b}, ${c}, ${d})`, parts, (p, q, r, s) => (COMPARED[op]?.(p, q) ? r : s));
      }
      case 3: {
        const [a, b, op] = [of(), this.#leaf(where), random.pick(["+", "-", "*"])];
        const compute = (/** @type {number} */ p, /** @type {number} */ q) =>
          op === "+" ? p + q : op === "-" ? p - q : p * q;
        return computed(`(${a.text}) ${op} (${b.text})`, [a, b], compute);
      }
      default:
        return this.#reduction(inner);
    }
  }

  /** @param {readonly [string, (x: number) => number][]} from @param {Value} x */
  #applied(from, x) {
    const [text, compute] = this.random.pick(from);
    return computed(
      text.replace("@", () => x.text),
      [x],
      compute,
    );
  }

  /** @param {Where} where @returns {Value} */
  #reduction(where) {
    const { random } = this;
    const free = ["k", "j", "i"].filter((name) => where.reduced.every((axis) => axis.name !== name));
    const own = free.slice(0, random.int(1, Math.max(1, Math.min(2, free.length)))).map(this.#axis);
    const inside = { ...where, reduced: [...where.reduced, ...own] };
    const body = this.#value(inside);
    const all = [...where.line, ...inside.reduced];
    const conditions = random.once(5) && all.length > 0 ? [this.#condition(all)] : [];
    const by = random.pick(["sum", "sum", "sum", "max", "min", "mean"]);
    const axes = own.map(({ name, extent }) => /** @type {[string, number]} */ ([name, extent]));
    return reduced(by, axes, this.#said(own, true), conditions, body);
  }

  /** @param {readonly AxisUse[]} axes */
  #condition(axes) {
    const { random } = this;
    const one = () => random.pick(axes);
    const [a, b] = [axis(one().name, 1), affine(axis(one().name, 1), 1, random.int(-1, 2))];
    const op = random.pick(["<", "<=", ">", ">="]);
    const holds = (/** @type {Record<string, number>} */ point) => COMPARED[op]?.(a.of(point), b.of(point)) ?? false;
    return { text: `${a.text} ${op} ${b.text}`, holds };
  }

  /** @param {Where} where @returns {Value} */
  #leaf(where) {
    const { random } = this;
    if (random.once(7)) {
      // A factor of 0 that the compiler knows removes its term, also where that is no number.
      const number = random.pick([-3, -2, -1, 1, 2, 3]);
      return computed(String(number), [], () => number);
    }
    const known = this.lines.length > 0 && random.once(2) ? random.pick(this.lines).tensor : undefined;
    const isTerm = where.reduced.length > 0;
    if (known !== undefined) return this.#earlier(known, where);
    const name = `in${this.inputs.length}`;
    const at = random.list(random.int(0, 3), () => drawSubscript(random, where));
    this.shapes[name] = at.map(({ most }) => Math.max(1, most + 1 - (isTerm ? random.int(0, 2) : 0)));
    this.inputs.push(name);
    return this.#reading(name, at, where);
  }

  /** A line before, read in range outside of reductions. @param {string} tensor @param {Where} where */
  #earlier(tensor, where) {
    const { random } = this;
    const at = (this.shapes[tensor] ?? []).map((size) => {
      if (where.reduced.length > 0 && random.once(2)) return drawSubscript(random, where);
      const fit = [...where.line, ...where.reduced].filter(({ extent }) => extent <= size);
      const chosen = fit.length > 0 ? random.pick(fit) : undefined;
      return chosen ? axis(chosen.name, chosen.extent) : affine(axis("0", 1), 1, 0);
    });
    this.read.add(tensor);
    return this.#reading(tensor, at, where);
  }

  /** @param {string} tensor @param {readonly Index[]} at @param {Where} where */
  #reading(tensor, at, where) {
    at.forEach(({ bare }, i) => {
      const used = [...where.line, ...where.reduced].find(({ name }) => name === bare);
      used?.sizes.push(this.shapes[tensor]?.[i] ?? 0);
    });
    return read(tensor, at);
  }
}
