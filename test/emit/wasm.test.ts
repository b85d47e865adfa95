/** WebAssembly by what it computes: every statement and expression gives what the interpreter gives. */
import { describe, expect, test } from "vitest";
import {
  binary,
  type Comparison,
  type Expr,
  fma,
  lane,
  local,
  multiply,
  number,
  plus,
  select,
  splat,
  unary,
} from "../../src/ir/expr.js";
import type { LoopKernel, Stmt } from "../../src/ir/stmt.js";
import { errorOf, thrownBy } from "../support/errors.js";
import {
  alloc,
  at,
  barrier,
  buffer,
  bytewise,
  carrying,
  declare,
  index,
  loop,
  set,
  store,
  vectorAt,
  when,
} from "../support/kernels.js";
import { emitTiny, functionsOf, runPartOn, textOf } from "../support/wasm.js";

const BUFFERS = [buffer("x", [16], "input"), buffer("y", [8], "weights"), buffer("out", [16], "output")];
const tiny = (body: readonly Stmt[]): LoopKernel => bytewise(BUFFERS, body);
const emit = (...body: readonly Stmt[]) => emitTiny(tiny(body));

describe("statements do what the interpreter does", () => {
  test("loops: counted up where the variable is read, down where it is not", () => {
    const counted = emit(loop("i", 3, [store("out", ["4*i"], at("x", "8*i"))]));
    expect(functionsOf(counted.code)).toContain("i32.lt_s");
    const repeated = emit(
      declare("a", number(0)),
      loop("i", 3, [set("a", plus(local("a"), at("x", "4")))]),
      store("out", ["0"], local("a")),
    );
    expect(functionsOf(repeated.code)).not.toContain("i32.lt_s");
  });

  test("loops: read by a guard or an index alone, still counted up", () => {
    emit(loop("i", 3, [when(["i - 1"], [store("out", ["0"], at("x", "8"))])]));
    emit(loop("i", 6, [index("q", "i + 1", 2, 3), store("out", ["4*q"], at("x", "4*q"))]));
  });

  test("loops: read by an inner loop's step alone", () => {
    const inner = carrying({ s: ["16*i", 4] }, loop("j", 2, [store("out", ["s"], at("x", "s + 4"))]));
    emit(loop("i", 3, [inner]));
  });

  test("steps, forwards and backwards, with an immediate beside them", () => {
    const body = loop("i", 4, [store("out", ["up"], plus(at("x", "down"), at("x", "up + 4")))]);
    emit(carrying({ up: ["4", 8], down: ["48", -12] }, body));
  });

  test("a read that never happens may lie beyond what an instruction can add", () => {
    const never = store("out", ["0"], at("x", `4*i + ${2 ** 32}`));
    emit(loop("i", 3, [when(["i - 7"], [never], [store("out", ["0"], at("x", "4*i"))])]));
  });

  test("a range begins and ends where the caller says", () => {
    const part = emit(loop("i", 4, [store("out", ["4*i"], number(7))], "parallel"));
    const { out = [] } = runPartOn(part, new Map(), () => [[1, 3]]);
    expect(out.slice(0, 4)).toEqual([Number.NaN, 7, 7, Number.NaN]);
  });

  test("nested loops of one name are different variables", () => {
    emit(
      loop("i", 2, [
        loop("i", 3, [store("out", ["4*i"], at("x", "4*i + 4"))]),
        store("out", ["8*i + 16"], at("x", "0")),
      ]),
    );
  });

  test("guards: every form must hold, zero is enough", () => {
    const body = [
      when(["i - 2", "5 - i", "3"], [store("out", ["4*i"], number(1))], [store("out", ["4*i"], number(2))]),
    ];
    emit(loop("i", 8, body));
    emit(loop("i", 8, [when(["i - 2"], [store("out", ["4*i"], number(1))])]));
  });

  test("indices: sums of any sign, quotients rounded down", () => {
    emit(
      loop("i", 3, [
        loop("j", 4, [
          index("p", "7*i - 2*j + 6", 1, 20),
          index("q", "4*i + j", 4, 2),
          store("out", ["16*q + 4*j"], at("x", "4*q")),
        ]),
      ]),
    );
  });

  test("a quotient that could fall below zero is a bug of the passes before", () => {
    const below: Stmt = { ...(index("q", "i - 2", 2, 3) as Extract<Stmt, { kind: "index" }>), min: -1 };
    expect(errorOf(thrownBy(() => emit(loop("i", 3, [below, store("out", ["0"], number(1))]))))).toBe(
      "internal: tilewright bug: q may be negative",
    );
  });

  test("locals, scalar and vector", () => {
    emit(
      declare("a", at("x", "8")),
      declare("v", vectorAt("x", "16")),
      set("a", plus(local("a"), number(0.5))),
      set("v", plus(local("v", 4), splat(local("a"), 4))),
      store("out", ["16"], local("v", 4)),
      store("out", ["0"], lane(local("v", 4), 3)),
    );
  });

  test("scratch memory is the kernel's own", () => {
    const { buffers } = emit(
      alloc("t", [4], "local", [
        loop("i", 4, [store("t", ["4*i"], at("x", "12 - 4*i"))]),
        loop("i", 4, [store("out", ["4*i"], at("t", "4*i"))]),
      ]),
    );
    expect(buffers.map(({ name, role }) => `${role} ${name}`).at(-1)).toBe("scratch t");
  });

  test("slots are handed on when a body ends, and not before", () => {
    const body = (i: number): Stmt =>
      when(["0"], [declare(`a${i}`, at("x", `${4 * i}`)), store("out", [`${4 * i}`], local(`a${i}`))]);
    const { code } = emit(
      declare("kept", at("x", "60")),
      ...[0, 1, 2, 3].map(body),
      store("out", ["60"], local("kept")),
    );
    expect(textOf(code).match(/\(local /g)?.length).toBe(2);
  });

  test("a barrier is a bug of the passes before", () => {
    expect(errorOf(thrownBy(() => emit(barrier)))).toBe(
      "internal: tilewright bug: a barrier in a language without workgroups",
    );
  });
});

describe("expressions do what the interpreter does", () => {
  const [a, b, c] = [at("x", "8"), at("x", "28"), at("y", "4")];
  const SCALARS: readonly Expr[] = [
    number(0.1),
    number(-0),
    number(Number.NEGATIVE_INFINITY),
    plus(a, multiply(b, c)),
    binary("subtract", a, binary("subtract", b, c)),
    binary("divide", a, binary("divide", b, c)),
    binary("minimum", binary("maximum", a, b), c),
    binary("maximum", number(Number.NaN), a),
    unary("negate", unary("exp", unary("negate", a))),
    unary("tanh", binary("divide", a, b)),
    unary("sqrt", a),
    unary("abs", binary("subtract", a, b)),
    fma(a, b, c),
    unary("log", plus(a, b)),
    binary("subtract", unary("sin", a), unary("cos", b)),
    ...(["less", "lessEqual", "equal"] as const).flatMap((op: Comparison) => [
      select(op, a, b, c, unary("negate", c)),
      select(op, b, a, c, unary("negate", c)),
      select(op, a, number(3), b, c),
      select(op, unary("sqrt", unary("negate", a)), number(3), b, c),
    ]),
  ];
  test.each(SCALARS.map((value) => [value]))("%j", (value) => {
    emit(store("out", ["12"], number(1)), store("out", ["4"], value));
  });

  const widened = (expr: Expr): Expr => {
    const [x, y] = [vectorAt("x", "8"), vectorAt("y", "4")];
    return expr.kind === "unary"
      ? { ...expr, x, lanes: 4 }
      : { ...(expr as Extract<Expr, { kind: "binary" }>), a: x, b: y, lanes: 4 };
  };
  const VECTORS: readonly Expr[] = [
    number(0.1, 4),
    splat(at("x", "8"), 4),
    splat(plus(a, b), 4),
    ...SCALARS.filter(({ kind }) => kind === "binary" || kind === "unary").map(widened),
    unary("tanh", binary("divide", vectorAt("x", "8"), vectorAt("y", "4"))),
    unary("exp", unary("negate", vectorAt("x", "16"))),
    unary("log", vectorAt("x", "8")),
    unary("sin", unary("cos", vectorAt("x", "8"))),
    // Some lanes are taken and others are not, and a NaN in a branch that is not taken does not show.
    ...(["less", "lessEqual", "equal"] as const).flatMap((op: Comparison) => {
      const [x, rest] = [vectorAt("x", "16"), unary("sqrt", binary("subtract", vectorAt("x", "16"), number(6, 4)))];
      return [
        select(op, x, number(6, 4), number(1, 4), rest),
        select(op, number(6, 4), x, vectorAt("y", "4"), unary("negate", x)),
        select(op, rest, number(1, 4), number(1, 4), number(2, 4)),
      ];
    }),
  ];
  test.each(VECTORS.map((value) => [value]))("%j", (value) => {
    emit(store("out", ["16"], value));
  });

  test("a vector multiply-add is the relaxed one, whose sum comes last", () => {
    const { code } = emit(store("out", ["0"], fma(vectorAt("x", "0"), vectorAt("y", "0"), vectorAt("x", "16"))));
    expect(functionsOf(code)).toMatch(
      /relaxed_madd(?:\s+\(v128.load[^()]*\(local.get \$p[01]\)\)){2}\s+\(v128.load offset=16/,
    );
  });

  test("a vector function calls once for each lane, in place", () => {
    const { code } = emit(store("out", ["0"], unary("exp", vectorAt("x", "0"))));
    expect(functionsOf(code).match(/call \$env.exp/g)?.length).toBe(4);
  });

  test("every lane can be taken", () => {
    emit(...[0, 1, 2, 3].map((i) => store("out", [`${4 * i}`], lane(vectorAt("x", "16"), i))));
  });
});

describe("addresses", () => {
  test("a constant goes into the instruction where the rest cannot be below zero", () => {
    const { code } = emit(loop("i", 3, [store("out", ["4*i + 8"], at("x", "4*i + 12"))]));
    expect(functionsOf(code)).toMatch(/f32.store offset=8[\s\S]*f32.load offset=12/);
  });

  test("a part that dips below zero takes its constant along, or it would trap", () => {
    const { code } = emit(loop("i", 3, [store("out", ["8 - 4*i"], at("x", "60 - 16*i"))]));
    expect(functionsOf(code)).not.toContain("offset");
  });

  test("so does one below the memory's beginning", () => {
    const first = [buffer("w", [8], "weights"), buffer("out", [8], "output")];
    emitTiny(
      bytewise(first, [loop("i", 4, [index("q", "4*i + 16", 1, 28), store("out", ["q - 16"], at("w", "q - 16"))])]),
    );
  });
});
