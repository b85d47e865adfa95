/** Options of a formula: shapes of its tensors, and what each of them is to callers. Checked and copied. */
import { fail, reading, show } from "../ir/errors.js";
import { NAME, TAKEN } from "../ir/names.js";
import { elementCount } from "../ir/shape.js";
import { checkSize, MAX_DIMENSIONS } from "../ir/size.js";

export interface FormulaOptions {
  /** The name of the program. Default: formula. */
  readonly name?: string;
  /** Shapes by name: of all inputs, and of computed tensors where the formula does not tell. Callers see this order. */
  readonly tensors: Readonly<Record<string, readonly number[]>>;
  /** Inputs that are given once, to prepare. */
  readonly weights?: readonly string[];
  /** Values of inputs that are known already, row-major. */
  readonly constants?: Readonly<Record<string, readonly number[]>>;
  /** Computed tensors that callers get. Default: those that no line reads. */
  readonly outputs?: readonly string[];
}

/** Options that were read once. */
export interface ReadOptions {
  readonly name: string;
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  readonly weights: readonly string[];
  readonly constants: ReadonlyMap<string, readonly number[]>;
  readonly outputs: readonly string[] | undefined;
}

const refuse = (why: string): never => fail("invalid-argument", why);

/** Throws `invalid-argument` or `too-large`. */
export const readOptions = (given: unknown): ReadOptions => reading("options of a formula", () => optionsFrom(given));

function optionsFrom(given: unknown): ReadOptions {
  const { name = "formula", tensors, weights = [], constants = {}, outputs } = fieldsOf("options of a formula", given);
  const isNamed = typeof name === "string" && NAME.pattern.test(name);
  const shapes = new Map(Object.entries(fieldsOf("tensors, shapes by name,", tensors)).map(shapeFrom));
  const known = Object.entries(fieldsOf("constants, values by name,", constants)).map(([constant, values]) => {
    const shape = shapes.get(constant) ?? refuse(`tensors has no shape for the constant ${show(constant)}`);
    return [constant, valuesFrom(constant, values, elementCount(shape))] as const;
  });
  return {
    name: isNamed ? name : refuse(`the name of a program is ${NAME.said}; got ${show(name)}`),
    shapes,
    weights: namesFrom("weights", weights),
    constants: new Map(known),
    outputs: outputs === undefined ? undefined : namesFrom("outputs", outputs),
  };
}

function fieldsOf(what: string, given: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof given === "object" && given !== null && !Array.isArray(given);
  return isObject ? { ...given } : refuse(`${what} are an object; got ${show(given)}`);
}

function shapeFrom([name, given]: readonly [string, unknown]): readonly [string, readonly number[]] {
  if (!NAME.pattern.test(name)) refuse(`the name of a tensor is ${NAME.said}; got ${show(name)}`);
  if (TAKEN.has(name)) refuse(`no tensor may be called ${name}, as code has the word for itself`);
  const sizes: readonly unknown[] = Array.isArray(given)
    ? [...given]
    : refuse(`the shape of ${name} is a list of sizes, such as [2, 3]; got ${show(given)}`);
  if (sizes.length > MAX_DIMENSIONS) refuse(`${name} has ${sizes.length} dimensions; there may be ${MAX_DIMENSIONS}`);
  const shape = sizes.map((size) =>
    typeof size === "number" && Number.isSafeInteger(size) && size >= 0
      ? size
      : refuse(`sizes of ${name} are integers >= 0; got ${show(size)}`),
  );
  checkSize(name, shape);
  return [name, shape];
}

function valuesFrom(name: string, given: unknown, count: number): readonly number[] {
  if (!Array.isArray(given)) return refuse(`the values of ${name} are a list of numbers; got ${show(given)}`);
  if (given.length !== count) refuse(`${name} has ${count} elements, and ${given.length} values are given`);
  return Array.from(given, (value: unknown) =>
    typeof value === "number" && !Number.isNaN(value)
      ? value
      : refuse(`a value of ${name} is a number; got ${show(value)}`),
  );
}

function namesFrom(what: string, given: unknown): readonly string[] {
  if (!Array.isArray(given)) return refuse(`${what} are a list of names of tensors; got ${show(given)}`);
  return Array.from(given, (name: unknown) =>
    typeof name === "string" && NAME.pattern.test(name)
      ? name
      : refuse(`${what} are names of tensors, ${NAME.said}; got ${show(name)}`),
  );
}
