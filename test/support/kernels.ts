/** Tiny kernels, written by hand the way `printKernel` shows them. Subscripts and guards are text: "2*i - j + 3". */
import { type Affine, add, affine, variable } from "../../src/ir/affine.js";
import { arrayOf, type DType, type TypedArray } from "../../src/ir/dtype.js";
import { type Expr, load, rewrite } from "../../src/ir/expr.js";
import { interpretKernel } from "../../src/ir/interpretKernel.js";
import { type BufferDecl, type BufferRole, elementCount } from "../../src/ir/program.js";
import { type AllocSpace, addressOf, type LoopKernel, type LoopKind, type Stmt } from "../../src/ir/stmt.js";
import { mapValue, rewriteBody } from "../../src/ir/visit.js";

/** Reads what `key` writes. */
export function form(text: string): Affine {
  const terms: Record<string, number> = {};
  let constant = 0;
  const parts = text.replace(/\s/g, "").match(/[+-]?[^+-]+/g) ?? [];
  for (const part of parts) {
    const [, sign, factor, name] = part.match(/^([+-]?)(?:(\d+)\*?)?([a-zA-Z]\w*)?$/) ?? [];
    if (factor === undefined && name === undefined) throw new Error(`"${text}" is no affine form`);
    const value = Number(factor ?? 1) * (sign === "-" ? -1 : 1);
    if (name === undefined) constant += value;
    else terms[name] = (terms[name] ?? 0) + value;
  }
  return affine(constant, terms);
}

const forms = (texts: readonly string[]): Affine[] => texts.map(form);

export const at = (buffer: string, ...subscripts: readonly string[]): Expr => load(buffer, forms(subscripts));

/** Four elements from there on. */
export const vectorAt = (buffer: string, ...subscripts: readonly string[]): Expr => load(buffer, forms(subscripts), 4);

export const loop = (
  name: string,
  extent: number,
  body: readonly Stmt[],
  kind: LoopKind | "partition" = "serial",
): Stmt => ({
  kind: "for",
  name,
  extent,
  loop: kind === "partition" ? "serial" : kind,
  partition: kind === "partition",
  steps: [],
  body,
});

/** The loop with integers that it carries along, by name: where each starts and how far it steps. */
export const carrying = (steps: Readonly<Record<string, readonly [start: string, by: number]>>, stmt: Stmt): Stmt => ({
  ...(stmt as Extract<Stmt, { kind: "for" }>),
  steps: Object.entries(steps).map(([name, [start, by]]) => ({ name, start: form(start), by })),
});

export const when = (guard: readonly string[], body: readonly Stmt[], otherwise: readonly Stmt[] = []): Stmt => ({
  kind: "if",
  guard: forms(guard),
  body,
  otherwise,
});

export const alloc = (buffer: string, shape: readonly number[], space: AllocSpace, body: readonly Stmt[]): Stmt => ({
  kind: "alloc",
  buffer,
  shape,
  space,
  body,
});

export const index = (name: string, value: string, divisor: number, max: number): Stmt => ({
  kind: "index",
  name,
  value: form(value),
  divisor,
  min: 0,
  max,
});

export const declare = (name: string, value: Expr, mutable = true): Stmt => ({ kind: "local", name, value, mutable });

export const set = (name: string, value: Expr): Stmt => ({ kind: "set", name, value });

export const store = (buffer: string, subscripts: readonly string[], value: Expr): Stmt => ({
  kind: "store",
  buffer,
  at: forms(subscripts),
  value,
});

export const barrier: Stmt = { kind: "barrier" };

export const buffer = (name: string, shape: readonly number[], role: BufferRole, dtype: DType = "f32"): BufferDecl => ({
  name,
  shape,
  dtype,
  role,
});

export const kernel = (
  buffers: readonly BufferDecl[],
  body: readonly Stmt[],
  arithmetic: DType = "f64",
): LoopKernel => ({
  name: "tiny",
  arithmetic,
  addressing: "subscripts",
  buffers,
  body,
});

/** A kernel whose accesses have one offset each, in bytes. The body counts them from the beginning of each buffer. */
export function bytewise(buffers: readonly BufferDecl[], body: readonly Stmt[]): LoopKernel {
  const placed = (name: string, at: readonly Affine[]) => at.map((offset) => add(offset, variable(addressOf(name))));
  const placeLoad = (expr: Expr): Expr => (expr.kind === "load" ? { ...expr, at: placed(expr.buffer, expr.at) } : expr);
  const whole = rewriteBody(body, (stmt): Stmt[] => {
    const changed = mapValue(stmt, (value) => rewrite(value, placeLoad));
    return [changed.kind === "store" ? { ...changed, at: placed(changed.buffer, changed.at) } : changed];
  });
  return { ...kernel(buffers, whole, "f32"), addressing: "bytes" };
}

/** Runs it on inputs 1, 2, 3 ... (each buffer goes on counting) over NaN, and returns what it may write. */
export function run({ ...tiny }: LoopKernel): Readonly<Record<string, number[]>> {
  let next = 1;
  const arrays = new Map<string, TypedArray>();
  for (const { name, shape, role, dtype, values } of tiny.buffers) {
    const array = arrayOf(dtype, elementCount(shape));
    const isGiven = role === "input" || role === "weights";
    arrays.set(name, array.map((_, i) => values?.[i] ?? (isGiven ? next++ : Number.NaN)) as TypedArray);
  }
  interpretKernel(tiny, arrays);
  const written = tiny.buffers.filter(({ role }) => role === "output" || role === "scratch" || role === "prepared");
  return Object.fromEntries(written.map(({ name }) => [name, [...(arrays.get(name) as TypedArray)]]));
}
