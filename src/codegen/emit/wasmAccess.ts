/**
 * Reads and writes of buffers. A buffer holds float32, or halves, which are widened when they are read and rounded when
 * they are written: all arithmetic is float32.
 *
 * The 15 bits of a half below its sign are exponent and mantissa. In the places that these have in a float32 they are
 * the same number times 2^-112, as exponents count from another zero, so one multiplication widens every half that is
 * finite, exactly. An infinity and a NaN come out as numbers from 2^16 on, which no half is. Times 2^112 once more
 * these alone become infinite, and stay so on the way back: that gives them all bits of the exponent.
 */
import { subexpressions } from "../../ir/expr.js";
import { ownValue, statements } from "../../ir/visit.js";
import type { Lowered } from "../lower.js";
import type { Code } from "./wasmAssembler.js";
import type { Locals } from "./wasmLocals.js";

/** The bits of a half, sign extended and moved by `MOVE`, that are those of a float32: sign, exponent, mantissa. */
const MOVED = 0x8fffe000 | 0;
const MOVE = 13;
const SCALE = 2 ** 112;

/** Slots of vectors of constants. An engine would make a constant anew wherever it stands. */
interface Constants {
  readonly moved: number;
  readonly scale: number;
  readonly back: number;
}

export class WasmAccess {
  readonly #halves: ReadonlySet<string>;
  readonly #constants: Constants | undefined;

  /** Adds what the function must do before its first access. */
  constructor(
    readonly code: Code,
    readonly locals: Locals,
    kernel: Lowered,
  ) {
    this.#halves = new Set(kernel.buffers.flatMap(({ name, dtype }) => (dtype === "f16" ? [name] : [])));
    this.#constants = this.#halves.size > 0 && hasVectors(kernel) ? this.#makeConstants() : undefined;
  }

  /** Reads at the address on the stack plus the offset. */
  load(buffer: string, lanes: number, offset: number): void {
    const { code } = this;
    if (!this.#halves.has(buffer)) code.memory(lanes === 1 ? "f32.load" : "v128.load", offset);
    else if (lanes === 1) this.#widenOne(offset);
    else {
      code.memory("v128.load16x4_s", offset);
      this.#widenVector();
    }
  }

  /** Reads one number for all lanes. */
  splat(buffer: string, offset: number): void {
    const { code } = this;
    if (!this.#halves.has(buffer)) code.memory("v128.load32_splat", offset);
    else {
      code.memory("v128.load16_splat", offset).plain("i32x4.extend_low_i16x8_s");
      this.#widenVector();
    }
  }

  /**
   * @param address leaves an address on the stack, and returns the offset
   * @param value leaves the number or vector on the stack
   */
  store(buffer: string, lanes: number, address: () => number, value: () => void): void {
    const { code, locals } = this;
    if (!this.#halves.has(buffer)) {
      const offset = address();
      value();
      code.memory(lanes === 1 ? "f32.store" : "v128.store", offset);
      return;
    }
    const mark = locals.mark();
    const stored = locals.take(lanes === 1 ? "f32" : "v128");
    value();
    code.localSet(stored);
    for (let lane = 0; lane < lanes; lane++) {
      const offset = address();
      code.localGet(stored);
      if (lanes > 1) code.lane("f32x4.extract_lane", lane);
      this.#narrow();
      code.memory("i32.store16", offset + 2 * lane);
    }
    locals.release(mark);
  }

  #makeConstants(): Constants {
    const { code, locals } = this;
    const [moved, scale, back] = [locals.take("v128"), locals.take("v128"), locals.take("v128")];
    code.i32x4Const(MOVED).localSet(moved).f32x4Const(SCALE).localSet(scale);
    code.f32x4Const(1 / SCALE).localSet(back);
    return { moved, scale, back };
  }

  #widenOne(offset: number): void {
    const { code, locals } = this;
    const mark = locals.mark();
    const scaled = locals.take("f32");
    code.memory("i32.load16_s", offset).i32Const(MOVE).plain("i32.shl").i32Const(MOVED).plain("i32.and");
    code.plain("f32.reinterpret_i32").f32Const(SCALE).plain("f32.mul").localTee(scaled).plain("i32.reinterpret_f32");
    code
      .localGet(scaled)
      .f32Const(SCALE)
      .plain("f32.mul")
      .f32Const(1 / SCALE)
      .plain("f32.mul");
    code.plain("i32.reinterpret_f32").plain("i32.or").plain("f32.reinterpret_i32");
    locals.release(mark);
  }

  /** Widens four halves, which lie sign extended in the lanes of the vector on the stack. */
  #widenVector(): void {
    const { code, locals } = this;
    const { moved, scale, back } = this.#constants as Constants;
    const mark = locals.mark();
    const scaled = locals.take("v128");
    code.i32Const(MOVE).plain("i32x4.shl").localGet(moved).plain("v128.and");
    code.localGet(scale).plain("f32x4.mul").localTee(scaled);
    code.localGet(scale).plain("f32x4.mul").localGet(back).plain("f32x4.mul").localGet(scaled).plain("v128.or");
    locals.release(mark);
  }

  /**
   * Puts the bits of the nearest half, ties to even, in place of the number on the stack.
   *
   * Adding a number of the right exponent leaves as many bits of the mantissa as a half has: the sum of two float32 is
   * rounded as we want it. That exponent is 15 above the number's own, and no less than makes a sum count in steps of
   * 2^-24, those of subnormal halves; the number is taken times 4. What overflows as a half overflows on the way.
   */
  #narrow(): void {
    const { code, locals } = this;
    const mark = locals.mark();
    const [value, twice, least] = [locals.take("f32"), locals.take("i32"), 0x71000000];
    code.localTee(value).plain("i32.reinterpret_f32").i32Const(1).plain("i32.shl").localSet(twice);
    const exponent = () =>
      code
        .localGet(twice)
        .i32Const(0xff000000 | 0)
        .plain("i32.and");
    exponent().i32Const(least);
    exponent().i32Const(least).plain("i32.gt_u").plain("select");
    code.i32Const(1).plain("i32.shr_u").i32Const(0x07800000).plain("i32.add").plain("f32.reinterpret_i32");
    code
      .localGet(value)
      .plain("f32.abs")
      .f32Const(SCALE)
      .plain("f32.mul")
      .f32Const(2 ** -110)
      .plain("f32.mul");
    const bits = locals.take("i32");
    code.plain("f32.add").plain("i32.reinterpret_f32").localTee(bits);
    code.i32Const(MOVE).plain("i32.shr_u").i32Const(0x7c00).plain("i32.and");
    // A mantissa that was rounded up to the next power of two carries into the exponent.
    code.localGet(bits).i32Const(0xfff).plain("i32.and").plain("i32.add");
    const notANumber = 0x7e00;
    code
      .i32Const(notANumber)
      .i32Const(0xff000001 | 0)
      .localGet(twice)
      .plain("i32.gt_u")
      .plain("select");
    code.localGet(value).plain("i32.reinterpret_f32").i32Const(16).plain("i32.shr_u").i32Const(0x8000);
    code.plain("i32.and").plain("i32.or");
    locals.release(mark);
  }
}

const hasVectors = ({ body }: Lowered): boolean =>
  statements(body).some((stmt) => {
    const value = ownValue(stmt);
    return value !== undefined && subexpressions(value).some(({ lanes }) => lanes > 1);
  });
