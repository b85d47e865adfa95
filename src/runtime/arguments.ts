/** Checks arguments of calls, bare or by name, and orders them as a kernel declares its tensors. */
import { fail, reading, show } from "../ir/errors.js";
import { meant } from "../ir/meant.js";
import type { Facts } from "../ir/module.js";
import { isFormula } from "../ir/ops/specKind.js";
import type { BufferDecl } from "../ir/program.js";
import { allocateFloats } from "./memory.js";
import { checkNoAlias, elementsOf, isFloat32Array } from "./tensor.js";
import { namesOf, type Tensors } from "./tensors.js";

/** Tensors, or their bare elements, by the names that the kernel has for them. */
export type Named<T> = Readonly<Record<string, T>>;

type Declarations = readonly BufferDecl[];

/** Arguments of `run` whose types, lengths and places have been checked. */
export interface CheckedArguments {
  readonly inputs: readonly Float32Array[];
  readonly outputs: readonly Float32Array[];
  /** Returned to the caller. */
  readonly result: unknown;
}

/**
 * `given` is the only input, or an object of inputs by name. `out` is alike for outputs, or undefined for fresh memory.
 * Throws `invalid-argument`.
 */
export const checkArguments = (tensors: Tensors, given: unknown, out: unknown): CheckedArguments =>
  reading("an argument", () => argumentsFrom(tensors, given, out));

function argumentsFrom(tensors: Tensors, given: unknown, out: unknown): CheckedArguments {
  const { inputs, outputs } = tensors;
  if (isNamed(given, inputs)) return checkNamed(tensors, given, out);
  const { name, shape } = onlyOf("input", inputs, inputs);
  const result = onlyOf("output", outputs, outputs);
  const input = elementsOf(name, given, shape);
  if (out === undefined) {
    const data = allocateFloats("the output", result.shape);
    return { inputs: [input], outputs: [data], result: isFloat32Array(given) ? data : { shape: result.shape, data } };
  }
  const output = elementsOf("out", out, result.shape);
  checkNoAlias("out", output, name, input);
  return { inputs: [input], outputs: [output], result: out };
}

/** A fresh output is a tensor if some input is one, else an array. */
function checkNamed(tensors: Tensors, given: object, out: unknown): CheckedArguments {
  const { inputs, outputs } = tensors;
  const values = inDeclaredOrder("input", inputs, given, tensors);
  const elements = inputs.map(({ name, shape }, i) => elementsOf(name, values[i], shape));
  const taken = inputs.map(({ name }, i) => ({ name, data: elements[i] as Float32Array }));
  const results = inDeclaredOrder("output", outputs, out, tensors).map((result, i) => {
    const { name, shape } = outputs[i] as BufferDecl;
    const data = result === undefined ? allocateFloats(name, shape) : elementsOf(name, result, shape);
    for (const other of taken) checkNoAlias(name, data, other.name, other.data);
    taken.push({ name, data });
    return result ?? (values.every(isFloat32Array) ? data : { shape, data });
  });
  const written = taken.slice(inputs.length).map(({ data }) => data);
  return { inputs: elements, outputs: written, result: byName(outputs, results) };
}

/** The addresses by name. Throws `invalid-argument` unless each tensor has one, and nothing else. */
export function checkAddresses(tensors: Declarations, given: unknown): ReadonlyMap<string, number> {
  const addresses = reading("addresses", () => inDeclaredOrder("tensor", tensors, given)) as number[];
  return new Map(tensors.map(({ name }, i) => [name, addresses[i] as number]));
}

/** Orders the arguments of `prepare` as the kernel declares its weights; throws if there are too many. */
export function weightsOf(tensors: Tensors, given: readonly unknown[], spec: Facts["spec"]): readonly unknown[] {
  const declared = tensors.weights;
  const named = reading("the weights", () =>
    given.length < 2 && isNamed(given[0], declared)
      ? inDeclaredOrder("weight", declared, given[0], tensors)
      : undefined,
  );
  if (named) return named;
  const isMore = given.slice(declared.length).some((one) => one !== undefined);
  if (isMore && spec && !isFormula(spec) && !spec.bias)
    fail("invalid-argument", "this kernel adds no bias; compile its spec with bias: true");
  return isMore ? fail("invalid-argument", `there are too many weights; ${listOf("weight", declared)}`) : given;
}

export const byName = <T>(declared: Declarations, all: readonly T[]): Named<T> =>
  Object.fromEntries(declared.map(({ name }, i) => [name, all[i] as T]));

/** The only element of `all`. Throws unless exactly one is declared: the caller must then give names. */
export function onlyOf<T>(kind: string, declared: Declarations, all: readonly T[]): T {
  if (declared.length === 1) return all[0] as T;
  return fail("invalid-argument", `the ${kind}s of this kernel go by name; ${listOf(kind, declared)}`);
}

/**
 * True if arguments are given by name, in a plain object that is no tensor. An object with `data` is a tensor, unless
 * the kernel has an argument of that name. If nothing is declared, undefined counts as an empty object.
 */
export function isNamed(given: unknown, declared: Declarations): given is object {
  if (given === undefined) return declared.length === 0;
  if (isFloat32Array(given) || typeof given !== "object" || given === null || !isPlain(given)) return false;
  return !Object.hasOwn(given, "data") || namesOf(declared).includes("data");
}

/** True for an object that braces made, in any realm. */
function isPlain(given: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(given);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * Arguments by name, in declared order. A missing one is undefined; a name that is not declared throws. `tensors` are
 * those of a kernel, of which other calls take some.
 */
export function inDeclaredOrder(
  kind: string,
  declared: Declarations,
  given: unknown = {},
  tensors?: Tensors,
): unknown[] {
  const names = namesOf(declared);
  if (!isNamed(given, declared))
    return fail("invalid-argument", `the ${kind}s go by name, too; ${listOf(kind, declared)}`);
  const all = new Map<string, unknown>(Object.entries(given));
  const strange = [...all.keys()].find((name) => !names.includes(name));
  if (strange !== undefined) {
    const remedy = (tensors && placeOf(strange, tensors)) || meant(strange, names);
    fail("invalid-argument", `there is no ${kind} ${show(strange)}; ${listOf(kind, declared)}${remedy}`);
  }
  return names.map((name) => all.get(name));
}

/** The call that takes a tensor of this name, or returns it. */
function placeOf(name: string, { inputs, weights, outputs }: Tensors): string | undefined {
  if (namesOf(weights).includes(name)) return `; ${name} is a weight, give it to prepare`;
  if (namesOf(inputs).includes(name)) return `; ${name} is an input, give it to run`;
  return namesOf(outputs).includes(name) ? `; ${name} is an output, which run returns` : undefined;
}

/** A call with weights, as one writes it. Tensors of a formula go by name. @param wait "await " on a GPU */
export function callInWords({ inputs, weights }: Tensors, spec: Facts["spec"], wait = ""): string {
  const isBare = spec !== undefined && !isFormula(spec);
  const [given, prepared] = [namesOf(inputs).join(", "), namesOf(weights).join(", ")];
  const value = isBare && inputs.length === 1 ? given : `{ ${given} }`;
  return `run(${value}, ${wait}kernel.prepare(${isBare ? prepared : `{ ${prepared} }`}))`;
}

const listOf = (kind: string, declared: Declarations): string =>
  `its ${kind}s are ${namesOf(declared).join(", ") || "none"}`;
