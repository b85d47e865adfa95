/**
 * Emits one WGSL compute entry point from a lowered kernel. Loops of the launch become values of the two built-in ids.
 * If every access of a buffer is a whole vector, the buffer is an array of vec4f, else of f32. Sizes are constants, so
 * a shader compiler can see that accesses stay inside.
 */
import { type Affine, add } from "../../ir/affine.js";
import type { DType } from "../../ir/dtype.js";
import { failInternally, unreachable } from "../../ir/errors.js";
import type { BinaryOp, UnaryOp } from "../../ir/expr.js";
import { elementCount } from "../../ir/program.js";
import {
  type Alloc,
  type For,
  isInvocationLoop,
  isWorkgroupLoop,
  type Launch,
  type LoopKind,
  VECTOR,
} from "../../ir/stmt.js";
import { statements } from "../../ir/visit.js";
import type { Lowered } from "../lower.js";
import { checkIntegers, MAX_INTEGER } from "./integers.js";
import { atom, type Dialect, printAffine, printText } from "./text.js";

/** A variable that holds an array, and its type. */
export interface WgslArray {
  readonly name: string;
  readonly type: string;
}

export interface WgslFunction {
  readonly name: string;
  readonly launch: Launch;
  /** Buffers that the host binds, in the order of the kernel's parameters. */
  readonly buffers: readonly (WgslArray & { readonly isWritten: boolean })[];
  /** Arrays that the invocations of a workgroup share. */
  readonly shared: readonly WgslArray[];
  /** Arrays that each invocation has for itself. */
  readonly own: readonly WgslArray[];
  /** Loops of the launch, each with the dimension that it runs over. */
  readonly launched: readonly { readonly name: string; readonly loop: LoopKind }[];
  readonly body: string;
}

export function emitWgsl(kernel: Lowered): WgslFunction {
  checkIntegers(kernel);
  const all = statements(kernel.body);
  const written = new Set(all.flatMap((stmt) => (stmt.kind === "store" ? [stmt.buffer] : [])));
  const isVector = (name: string) => kernel.vectors?.has(name) ?? false;
  const allocs = all.filter((stmt): stmt is Alloc => stmt.kind === "alloc");
  const arraysIn = (isOne: (alloc: Alloc) => boolean): WgslArray[] => {
    // Several branches may allocate one name, always with the same shape.
    const shapes = new Map(allocs.filter(isOne).map(({ buffer, shape }) => [buffer, shape]));
    return [...shapes].map(([name, shape]) => ({ name, type: arrayType(shape, kernel.arithmetic, isVector(name)) }));
  };
  const loops = all.filter((stmt): stmt is For => stmt.kind === "for");
  const launched = new Map(loops.filter(isLaunched).map(({ name, loop }) => [name, loop]));
  return {
    name: kernel.name,
    launch: kernel.launch ?? failInternally(`${kernel.name} has no launch`),
    buffers: kernel.buffers.map(({ name, shape, dtype }) => ({
      name,
      type: arrayType(shape, dtype, isVector(name)),
      isWritten: written.has(name),
    })),
    shared: arraysIn(({ space }) => space === "workgroup"),
    own: arraysIn(({ space }) => space !== "workgroup"),
    launched: [...launched].map(([name, loop]) => ({ name, loop })),
    body: printText(kernel, dialectOf(kernel), "  "),
  };
}

const isLaunched = (loop: For): boolean => isWorkgroupLoop(loop) || isInvocationLoop(loop);

const VECTORS = { f16: "vec4h", f32: "vec4f" } as const;

/** An array type of at least one element, as WGSL has no empty arrays. */
function arrayType(shape: readonly number[], dtype: DType, isVector: boolean): string {
  if (dtype === "f64") return failInternally("an array of f64 in a language without that type");
  const count = elementCount(shape);
  return isVector
    ? `array<${VECTORS[dtype]}, ${Math.max(1, count / VECTOR)}>`
    : `array<${dtype}, ${Math.max(1, count)}>`;
}

const OPERATORS: Readonly<Record<BinaryOp, (a: string, b: string) => string>> = {
  add: (a, b) => `${atom(a)} + ${atom(b)}`,
  subtract: (a, b) => `${atom(a)} - ${atom(b)}`,
  multiply: (a, b) => `${atom(a)} * ${atom(b)}`,
  divide: (a, b) => `${atom(a)} / ${atom(b)}`,
  minimum: (a, b) => `min(${a}, ${b})`,
  maximum: (a, b) => `max(${a}, ${b})`,
};

/**
 * The largest float32, which stands for infinity and NaN: WGSL has literals for neither. The maximum of no terms is
 * therefore -LARGEST, and so may be the maximum of terms that are all -Infinity. WGSL promises no NaN either: the
 * maximum of a NaN and a number may be the number.
 */
const LARGEST = 3.4028234663852886e38;

function numberText(value: number, lanes: number): string {
  const finite = Number.isNaN(value) ? LARGEST : Math.min(LARGEST, Math.max(-LARGEST, value));
  const digits = Object.is(finite, -0) ? "-0" : String(finite);
  const text = /[.e]/.test(digits) ? digits : `${digits}.0`;
  return lanes === 1 ? `f32(${text})` : `vec4f(${text})`;
}

function unaryText(op: UnaryOp, x: string, lanes: number): string {
  switch (op) {
    case "negate":
      return `-${atom(x)}`;
    case "abs":
    case "sqrt":
    case "exp":
    case "log":
    case "sin":
    case "cos":
      return `${op}(${x})`;
    case "tanh":
      // Some drivers divide two exponentials, and exp(x) is infinite for x > 88. tanh(10) is 1 in float32.
      return `tanh(clamp(${x}, ${numberText(-10, lanes)}, ${numberText(10, lanes)}))`;
    case "erf":
      return failInternally("an erf that no pass has written out");
    default:
      return unreachable(op);
  }
}

/** A literal beyond 32 bits is an error, so such a number wraps around beforehand. */
const integer = (value: number): string => (Math.abs(value) <= MAX_INTEGER ? String(value) : `i32(${value >>> 0}u)`);

const COMPONENTS = ["x", "y", "z", "w"] as const;

function dialectOf({ buffers, vectors }: Lowered): Dialect {
  const halves = new Set(buffers.filter(({ dtype }) => dtype === "f16").map(({ name }) => name));
  const element = (buffer: string, offset: Affine) => `${buffer}[${printAffine(offset, { integer })}]`;
  const neighbours = (buffer: string, offset: Affine) =>
    COMPONENTS.map((component, i) => [component, element(buffer, add(offset, i))] as const);
  return {
    number: numberText,
    integer,
    index: ({ name }, value) => `let ${name} = ${value};`,
    flag: (name, condition) => `let ${name} = select(-1, 0, ${condition});`,
    quotient: (value, divisor) => (divisor === 1 ? value : `${atom(value)} / ${divisor}`),
    loop: (loop) =>
      isLaunched(loop) ? undefined : `for (var ${loop.name} = 0; ${loop.name} < ${loop.extent}; ${loop.name}++)`,
    declare: (name, value, mutable) => `${mutable ? "var" : "let"} ${name} = ${value};`,
    load: (buffer, offset, lanes) => {
      const isHalf = halves.has(buffer);
      if (lanes === 1) return isHalf ? `f32(${element(buffer, offset)})` : element(buffer, offset);
      if (vectors?.has(buffer)) return isHalf ? `vec4f(${element(buffer, offset)})` : element(buffer, offset);
      const parts = neighbours(buffer, offset).map(([, text]) => text);
      return isHalf ? `vec4f(vec4h(${parts.join(", ")}))` : `vec4f(${parts.join(", ")})`;
    },
    store: (buffer, offset, value, lanes) => {
      const isHalf = halves.has(buffer);
      if (lanes === 1) return [`${element(buffer, offset)} = ${isHalf ? `f16(${value})` : value};`];
      const vector = isHalf ? `vec4h(${value})` : value;
      if (vectors?.has(buffer)) return [`${element(buffer, offset)} = ${vector};`];
      const parts = neighbours(buffer, offset).map(([component, text]) => `  ${text} = stored.${component};`);
      return ["{", `  let stored = ${vector};`, ...parts, "}"];
    },
    splat: (value) => `vec4f(${value})`,
    lane: (vector, lane) => `${atom(vector)}.${COMPONENTS[lane]}`,
    unary: unaryText,
    binary: (op, a, b) => OPERATORS[op](a, b),
    fma: (a, b, c) => `fma(${a}, ${b}, ${c})`,
    select: (condition, then, otherwise) => `select(${otherwise}, ${then}, ${condition})`,
    barrier: () => "workgroupBarrier();",
  };
}
