/** The fields of a shorthand from outside: each is read once, and has a form before it is used. */
import { fail, show } from "../ir/errors.js";
import { integersFrom, isInteger, listRemedy, pairsFrom, pairsRemedy } from "../ir/integers.js";
import { meant, meantValue } from "../ir/meant.js";
import type { Activation } from "../ir/ops/epilogue.js";
import { checkActivation } from "../ir/ops/spec.js";
import { MAX_DIMENSIONS } from "../ir/size.js";

/** Throws `invalid-spec`, and `invalid-shape` for sizes. */
export class SpecFields {
  readonly op: string;
  readonly #given: Readonly<Record<string, unknown>>;

  constructor(given: Readonly<Record<string, unknown>>, legal: readonly string[]) {
    this.op = String(given.op);
    this.#given = given;
    const keys = ["op", ...legal];
    const strange = Object.keys(given).find((key) => given[key] !== undefined && !keys.includes(key));
    if (strange !== undefined)
      this.refuse(`${this.op} has no ${show(strange)}; it may have ${keys.join(", ")}${meant(strange, keys)}`);
  }

  refuse(why: string): never {
    return fail("invalid-spec", why);
  }

  refuseShape(why: string): never {
    return fail("invalid-shape", `${this.op}: ${why}`);
  }

  has(name: string): boolean {
    return this.#given[name] !== undefined;
  }

  isText(name: string): boolean {
    return typeof this.#given[name] === "string";
  }

  /** Sizes of a tensor with so many dimensions, `least` at least. */
  shape(name: string, least = 0): readonly number[] {
    const given = this.#given[name];
    const rank = Array.isArray(given) && given.length <= MAX_DIMENSIONS ? given.length : -1;
    const many = least > 0 ? ` of ${least === 1 ? "1 dimension" : `${least} dimensions`} or more` : "";
    return (
      (rank >= least ? integersFrom(given, rank, 0) : undefined) ??
      this.refuseShape(`${name} must be a shape${many}, in integers >= 0; got ${show(given)}`)
    );
  }

  /** A list of so many integers. */
  integers(name: string, length: number, least: number, otherwise?: readonly number[]): readonly number[] {
    const given = this.#given[name] ?? otherwise;
    const remedy = listRemedy(given, length, least);
    return (
      integersFrom(given, length, least) ??
      this.refuse(`${name} of ${this.op} must be ${length} integers >= ${least}; got ${show(given)}${remedy}`)
    );
  }

  integer(name: string, least: number): number {
    const given = this.#given[name];
    if (isInteger(given, least)) return given;
    return this.refuse(`${name} of ${this.op} must be an integer >= ${least}; got ${show(given)}`);
  }

  /** Numbers before and after, for each of so many axes. */
  pairs(name: string, count: number): readonly (readonly [number, number])[] {
    const given = this.#given[name];
    const legal = `[before, after] with integers >= 0, for each of ${count} axes`;
    const said = `${name} of ${this.op} must be ${legal}; got ${show(given)}${pairsRemedy(given, count)}`;
    return pairsFrom(given, count) ?? this.refuse(said);
  }

  /** An axis of a tensor with so many dimensions. */
  axis(name: string, rank: number, otherwise: number): number {
    return this.#axisFrom(name, this.#given[name] ?? otherwise, rank);
  }

  /** Axes in rising order, each once. */
  axes(name: string, rank: number): readonly number[] {
    const given = this.#given[name] ?? Array.from({ length: rank }, (_, i) => i);
    const list: readonly unknown[] = Array.isArray(given)
      ? [...given.slice(0, rank + 1)]
      : this.refuse(`${name} of ${this.op} must be a list of axes; got ${show(given)}`);
    const axes = list.map((one) => this.#axisFrom(name, one, rank));
    if (new Set(axes).size !== axes.length) this.refuse(`${name} of ${this.op} has an axis twice; got ${show(given)}`);
    return axes.sort((a, b) => a - b);
  }

  #axisFrom(name: string, given: unknown, rank: number): number {
    if (isInteger(given, -rank) && given < rank) return given < 0 ? given + rank : given;
    return this.refuse(`${name} of ${this.op} takes axes from ${-rank} to ${rank - 1}; got ${show(given)}`);
  }

  oneOf<T extends string>(name: string, legal: readonly T[], otherwise?: T): T {
    const given = this.#given[name] ?? otherwise;
    const found = legal.find((one) => one === given);
    return (
      found ??
      this.refuse(
        `${name} of ${this.op} must be one of ${legal.join(", ")}; got ${show(given)}${meantValue(given, legal)}`,
      )
    );
  }

  flag(name: string, otherwise: boolean): boolean {
    const given = this.#given[name] ?? otherwise;
    if (typeof given === "boolean") return given;
    return this.refuse(`${name} of ${this.op} is true or false; got ${show(given)}`);
  }

  number(name: string, otherwise: number, least = Number.NEGATIVE_INFINITY): number {
    const given = this.#given[name] ?? otherwise;
    if (typeof given === "number" && Number.isFinite(given) && given >= least) return given;
    const legal = least === Number.NEGATIVE_INFINITY ? "a finite number" : `a finite number >= ${least}`;
    return this.refuse(`${name} of ${this.op} must be ${legal}; got ${show(given)}`);
  }

  /** Names out of these, each once. */
  names<T extends string>(name: string, legal: readonly T[]): readonly T[] {
    const given = this.#given[name] ?? [];
    const list: readonly unknown[] = Array.isArray(given) ? [...given.slice(0, legal.length + 1)] : [given];
    if (list.length <= legal.length && list.every((one) => legal.includes(one as T))) {
      return legal.filter((one) => list.includes(one));
    }
    return this.refuse(`${name} of ${this.op} is a list of ${legal.join(", ")}; got ${show(given)}`);
  }

  activation(): Activation | undefined {
    return checkActivation(this.#given.activation);
  }
}
