/**
 * Checks a program from outside, and copies it: names that code may hold, sizes that can be indexed, and stages that
 * say nothing but what a stage may say. In the end its subscripts are checked.
 */
import { type Affine, affine, type Guard } from "../ir/affine.js";
import { fail, reading, show } from "../ir/errors.js";
import { type BinaryOp, COMPARISONS, type Comparison, type Expr, type UnaryOp } from "../ir/expr.js";
import { meantValue } from "../ir/meant.js";
import { AXIS_NAME, NAME, TAKEN } from "../ir/names.js";
import {
  type Axis,
  type BufferDecl,
  type BufferRole,
  COMBINATIONS,
  type Program,
  type Stage,
  SUM,
} from "../ir/program.js";
import { elementCount } from "../ir/shape.js";
import { checkSize, MAX_DIMENSIONS, MAX_PARTS } from "../ir/size.js";
import { checkInside } from "./checkInside.js";

const ROLES: readonly BufferRole[] = ["input", "weights", "prepared", "constant", "scratch", "output"];
const UNARY: readonly UnaryOp[] = ["negate", "abs", "sqrt", "exp", "tanh", "log", "erf", "sin", "cos"];
const BINARY: readonly BinaryOp[] = ["add", "subtract", "multiply", "divide", "minimum", "maximum"];
const COMPARED = Object.keys(COMPARISONS) as Comparison[];
/** The most entries of any list: an array can claim four thousand million, and copying it would take as long. */
const MAX_LIST = 2 ** 24;

/** Throws `invalid-argument` or `too-large`. */
export const checkProgram = (given: unknown): Program => reading("a program", () => programFrom(given));

const refuse = (why: string): never => fail("invalid-argument", why);

function fieldsOf(what: string, given: unknown): Readonly<Record<string, unknown>> {
  return typeof given === "object" && given !== null && !Array.isArray(given)
    ? { ...given }
    : refuse(`${what} is an object; got ${show(given)}`);
}

function listOf(what: string, given: unknown): readonly unknown[] {
  if (!Array.isArray(given)) return refuse(`${what} is a list; got ${show(given)}`);
  if (given.length > MAX_LIST) refuse(`${what} has ${given.length} entries; there may be ${MAX_LIST}`);
  return [...given];
}

function oneOf<T extends string>(what: string, given: unknown, known: readonly T[]): T {
  return (
    known.find((one) => one === given) ??
    refuse(`${what} is one of ${known.join(", ")}; got ${show(given)}${meantValue(given, known)}`)
  );
}

function integer(what: string, given: unknown, least = Number.MIN_SAFE_INTEGER): number {
  const isLegal = typeof given === "number" && Number.isSafeInteger(given) && given >= least;
  return isLegal ? given : refuse(`${what} is an integer${least === 0 ? " >= 0" : ""}; got ${show(given)}`);
}

const number = (what: string, given: unknown): number =>
  typeof given === "number" && !Number.isNaN(given) ? given : refuse(`${what} is a number; got ${show(given)}`);

function nameFrom(what: string, given: unknown, form = NAME): string {
  if (typeof given === "string" && form.pattern.test(given)) return given;
  return refuse(`the name of ${what} is ${form.said}; got ${show(given)}`);
}

/** Code has the name of a buffer or stage as it is, so it must mean nothing else there. The nest checks axes. */
function nameInCode(what: string, given: unknown): string {
  const name = nameFrom(what, given);
  return TAKEN.has(name) ? refuse(`${what} may not be called ${name}, as code has the word for itself`) : name;
}

function checkUnique(what: string, all: readonly { readonly name: string }[]): void {
  const names = all.map(({ name }) => name);
  const double = names.find((name, i) => names.indexOf(name) !== i);
  if (double !== undefined) refuse(`there are two ${what} called ${double}; give one of them another name`);
}

function programFrom(given: unknown): Program {
  const fields = fieldsOf("a program", given);
  const name = nameFrom("a program", fields.name);
  const buffers = listOf(`buffers of ${name}`, fields.buffers).map(bufferFrom);
  checkUnique("buffers", buffers);
  const stagesFrom = (part: "prepare" | "run") =>
    listOf(`${part} of ${name}`, fields[part]).map((stage) => new StageReader(buffers, part).read(stage));
  const [prepare, run] = [stagesFrom("prepare"), stagesFrom("run")];
  checkUnique("stages", [...prepare, ...run]);
  if (run.length === 0) refuse(`run of ${name} has no stage, so there is nothing to compute`);
  const program = { name, buffers, prepare, run };
  checkInside(program);
  return program;
}

function bufferFrom(given: unknown): BufferDecl {
  const fields = fieldsOf("a buffer", given);
  const name = nameInCode("a buffer", fields.name);
  const sizes = listOf(`the shape of ${name}`, fields.shape);
  if (sizes.length > MAX_DIMENSIONS) refuse(`${name} has ${sizes.length} dimensions; there may be ${MAX_DIMENSIONS}`);
  const shape = sizes.map((size) => integer(`a size of ${name}`, size, 0));
  checkSize(name, shape);
  const dtype = oneOf(`the dtype of ${name}`, fields.dtype, ["f32"]);
  const role = oneOf(`the role of ${name}`, fields.role, ROLES);
  if (role !== "constant") return { name, shape, dtype, role };
  const values = listOf(`values of ${name}`, fields.values).map((value) => number(`a value of ${name}`, value));
  const count = elementCount(shape);
  if (values.length !== count) refuse(`${name} has ${count} elements and ${values.length} values`);
  return { name, shape, dtype, role, values };
}

/** Roles of the buffers that a stage of each part may write. */
const WRITTEN: Readonly<Record<"prepare" | "run", readonly BufferRole[]>> = {
  prepare: ["prepared", "scratch"],
  run: ["output", "scratch"],
};

class StageReader {
  #name = "a stage";
  #parts = 0;

  constructor(
    readonly buffers: readonly BufferDecl[],
    readonly part: "prepare" | "run",
  ) {}

  read(given: unknown): Stage {
    const fields = fieldsOf("a stage", given);
    const name = nameInCode("a stage", fields.name);
    this.#name = name;
    const axes = (list: "space" | "reduce") => listOf(`${list} of ${name}`, fields[list]).map((one) => this.#axis(one));
    const [space, reduce] = [axes("space"), axes("reduce")];
    const all = [...space, ...reduce];
    checkUnique(`axes of ${name}`, all);
    const { combine, where } = fields;
    const output = fieldsOf(`the output of ${name}`, fields.output);
    const buffer = this.#buffer(output.buffer);
    if (!WRITTEN[this.part].includes(buffer.role)) {
      refuse(`${name} of ${this.part} may write ${WRITTEN[this.part].join(" or ")}; ${buffer.name} is ${buffer.role}`);
    }
    return {
      name,
      space,
      reduce,
      ...(where === undefined ? {} : { where: this.#guard(where, space) }),
      ...(combine === undefined ? {} : { combine: this.#combine(combine) }),
      domain: this.#guard(fields.domain, all),
      term: this.#expr(fields.term, all, false),
      finish: this.#expr(fields.finish, space, true),
      output: { buffer: buffer.name, at: this.#subscripts(buffer, output.at, space) },
    };
  }

  #axis(given: unknown): Axis {
    const fields = fieldsOf(`an axis of ${this.#name}`, given);
    const name = nameFrom(`an axis of ${this.#name}`, fields.name, AXIS_NAME);
    // A form has no coefficient of this name, and every object has something of it.
    if (name === "constructor") refuse(`${this.#name}: no axis may be called ${name}; give it another name`);
    return { name, extent: integer(`the extent of an axis of ${this.#name}`, fields.extent, 0) };
  }

  #combine(given: unknown) {
    return oneOf(`combine of ${this.#name}`, given, Object.keys(COMBINATIONS) as (keyof typeof COMBINATIONS)[]);
  }

  #buffer(given: unknown): BufferDecl {
    return this.buffers.find(({ name }) => name === given) ?? refuse(`${this.#name} names ${show(given)}, no buffer`);
  }

  #guard(given: unknown, axes: readonly Axis[]): Guard {
    return listOf(`a guard of ${this.#name}`, given).map((form) => this.#form(form, axes));
  }

  #form(given: unknown, axes: readonly Axis[]): Affine {
    const fields = fieldsOf(`a form of ${this.#name}`, given);
    const terms = Object.entries(fieldsOf(`the terms of a form of ${this.#name}`, fields.terms));
    const stranger = terms.find(([name]) => !axes.some((axis) => axis.name === name));
    if (stranger) refuse(`a form of ${this.#name} names ${show(stranger[0])}, which is no axis there`);
    const of = (what: string, value: unknown) => integer(`a ${what} of a form of ${this.#name}`, value);
    const coefficients = terms.map(([name, value]) => [name, of("coefficient", value)] as const);
    return affine(of("constant", fields.constant), Object.fromEntries(coefficients));
  }

  #subscripts({ name, shape }: BufferDecl, given: unknown, axes: readonly Axis[]): readonly Affine[] {
    const at = this.#guard(given, axes);
    if (at.length === shape.length) return at;
    return refuse(`${this.#name} has ${at.length} subscripts for the ${shape.length} dimensions of ${name}`);
  }

  #expr(given: unknown, axes: readonly Axis[], mayNameSum: boolean): Expr {
    if (++this.#parts > MAX_PARTS) refuse(`${this.#name} computes more than ${MAX_PARTS} parts; split it into stages`);
    const fields = fieldsOf(`an expression of ${this.#name}`, given);
    if (fields.lanes !== 1) refuse(`expressions of ${this.#name} have 1 lane; schedules make vectors`);
    const operand = (value: unknown) => this.#expr(value, axes, mayNameSum);
    const kinds = ["const", "load", "unary", "binary", "select", ...(mayNameSum ? (["local"] as const) : [])] as const;
    const kind = oneOf(`the kind of an expression of ${this.#name}`, fields.kind, kinds);
    switch (kind) {
      case "const":
        return { kind, value: number(`a constant of ${this.#name}`, fields.value), lanes: 1 };
      case "local":
        return { kind, name: oneOf(`a local of ${this.#name}`, fields.name, [SUM]), lanes: 1 };
      case "load": {
        const buffer = this.#buffer(fields.buffer);
        return { kind, buffer: buffer.name, at: this.#subscripts(buffer, fields.at, axes), lanes: 1 };
      }
      case "unary":
        return { kind, op: oneOf("an operation", fields.op, UNARY), x: operand(fields.x), lanes: 1 };
      case "binary": {
        const op = oneOf("an operation", fields.op, BINARY);
        return { kind, op, a: operand(fields.a), b: operand(fields.b), lanes: 1 };
      }
      case "select": {
        const op = oneOf("a comparison", fields.op, COMPARED);
        const [a, b] = [operand(fields.a), operand(fields.b)];
        const [then, otherwise] = [operand(fields.then), operand(fields.otherwise)];
        return { kind, op, a, b, then, otherwise, lanes: 1 };
      }
    }
  }
}
