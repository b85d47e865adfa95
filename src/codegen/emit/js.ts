/**
 * Emits JavaScript from a lowered kernel. Bases of offsets end in `| 0`, which tells V8 that they are 32-bit integers,
 * unless they are larger: taps far apart can have a base that no element has.
 * Values are plain numbers, so sums are float64 and are rounded once, at the store into a Float32Array.
 */
import { failInternally, unreachable } from "../../ir/errors.js";
import type { BinaryOp, UnaryOp } from "../../ir/expr.js";
import { elementCount } from "../../ir/program.js";
import { parameterNames, statements } from "../../ir/visit.js";
import type { Lowered } from "../lower.js";
import { fits } from "./integers.js";
import { atom, type Dialect, printAffine, printText } from "./text.js";

const OPERATORS: Readonly<Record<BinaryOp, (a: string, b: string) => string>> = {
  add: (a, b) => `${a} + ${b}`,
  subtract: (a, b) => `${a} - ${b}`,
  multiply: (a, b) => `${a} * ${b}`,
  divide: (a, b) => `${a} / ${b}`,
  minimum: (a, b) => `Math.min(${a}, ${b})`,
  maximum: (a, b) => `Math.max(${a}, ${b})`,
};

function unaryText(op: UnaryOp, x: string): string {
  switch (op) {
    case "negate":
      return `-(${x})`;
    case "abs":
    case "sqrt":
    case "exp":
    case "tanh":
    case "log":
    case "sin":
    case "cos":
      return `Math.${op}(${x})`;
    case "erf":
      return failInternally("an erf that no pass has written out");
    default:
      return unreachable(op);
  }
}

const noVectors = (): never => failInternally("a vector in a language without them");

/** Checked once more, because code with `NaN` in it would run and give wrong answers. */
const integer = (value: number): string =>
  Number.isSafeInteger(value) ? String(value) : failInternally(`${value} is no integer that code may hold`);

const DIALECT: Dialect = {
  integer,
  number: (value) => (Object.is(value, -0) ? "-0" : String(value)),
  index: (index, value) => `const ${index.name} = ${value}${fits(index) ? " | 0" : ""};`,
  flag: (name, condition) => `const ${name} = ${condition} ? 0 : -1;`,
  quotient: (value, divisor) => (divisor === 1 ? `(${value})` : `Math.floor((${value}) / ${divisor})`),
  loop: ({ name, extent, while: end }) =>
    `for (let ${name} = 0; ${end ? `${printAffine(end, { integer })} >= 0` : `${name} < ${extent}`}; ${name}++)`,
  declare: (name, value, mutable) => `${mutable ? "let" : "const"} ${name} = ${value};`,
  load: (buffer, offset) => `${buffer}[${printAffine(offset, { integer })}]`,
  store: (buffer, offset, value) => [`${buffer}[${printAffine(offset, { integer })}] = ${value};`],
  splat: noVectors,
  lane: noVectors,
  unary: unaryText,
  binary: (op, a, b) => OPERATORS[op](atom(a), atom(b)),
  fma: (a, b, c) => `${atom(a)} * ${atom(b)} + ${atom(c)}`,
  select: (condition, then, otherwise) => `${condition} ? ${atom(then)} : ${atom(otherwise)}`,
  barrier: () => failInternally("a barrier in a language without workgroups"),
};

export interface JsFunction {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: string;
  /** Scratch arrays that live beside the function. The length counts elements. */
  readonly locals: readonly { readonly name: string; readonly length: number }[];
}

export function emitJs(kernel: Lowered): JsFunction {
  const allocs = statements(kernel.body).filter((stmt) => stmt.kind === "alloc");
  // Several branches may allocate one name, always with the same shape.
  const locals = new Map(allocs.map((stmt) => [stmt.buffer, elementCount(stmt.shape)]));
  return {
    name: kernel.name,
    parameters: [...kernel.buffers.map((buffer) => buffer.name), ...parameterNames(kernel)],
    body: printText(kernel, DIALECT, "    "),
    locals: [...locals].map(([name, length]) => ({ name, length })),
  };
}
