/** The text that users' machines run, in full for one tiny kernel, and what the printer refuses. */
import { describe, expect, test } from "vitest";
import { compileModule } from "../../src/codegen/compile.js";
import { emitJs } from "../../src/codegen/emit/js.js";
import type { Lowered } from "../../src/codegen/lower.js";
import { renderJsModule } from "../../src/codegen/module/renderJs.js";
import { printSchedule } from "../../src/codegen/schedule.js";
import { JS } from "../../src/codegen/target.js";
import { type Affine, affine } from "../../src/ir/affine.js";
import {
  binary,
  type Expr,
  fma,
  load,
  local,
  multiply,
  number,
  plus,
  select,
  splat,
  unary,
} from "../../src/ir/expr.js";
import { applyUnary, compares } from "../../src/ir/interpret.js";
import type { OpSpec } from "../../src/ir/ops/spec.js";
import { printBuffer } from "../../src/ir/print.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { VERSION } from "../../src/ir/version.js";
import { directFacts } from "../support/algorithms.js";
import { specWith } from "../support/calls.js";
import { errorOf, thrownBy } from "../support/errors.js";
import {
  alloc,
  at,
  barrier,
  buffer,
  declare,
  form,
  index,
  kernel,
  loop,
  set,
  store,
  when,
} from "../support/kernels.js";
import { conv, pack, reorder, split, unroll } from "../support/schedules.js";

const spec: OpSpec = specWith({ value: [1, 4, 6, 8], filters: [3, 1, 2, 8], rate: 2, bias: true, activation: "relu" });
const schedule = conv(
  split("ox", 2, ["oxo", "oxu"]),
  reorder("oxo ky kx ic oc oxu"),
  unroll("oxu"),
  unroll("oc"),
  pack("ky kx ic oc"),
);

test("one module, whole", () => {
  expect(compileModule(spec, { target: JS, schedule }).code).toMatchInlineSnapshot(`
    ""use strict";
    // tilewright 0.1.0
    // conv: split(ox=2*oxo+oxu) order(oxo ky kx ic oc oxu) unroll(oxu) unroll(oc) pack(filters: ky kx ic oc)

    const packConvFilters = (() => {
      return (filters, convFilters) => {
        for (let ky = 0; ky < 3; ky++) {
          const at2 = (16 * ky) | 0;
          for (let ic = 0; ic < 8; ic++) {
            const at0 = (at2 + ic) | 0;
            const at1 = (at2 + 2 * ic) | 0;
            for (let oc = 0; oc < 2; oc++) {
              let acc = filters[at0 + 8 * oc];
              convFilters[at1 + oc] = acc;
            }
          }
        }
      };
    })();

    const conv = (() => {
      return (value, bias, output, convFilters) => {
        for (let oy = 0; oy < 4; oy++) {
          const at3 = (48 * oy) | 0;
          const at4 = (12 * oy) | 0;
          for (let oxo = 0; oxo < 3; oxo++) {
            let acc_0_0 = 0;
            let acc_0_1 = 0;
            let acc_1_0 = 0;
            let acc_1_1 = 0;
            const at2 = (at3 + 16 * oxo) | 0;
            for (let ky = 0; ky < 3; ky++) {
              if (-2 * ky + oy + 2 >= 0 && 2 * ky - oy + 1 >= 0) {
                const at0 = (at2 - 96 * ky) | 0;
                const at1 = (16 * ky) | 0;
                for (let ic = 0; ic < 8; ic++) {
                  const value_0 = value[at0 + ic + 96];
                  const convFilters_1 = convFilters[at1 + 2 * ic];
                  acc_0_0 = acc_0_0 + (value_0 * convFilters_1);
                  const value_2 = value[at0 + ic + 104];
                  acc_0_1 = acc_0_1 + (value_2 * convFilters_1);
                  const convFilters_3 = convFilters[at1 + 2 * ic + 1];
                  acc_1_0 = acc_1_0 + (value_0 * convFilters_3);
                  acc_1_1 = acc_1_1 + (value_2 * convFilters_3);
                }
              }
            }
            const bias_4 = bias[0];
            output[at4 + 4 * oxo] = Math.max((acc_0_0 + bias_4), 0);
            output[at4 + 4 * oxo + 2] = Math.max((acc_0_1 + bias_4), 0);
            const bias_5 = bias[1];
            output[at4 + 4 * oxo + 1] = Math.max((acc_1_0 + bias_5), 0);
            output[at4 + 4 * oxo + 3] = Math.max((acc_1_1 + bias_5), 0);
          }
        }
      };
    })();

    return { packConvFilters, conv };
    "
  `);
});

test("the module says what it holds", () => {
  const { code, key, buffers, prepare, run, ...rest } = compileModule(spec, { target: JS, schedule });
  expect(rest).toEqual({ ...directFacts(spec, printSchedule(schedule)), language: "js" });
  expect(buffers.map(printBuffer)).toEqual([
    "input value[1, 4, 6, 8] f32",
    "weights filters[3, 1, 2, 8] f32",
    "weights bias[2] f32",
    "output output[1, 4, 6, 2] f32",
    "prepared convFilters[3, 1, 8, 2] f64",
  ]);
  expect(prepare).toEqual([{ name: "packConvFilters", buffers: ["filters", "convFilters"] }]);
  expect(run).toEqual([{ name: "conv", buffers: ["value", "bias", "output", "convFilters"] }]);
  expect(JSON.parse(key)).toMatchObject({ version: VERSION, spec, target: JS, schedule });
});

test("nothing ends the comment at its top", () => {
  const lines = ["a", "b", "c", "d"];
  const code = renderJsModule({
    version: "0",
    schedule: `${lines[0]}\n${lines[1]}\r${lines[2]}\u2028${lines[3]}`,
    arithmetic: "f64",
    functions: [],
  });
  expect(code).toContain("// a b c d\n");
});

test("the same input gives the same bytes", () => {
  const once = compileModule(spec, { target: JS, schedule });
  expect(compileModule({ ...spec }, { target: JS, schedule: structuredClone(schedule) })).toEqual(once);
  expect(compileModule({ ...spec, rate: 1 }, { target: JS, schedule }).key).not.toBe(once.key);
});

/** As if it had passed all passes. */
const emit = (body: readonly Stmt[]): string =>
  emitJs(kernel([buffer("x", [9], "input"), buffer("out", [9], "output")], body) as Lowered).body;
const emitOffset = (offset: Affine): string => emitValue(load("x", [offset])).replace(/^x\[(.*)\]$/, "$1");
const emitValue = (value: Expr): string =>
  emit([store("out", ["0"], value)])
    .replace(/.* = (.*);/, "$1")
    .trim();

describe("statements", () => {
  test("every kind that JavaScript has", () => {
    const body = [
      loop("i", 3, [
        index("q", "2*i - 1", 1, 9),
        index("r", "i + 4", 3, 9),
        store("out", ["q - 2*r + 1"], at("x", "i")),
      ]),
      declare("a", at("x", "0")),
      declare("b", local("a"), false),
      set("a", plus(local("a"), local("b"))),
      when(["i - 1", "5 - i"], [store("out", ["0"], local("a"))], [set("a", number(0))]),
      alloc("t", [2, 2], "local", [store("t", ["3"], number(1))]),
    ];
    expect(emit(body)).toMatchInlineSnapshot(`
      "    for (let i = 0; i < 3; i++) {
            const q = (2 * i - 1) | 0;
            const r = Math.floor((i + 4) / 3) | 0;
            out[q - 2 * r + 1] = x[i];
          }
          let a = x[0];
          const b = a;
          a = a + b;
          if (i - 1 >= 0 && -i + 5 >= 0) {
            out[0] = a;
          }
          else {
            a = 0;
          }
          t[3] = 1;"
    `);
  });
  test("allocations become arrays beside the function", () => {
    const scratch = alloc("t", [2, 3], "local", []);
    const { locals } = emitJs(kernel([], [scratch, loop("i", 2, [scratch])]) as Lowered);
    expect(locals).toEqual([{ name: "t", length: 6 }]);
  });
});

describe("expressions", () => {
  const [a, b, c] = [local("a"), local("b"), local("c")];
  const TEXTS: readonly (readonly [Expr, string])[] = [
    [number(0.1), "0.1"],
    [number(-0), "-0"],
    [number(-3), "-3"],
    [number(Number.POSITIVE_INFINITY), "Infinity"],
    [number(1e-30), "1e-30"],
    [plus(a, multiply(b, c)), "a + (b * c)"],
    [multiply(plus(a, b), c), "(a + b) * c"],
    [binary("subtract", a, binary("subtract", b, c)), "a - (b - c)"],
    [binary("divide", a, binary("divide", b, c)), "a / (b / c)"],
    [binary("subtract", a, number(-3)), "a - (-3)"],
    [multiply(number(-0.5), a), "(-0.5) * a"],
    [unary("negate", unary("negate", a)), "-(-(a))"],
    [binary("subtract", a, unary("negate", b)), "a - (-(b))"],
    [unary("exp", plus(a, b)), "Math.exp(a + b)"],
    [unary("sqrt", unary("abs", b)), "Math.sqrt(Math.abs(b))"],
    [binary("minimum", binary("maximum", a, b), c), "Math.min(Math.max(a, b), c)"],
    [fma(plus(a, b), c, a), "(a + b) * c + a"],
    [select("less", a, b, c, number(0)), "a < b ? c : 0"],
    [
      select("equal", at("x", "i"), number(0), unary("log", a), unary("sin", b)),
      "x[i] == 0 ? Math.log(a) : Math.sin(b)",
    ],
    [
      plus(select("lessEqual", plus(a, b), c, a, number(-1)), unary("cos", a)),
      "((a + b) <= c ? a : (-1)) + Math.cos(a)",
    ],
    [multiply(at("x", "2*i + 1"), a), "x[2 * i + 1] * a"],
  ];
  test.each(TEXTS)("%j", (value, text) => {
    expect(emitValue(value)).toBe(text);
  });
  test.each(TEXTS)("%j means what it says", (value) => {
    const names = { a: 0.7, b: -1.3, c: 2.1, x: [5, 6, 7, 8], i: 1 };
    const meaning = (expr: Expr): number => {
      if (expr.kind === "const") return expr.value;
      if (expr.kind === "local") return names[expr.name as "a"];
      if (expr.kind === "load") return 8;
      if (expr.kind === "unary") return applyUnary(expr.op, meaning(expr.x));
      if (expr.kind === "fma") return meaning(expr.a) * meaning(expr.b) + meaning(expr.c);
      if (expr.kind === "select")
        return meaning(compares(expr.op, meaning(expr.a), meaning(expr.b)) ? expr.then : expr.otherwise);
      if (expr.kind !== "binary") throw new Error(expr.kind);
      const [left, right] = [meaning(expr.a), meaning(expr.b)];
      const results = { add: left + right, subtract: left - right, multiply: left * right, divide: left / right };
      return { ...results, minimum: Math.min(left, right), maximum: Math.max(left, right) }[expr.op];
    };
    const run = new Function(...Object.keys(names), `return ${emitValue(value)};`);
    expect(run(...Object.values(names))).toBe(meaning(value));
  });
});

describe("forms", () => {
  test.each(["0", "-3", "i", "-i", "2*i - j + 3", "-7*i - 4*j", "i - 1"])("%s", (text) => {
    const [i, j] = [5, 9];
    const printed = emitOffset(form(text));
    expect(new Function("i", "j", `return ${printed};`)(i, j)).toBe(new Function("i", "j", `return ${text};`)(i, j));
  });
  test.each([Number.NaN, 1.5, 2 ** 53, Number.POSITIVE_INFINITY])("%d is no integer that code may hold", (value) => {
    const message = `internal: tilewright bug: ${value} is no integer that code may hold`;
    expect(errorOf(thrownBy(() => emitOffset(affine(value))))).toBe(message);
    expect(errorOf(thrownBy(() => emitOffset(affine(0, { i: value }))))).toBe(message);
  });
});

test("what the language lacks is a bug of the passes before", () => {
  expect(errorOf(thrownBy(() => emit([barrier])))).toContain("a barrier in a language without workgroups");
  expect(errorOf(thrownBy(() => emitValue(splat(number(1), 4))))).toContain("a vector in a language without them");
});
