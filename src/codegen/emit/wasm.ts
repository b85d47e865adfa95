/**
 * Emits one WebAssembly function from a lowered kernel. Its parameters are the addresses of its buffers, then the
 * kernel's own parameter if it has one and, for a kernel with a parallel range, the begin and the end of its part. A
 * subscript is at most one integer plus a constant inside the instruction.
 *
 * Names become local slots. A slot is used again after the body that declares its name: engines compile thousands of
 * slots far more slowly than a few.
 */
import { type Affine, add, type Range, range, variablesOf } from "../../ir/affine.js";
import { failInternally, unreachable } from "../../ir/errors.js";
import type { BinaryOp, Comparison, Expr, Select, UnaryOp } from "../../ir/expr.js";
import { Scope } from "../../ir/scope.js";
import { addressOf, type For, type Stmt } from "../../ir/stmt.js";
import { addBounds, boundsAtEntry, boundsInside, shapesOf, variablesIn } from "../../ir/visit.js";
import type { Lowered } from "../lower.js";
import { checkIntegers } from "./integers.js";
import { parallelRange } from "./parallelRange.js";
import { WasmAccess } from "./wasmAccess.js";
import {
  Code,
  type FunctionType,
  MAX_OFFSET,
  type PlainInstruction,
  type ValueType,
  type WasmFunction,
} from "./wasmAssembler.js";
import { Locals } from "./wasmLocals.js";
import { shiftsOf } from "./wasmShifts.js";

const OPERATORS: Readonly<Record<BinaryOp, string>> = {
  add: "add",
  subtract: "sub",
  multiply: "mul",
  divide: "div",
  minimum: "min",
  maximum: "max",
};

/** Functions that WebAssembly has an instruction for, by its name. */
const INSTRUCTIONS: Readonly<Partial<Record<UnaryOp, string>>> = { negate: "neg", abs: "abs", sqrt: "sqrt" };

const COMPARED: Readonly<Record<Comparison, string>> = { less: "lt", lessEqual: "le", equal: "eq" };

/** A function, and what its caller must know. */
export interface EmittedWasm {
  readonly function: WasmFunction;
  /** The buffers whose addresses are the first parameters, in order: the kernel's own, then those that it allocates. */
  readonly buffers: readonly string[];
  /** The lowest address at which each buffer may lie. */
  readonly least: ReadonlyMap<string, number>;
}

/** @param imports the functions that the module imports, in the order of their numbers */
export function emitWasm(kernel: Lowered, imports: readonly UnaryOp[]): EmittedWasm {
  return new Emitter(kernel, imports).emit();
}

/** The names in scope: the slot of each, and the range of each integer. */
interface Known {
  readonly slots: Scope<number>;
  readonly bounds: Scope<Range>;
}

class Emitter {
  readonly #code = new Code();
  readonly #locals: Locals;
  readonly #access: WasmAccess;
  readonly #range: For | undefined;
  readonly #buffers: readonly string[];
  /**
   * How far before its beginning a buffer is addressed, so that no access subtracts: the function lowers the addresses
   * that it is given by so much.
   */
  readonly #shifts: ReadonlyMap<string, number>;

  constructor(
    readonly kernel: Lowered,
    readonly imports: readonly UnaryOp[],
  ) {
    this.#range = parallelRange(kernel);
    this.#buffers = [...shapesOf(kernel).keys()];
    this.#shifts = shiftsOf(kernel);
    this.#locals = new Locals(this.#type.parameters);
    this.#access = new WasmAccess(this.#code, this.#locals, kernel);
  }

  get #type(): FunctionType {
    const count = this.#begin + (this.#range ? 2 : 0);
    return { parameters: Array.from({ length: count }, () => "i32"), results: [] };
  }

  /** The slot of the begin of a part. */
  get #begin(): number {
    return this.#buffers.length + (this.kernel.parameter ? 1 : 0);
  }

  emit(): EmittedWasm {
    checkIntegers(this.kernel);
    const slots = new Scope<number>();
    if (this.kernel.parameter) slots.set(this.kernel.parameter.name, this.#buffers.length);
    this.#buffers.forEach((buffer, slot) => {
      slots.set(addressOf(buffer), slot);
      const shift = this.#shifts.get(buffer);
      if (shift !== undefined) this.#code.localGet(slot).i32Const(shift).plain("i32.sub").localSet(slot);
    });
    this.#body(this.kernel.body, { slots, bounds: boundsAtEntry(this.kernel) });
    const { name } = this.kernel;
    return {
      function: { name, type: this.#type, locals: this.#locals.types, code: this.#code },
      buffers: this.#buffers,
      least: this.#shifts,
    };
  }

  /** Emits the statements in a scope of their own, and frees the slots of its names at the end. */
  #body(body: readonly Stmt[], outer: Known): void {
    const scope: Known = { slots: new Scope(outer.slots), bounds: new Scope(outer.bounds) };
    const mark = this.#locals.mark();
    for (const stmt of body) {
      this.#stmt(stmt, scope);
      addBounds(stmt, scope.bounds);
    }
    this.#locals.release(mark);
  }

  #stmt(stmt: Stmt, scope: Known): void {
    const code = this.#code;
    switch (stmt.kind) {
      case "for":
        this.#loop(stmt, scope);
        break;
      case "if":
        this.#guard(stmt.guard, scope);
        code.if();
        this.#body(stmt.body, scope);
        if (stmt.otherwise.length > 0) {
          code.else();
          this.#body(stmt.otherwise, scope);
        }
        code.plain("end");
        break;
      case "alloc":
        this.#body(stmt.body, scope);
        break;
      case "index":
        this.#integer(stmt.value, scope);
        // i32.div_s rounds towards zero, but an index rounds down. Both agree if the value is >= 0.
        if (stmt.divisor !== 1)
          code
            .i32Const(stmt.min >= 0 ? stmt.divisor : failInternally(`${stmt.name} may be negative`))
            .plain("i32.div_s");
        code.localSet(this.#declare(stmt.name, "i32", scope));
        break;
      case "flag":
        this.#guard(stmt.guard, scope);
        code
          .i32Const(1)
          .plain("i32.sub")
          .localSet(this.#declare(stmt.name, "i32", scope));
        break;
      case "local":
        this.#expr(stmt.value, scope);
        code.localSet(this.#declare(stmt.name, typeOf(stmt.value), scope));
        break;
      case "set":
        this.#expr(stmt.value, scope);
        code.localSet(slotOf(stmt.name, scope));
        break;
      case "store": {
        const address = () => this.#address(stmt.buffer, stmt.at, scope);
        this.#access.store(stmt.buffer, stmt.value.lanes, address, () => this.#expr(stmt.value, scope));
        break;
      }
      case "barrier":
        failInternally("a barrier in a language without workgroups");
        break;
      default:
        unreachable(stmt);
    }
  }

  #loop(loop: For, outer: Known): void {
    const code = this.#code;
    const scope: Known = { slots: new Scope(outer.slots), bounds: new Scope(boundsInside(loop, outer.bounds)) };
    const mark = this.#locals.mark();
    for (const { name, start } of loop.steps) {
      this.#integer(start, outer);
      code.localSet(this.#declare(name, "i32", scope));
    }
    const isRange = loop === this.#range;
    // If the body does not read the counter, it counts down to zero, which saves a comparison.
    const counts = isRange || loop.while !== undefined || variablesIn(loop.body).has(loop.name);
    const counter = this.#declare(loop.name, "i32", scope);
    if (isRange) code.localGet(this.#begin);
    else code.i32Const(counts ? 0 : loop.extent);
    code.localSet(counter).loop();
    this.#body(loop.body, scope);
    for (const { name, by } of loop.steps) {
      const slot = slotOf(name, scope);
      code
        .localGet(slot)
        .i32Const(by | 0)
        .plain("i32.add")
        .localSet(slot);
    }
    code.localGet(counter).i32Const(counts ? 1 : -1);
    const isOpen = loop.while !== undefined && !isRange;
    code.plain("i32.add")[isOpen ? "localSet" : "localTee"](counter);
    if (isRange) code.localGet(this.#begin + 1).plain("i32.lt_s");
    else if (loop.while) this.#guard([loop.while], scope);
    else if (counts) code.i32Const(loop.extent).plain("i32.lt_s");
    code.branchIf(0).plain("end");
    this.#locals.release(mark);
  }

  #declare(name: string, type: ValueType, scope: Known): number {
    const slot = this.#locals.take(type);
    scope.slots.set(name, slot);
    return slot;
  }

  /** Leaves 1 on the stack if every form is >= 0, else 0. */
  #guard(guard: readonly Affine[], scope: Known): void {
    guard.forEach((form, i) => {
      this.#integer(form, scope);
      this.#code.i32Const(0).plain("i32.ge_s");
      if (i > 0) this.#code.plain("i32.and");
    });
  }

  /** Leaves the form on the stack. It wraps around, so it may have coefficients that 32 bits do not hold. */
  #integer(form: Affine, scope: Known): void {
    const code = this.#code;
    const names = variablesOf(form);
    if (names.length === 0) code.i32Const(form.constant | 0);
    names.forEach((name, i) => {
      const coefficient = (form.terms[name] as number) | 0;
      code.localGet(slotOf(name, scope));
      if (coefficient !== 1) code.i32Const(coefficient).plain("i32.mul");
      if (i > 0) code.plain("i32.add");
    });
    if (names.length > 0 && form.constant !== 0) code.i32Const(form.constant | 0).plain("i32.add");
  }

  /** Leaves the integer part of an address on the stack, and returns the constant that the instruction adds to it. */
  #address(buffer: string, at: readonly Affine[], scope: Known): number {
    const form = at[0] as Affine;
    const offset = (this.#shifts.get(buffer) ?? 0) + form.constant;
    const moving = add(form, -form.constant);
    const { min } = range(moving, scope.bounds);
    // The instruction adds two unsigned integers, so the integer part and the constant must each be >= 0. The sum lies
    // in memory, so neither is too large where it counts.
    if (offset < 0 || offset > MAX_OFFSET || min < 0) {
      this.#integer(add(moving, offset), scope);
      return 0;
    }
    this.#integer(moving, scope);
    return offset;
  }

  #expr(expr: Expr, scope: Known): void {
    const code = this.#code;
    switch (expr.kind) {
      case "const":
        if (expr.lanes === 1) code.f32Const(expr.value);
        else code.f32x4Const(expr.value);
        break;
      case "local":
        code.localGet(slotOf(expr.name, scope));
        break;
      case "load":
        this.#access.load(expr.buffer, expr.lanes, this.#address(expr.buffer, expr.at, scope));
        break;
      case "splat":
        if (expr.value.kind === "load") {
          const { buffer, at } = expr.value;
          this.#access.splat(buffer, this.#address(buffer, at, scope));
        } else {
          this.#expr(expr.value, scope);
          code.plain("f32x4.splat");
        }
        break;
      case "lane":
        this.#expr(expr.value, scope);
        code.lane("f32x4.extract_lane", expr.lane);
        break;
      case "unary":
        this.#unary(expr, scope);
        break;
      case "binary":
        this.#expr(expr.a, scope);
        this.#expr(expr.b, scope);
        code.plain(`${prefix(expr)}.${OPERATORS[expr.op]}` as PlainInstruction);
        break;
      case "fma":
        this.#multiplyAdd(expr, scope);
        break;
      case "select":
        this.#select(expr, scope);
        break;
      default:
        unreachable(expr);
    }
  }

  #multiplyAdd(expr: Extract<Expr, { kind: "fma" }>, scope: Known): void {
    const { a, b, c, lanes } = expr;
    for (const operand of lanes === 1 ? [c, a, b] : [a, b, c]) this.#expr(operand, scope);
    if (lanes === 1) this.#code.plain("f32.mul").plain("f32.add");
    else this.#code.plain("f32x4.relaxed_madd");
  }

  #select(expr: Select, scope: Known): void {
    for (const operand of [expr.then, expr.otherwise, expr.a, expr.b]) this.#expr(operand, scope);
    this.#code.plain(`${prefix(expr)}.${COMPARED[expr.op]}` as PlainInstruction);
    this.#code.plain(expr.lanes === 1 ? "select" : "v128.bitselect");
  }

  #unary({ op, x }: Extract<Expr, { kind: "unary" }>, scope: Known): void {
    const code = this.#code;
    this.#expr(x, scope);
    const instruction = INSTRUCTIONS[op];
    if (instruction) {
      code.plain(`${prefix(x)}.${instruction}` as PlainInstruction);
      return;
    }
    const callee = this.imports.indexOf(op);
    if (callee < 0) failInternally(`the module imports no ${op}`);
    const call = () => code.plain("f64.promote_f32").call(callee).plain("f32.demote_f64");
    if (x.lanes === 1) {
      call();
      return;
    }
    const mark = this.#locals.mark();
    const vector = this.#locals.take("v128");
    code.localSet(vector).localGet(vector);
    for (let lane = 0; lane < x.lanes; lane++) {
      code.localGet(vector).lane("f32x4.extract_lane", lane);
      call().lane("f32x4.replace_lane", lane);
    }
    this.#locals.release(mark);
  }
}

const typeOf = (expr: Expr): ValueType => (expr.lanes === 1 ? "f32" : "v128");
const prefix = (expr: Expr): "f32" | "f32x4" => (expr.lanes === 1 ? "f32" : "f32x4");

const slotOf = (name: string, { slots }: Known): number => slots.get(name) ?? failInternally(`${name} has no slot`);
