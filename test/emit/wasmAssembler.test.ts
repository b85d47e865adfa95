/** The assembler: integers as LEB128, whole modules by a second opinion, and what it refuses. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  assemble,
  Code,
  type FunctionType,
  type LaneInstruction,
  MAX_OFFSET,
  type MemoryInstruction,
  type PlainInstruction,
  type ValueType,
  type WasmSource,
} from "../../src/codegen/emit/wasmAssembler.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { textOf } from "../support/wasm.js";

const hex = (bytes: readonly number[]): string => bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");

/** As the specification defines it, with integers that cannot overflow. */
function decode(bytes: readonly number[], signed: boolean): bigint {
  const value = bytes.reduce((sum, byte, i) => sum | (BigInt(byte & 0x7f) << BigInt(7 * i)), 0n);
  const isNegative = signed && ((bytes.at(-1) as number) & 0x40) !== 0;
  return isNegative ? value - (1n << BigInt(7 * bytes.length)) : value;
}

const isOneNumber = (bytes: readonly number[]): boolean => bytes.findIndex((byte) => byte < 0x80) === bytes.length - 1;

describe("signed integers", () => {
  const NUMBERS: readonly (readonly [number, string])[] = [
    [0, "00"],
    [1, "01"],
    [63, "3f"],
    [64, "c0 00"],
    [127, "ff 00"],
    [128, "80 01"],
    [8191, "ff 3f"],
    [8192, "80 c0 00"],
    [-1, "7f"],
    [-64, "40"],
    [-65, "bf 7f"],
    [-128, "80 7f"],
    [-129, "ff 7e"],
    [-8192, "80 40"],
    [-8193, "ff bf 7f"],
    [2 ** 31 - 1, "ff ff ff ff 07"],
    [-(2 ** 31), "80 80 80 80 78"],
  ];
  test.each(NUMBERS)("%d", (value, text) => {
    const [opcode, ...bytes] = new Code().i32Const(value).bytes;
    expect(opcode).toBe(0x41);
    expect(hex(bytes)).toBe(text);
    expect(decode(bytes, true)).toBe(BigInt(value));
    expect(isOneNumber(bytes)).toBe(true);
  });

  test.each([2 ** 31, -(2 ** 31) - 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32])("not %d", (value) => {
    expect(errorOf(thrownBy(() => new Code().i32Const(value)))).toBe(
      `internal: tilewright bug: ${value} is no signed 32-bit integer`,
    );
  });
});

describe("unsigned integers", () => {
  const NUMBERS: readonly (readonly [number, string])[] = [
    [0, "00"],
    [63, "3f"],
    [64, "40"],
    [127, "7f"],
    [128, "80 01"],
    [16383, "ff 7f"],
    [16384, "80 80 01"],
    [2 ** 31 - 1, "ff ff ff ff 07"],
    [2 ** 31, "80 80 80 80 08"],
    [2 ** 32 - 1, "ff ff ff ff 0f"],
  ];
  test.each(NUMBERS)("%d", (value, text) => {
    const [opcode, align, ...bytes] = new Code().memory("f32.load", value).bytes;
    expect([opcode, align]).toEqual([0x2a, 2]);
    expect(hex(bytes)).toBe(text);
    expect(decode(bytes, false)).toBe(BigInt(value));
    expect(isOneNumber(bytes)).toBe(true);
  });

  test.each([-1, 2 ** 32, 1.5, Number.NaN])("not %d", (value) => {
    expect(errorOf(thrownBy(() => new Code().memory("f32.load", value)))).toBe(
      `internal: tilewright bug: ${value} is no unsigned 32-bit integer`,
    );
  });

  test("the largest offset is the largest of them", () => {
    expect(MAX_OFFSET).toBe(2 ** 32 - 1);
  });
});

const NONE: FunctionType = { parameters: [], results: [] };
const moduleOf = (code: Code, change: Partial<WasmSource> = {}): WasmSource => ({
  shared: false,
  imports: [],
  functions: [{ name: "f", type: NONE, locals: [], code }],
  ...change,
});

/** Puts a value of the type on the stack. */
const PUSH: Readonly<Record<ValueType, (code: Code) => Code>> = {
  i32: (code) => code.i32Const(7),
  f32: (code) => code.f32Const(0.5),
  f64: (code) => code.f32Const(0.5).plain("f64.promote_f32"),
  v128: (code) => code.f32x4Const(0.5),
};

type Signature = readonly [operands: readonly ValueType[], result: ValueType];
const two = (type: ValueType): Signature => [[type, type], type];

const COMPARED: Signature = [["f32", "f32"], "i32"];

/** All of them: what each takes and leaves, as the specification says. */
const PLAIN: Readonly<Record<Exclude<PlainInstruction, "end">, Signature>> = {
  "i32.lt_s": two("i32"),
  "i32.gt_u": two("i32"),
  "i32.ge_s": two("i32"),
  "i32.add": two("i32"),
  "i32.sub": two("i32"),
  "i32.mul": two("i32"),
  "i32.div_s": two("i32"),
  "i32.and": two("i32"),
  "i32.or": two("i32"),
  "i32.shl": two("i32"),
  "i32.shr_u": two("i32"),
  select: [["f32", "f32", "i32"], "f32"],
  "f32.eq": COMPARED,
  "f32.lt": COMPARED,
  "f32.le": COMPARED,
  "f32.abs": [["f32"], "f32"],
  "f32.neg": [["f32"], "f32"],
  "f32.sqrt": [["f32"], "f32"],
  "f32.add": two("f32"),
  "f32.sub": two("f32"),
  "f32.mul": two("f32"),
  "f32.div": two("f32"),
  "f32.min": two("f32"),
  "f32.max": two("f32"),
  "f32.demote_f64": [["f64"], "f32"],
  "f64.promote_f32": [["f32"], "f64"],
  "i32.reinterpret_f32": [["f32"], "i32"],
  "f32.reinterpret_i32": [["i32"], "f32"],
  "f32x4.splat": [["f32"], "v128"],
  "f32x4.eq": two("v128"),
  "f32x4.lt": two("v128"),
  "f32x4.le": two("v128"),
  "v128.and": two("v128"),
  "v128.or": two("v128"),
  "i32x4.extend_low_i16x8_s": [["v128"], "v128"],
  "i32x4.shl": [["v128", "i32"], "v128"],
  "v128.bitselect": [["v128", "v128", "v128"], "v128"],
  "f32x4.abs": [["v128"], "v128"],
  "f32x4.neg": [["v128"], "v128"],
  "f32x4.sqrt": [["v128"], "v128"],
  "f32x4.add": two("v128"),
  "f32x4.sub": two("v128"),
  "f32x4.mul": two("v128"),
  "f32x4.div": two("v128"),
  "f32x4.min": two("v128"),
  "f32x4.max": two("v128"),
  "f32x4.relaxed_madd": [["v128", "v128", "v128"], "v128"],
};

const MEMORY: Readonly<Record<MemoryInstruction, readonly [ValueType | undefined, ValueType | undefined]>> = {
  "f32.load": [undefined, "f32"],
  "i32.load16_s": [undefined, "i32"],
  "f32.store": ["f32", undefined],
  "i32.store16": ["i32", undefined],
  "v128.load": [undefined, "v128"],
  "v128.load16x4_s": [undefined, "v128"],
  "v128.load16_splat": [undefined, "v128"],
  "v128.load32_splat": [undefined, "v128"],
  "v128.store": ["v128", undefined],
};

const LANES: Readonly<Record<LaneInstruction, Signature>> = {
  "f32x4.extract_lane": [["v128"], "f32"],
  "f32x4.replace_lane": [["v128", "f32"], "v128"],
};

/** A function that leaves what the code leaves. */
function printed(operands: readonly ValueType[], result: ValueType | undefined, add: (code: Code) => Code): string {
  const code = operands.reduce((so, type) => PUSH[type](so), new Code());
  const type: FunctionType = { parameters: [], results: result ? [result] : [] };
  return textOf(assemble(moduleOf(add(code), { functions: [{ name: "f", type, locals: [], code }] })));
}

describe("every instruction goes by its name", () => {
  test.each(Object.entries(PLAIN))("%s", (name, [operands, result]) => {
    expect(printed(operands, result, (code) => code.plain(name as PlainInstruction))).toContain(`(${name}\n`);
  });
  test.each(Object.entries(MEMORY))("%s", (name, [given, result]) => {
    const operands: readonly ValueType[] = given ? ["i32", given] : ["i32"];
    const text = printed(operands, result, (code) => code.memory(name as MemoryInstruction, 8));
    // No access promises more than the bytes of an element.
    expect(text).toMatch(new RegExp(`\\(${name} offset=8( align=[24])?\\n`));
  });
  test.each(Object.entries(LANES))("%s", (name, [operands, result]) => {
    for (const lane of [0, 3]) {
      expect(printed(operands, result, (code) => code.lane(name as LaneInstruction, lane))).toContain(
        `(${name} ${lane}\n`,
      );
    }
  });
  test("and a second opinion refuses what is wrong", () => {
    expect(() => printed(["i32", "f32"], "f32", (code) => code.plain("f32.add"))).toThrow("type mismatch");
    expect(() => printed(["v128"], "f32", (code) => code.lane("f32x4.extract_lane", 4))).toThrow("lane index");
    expect(() => printed([], undefined, (code) => code.call(3))).toThrow("function variable out of range");
    expect(() => printed([], undefined, (code) => code.loop())).toThrow();
  });
});

describe("modules", () => {
  test("a whole module", () => {
    const loop = new Code()
      .loop()
      .loop()
      .localGet(0)
      .if()
      .call(0)
      .else()
      .call(2)
      .plain("end")
      .localGet(0)
      .i32Const(-1)
      .plain("i32.add")
      .localTee(0)
      .branchIf(0)
      .localGet(0)
      .branchIf(1)
      .plain("end")
      .plain("end");
    const code = assemble({
      shared: true,
      imports: [
        { name: "beep", type: NONE },
        { name: "exp", type: { parameters: ["f64"], results: ["f64"] } },
      ],
      functions: [
        { name: "empty", type: NONE, locals: [], code: new Code() },
        {
          name: "count",
          type: { parameters: ["i32"], results: [] },
          locals: ["f32", "f32", "v128", "f32"],
          code: loop,
        },
      ],
    });
    expect(textOf(code)).toMatchInlineSnapshot(`
      "(module
        (type $t0 (func))
        (type $t1 (func (param f64) (result f64)))
        (type $t2 (func (param i32)))
        (import "env" "memory" (memory $env.memory 0 65536 shared))
        (import "env" "beep" (func $env.beep (type $t0)))
        (import "env" "exp" (func $env.exp (type $t1)))
        (func $empty (export "empty") (type $t0))
        (func $count (export "count") (type $t2) (param $p0 i32)
          (local $l1 f32) (local $l2 f32) (local $l3 v128) (local $l4 f32)
          (loop $L0
            (loop $L1
              (if $I2
                (local.get $p0)
                (then
                  (call $env.beep))
                (else
                  (call $empty)))
              (br_if $L1
                (local.tee $p0
                  (i32.add
                    (local.get $p0)
                    (i32.const -1))))
              (br_if $L0
                (local.get $p0))))))
      "
    `);
  });

  test("lengths beyond one byte", () => {
    const long = new Code();
    for (let i = 0; i < 20_000; i++)
      long
        .i32Const(0)
        .f32Const(1)
        .memory("f32.store", 4 * i);
    const text = textOf(assemble(moduleOf(long)));
    expect(text).toContain("offset=79996");
    expect(text).toContain("(memory $env.memory 0)");
  });

  test("numbers keep every bit", () => {
    for (const value of [0, -0, 1 / 3, 1e-45, 3.4028234663852886e38, Number.NEGATIVE_INFINITY]) {
      const { bytes } = new Code().f32Const(value);
      expect(new DataView(Uint8Array.from(bytes).buffer).getFloat32(1, true)).toBe(Math.fround(value));
      const vector = new Code().f32x4Const(value).bytes;
      expect(vector.slice(2)).toEqual([0, 1, 2, 3].flatMap(() => bytes.slice(1)));
    }
  });
});

test("names are UTF-8, without the help of TextEncoder", () => {
  const name = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(fc.oneof(name, fc.constantFrom("", "%41", "größe", "卷積", "🙂", "\ud800", "a\udc00b")), (name) => {
      const type = { parameters: [], results: [] };
      const bytes = assemble({ shared: false, imports: [], functions: [{ name, type, locals: [], code: new Code() }] });
      const utf8 = new TextEncoder().encode(name);
      const [exported] = WebAssembly.Module.exports(new WebAssembly.Module(bytes));
      expect(exported?.name).toBe(new TextDecoder("utf-8", { ignoreBOM: true }).decode(utf8));
    }),
  );
});
