/** foldConstants: what is already known is decided. */
import { describe, expect, test } from "vitest";
import { foldConstants } from "../../src/codegen/passes/foldConstants.js";
import { binary, type Expr, multiply, number, plus, select, unary } from "../../src/ir/expr.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { alloc, at, buffer, index, kernel, loop, store, vectorAt, when } from "../support/kernels.js";
import { after } from "../support/passes.js";

const BUFFERS = [
  buffer("x", [40], "input"),
  { ...buffer("k", [2, 2], "constant"), values: [0, 1, -1, 0.5] },
  buffer("out", [40], "output"),
];
const SPARSE = BUFFERS.map((one) => (one.values ? { ...one, isSparse: true as const } : one));
const pass = (body: readonly Stmt[]) => after(foldConstants, kernel(BUFFERS, body));
const copy = (position: string): Stmt => store("out", [position], at("x", position));

test("guards that always or never hold", () => {
  const body = [
    loop("i", 4, [when(["i", "i - 1"], [copy("i")], [copy("i + 10")]), when(["i - 4"], [copy("1")], [copy("i + 20")])]),
    when(["0 - 1"], [copy("2")]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 4
        if i - 1 >= 0
          out[i] = x[i]
        else
          out[i + 10] = x[i + 10]
        out[i + 20] = x[i + 20]
    "
  `);
});

test("guards inside guards ask once", () => {
  const body = [
    loop("i", 4, [when(["i - 1"], [when(["i - 1", "2 - i"], [copy("i")])], [when(["i - 1"], [copy("9")])])]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 4
        if i - 1 >= 0
          if -i + 2 >= 0
            out[i] = x[i]
        else
          if i - 1 >= 0
            out[9] = x[9]
    "
  `);
});

test("loops of no iteration, and with nothing in them", () => {
  const body = [copy("1"), loop("i", 3, [loop("j", 0, [copy("i + j")])]), loop("i", 3, [when(["i - 3"], [copy("i")])])];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      out[1] = x[1]
    "
  `);
});

test("the range of an index", () => {
  const body = [loop("f", 12, [index("q", "f", 4, 9), when(["2 - q"], [copy("q")]), when(["q - 1"], [copy("q + 9")])])];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for f < 12
        index q = floor((f) / 4)
        out[q] = x[q]
        if q - 1 >= 0
          out[q + 9] = x[q + 9]
    "
  `);
});

test("arithmetic on constants, neutral elements, and reads of constant buffers", () => {
  const x = at("x", "0");
  const values: Expr[] = [
    plus(number(2), multiply(number(3), number(4))),
    binary("maximum", unary("negate", number(-2)), number(1)),
    plus(number(0), x),
    binary("subtract", plus(x, number(0)), number(0)),
    binary("subtract", number(0), x),
    multiply(number(1), x),
    multiply(x, number(-1)),
    multiply(x, number(2)),
    plus(multiply(number(0), x), at("x", "1")),
  ];
  expect(pass(values.map((value, i) => store("out", [String(i)], value)))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      out[0] = 14
      out[1] = 2
      out[2] = x[0]
      out[3] = x[0]
      out[4] = (0 - x[0])
      out[5] = x[0]
      out[6] = negate(x[0])
      out[7] = (2 * x[0])
      out[8] = ((0 * x[0]) + x[1])
    "
  `);
});

test("comparisons of constants, as the kernel's arithmetic has them", () => {
  const [x, y] = [at("x", "0"), at("x", "1")];
  const values: Expr[] = [
    select("less", number(1), number(2), x, y),
    select("less", number(2), number(2), x, y),
    select("lessEqual", number(2), number(2), x, y),
    select("equal", number(-0), number(0), x, y),
    select("equal", unary("sqrt", number(-1)), unary("sqrt", number(-1)), x, y),
    select("lessEqual", unary("sqrt", number(-1)), number(0), x, y),
    select("less", plus(number(1), number(1)), unary("negate", number(-3)), select("less", x, y, x, y), y),
    select("less", x, x, x, y),
    select("less", number(16777216), number(16777217), x, y),
  ];
  const stores = values.map((value, i) => store("out", [String(i)], value));
  expect(pass(stores)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      out[0] = x[0]
      out[1] = x[1]
      out[2] = x[0]
      out[3] = x[0]
      out[4] = x[1]
      out[5] = x[1]
      out[6] = select(x[0] < x[1], x[0], x[1])
      out[7] = select(x[0] < x[0], x[0], x[1])
      out[8] = x[0]
    "
  `);
  expect(after(foldConstants, kernel(BUFFERS, stores, "f32"))).toContain("out[8] = x[1]\n");
});

describe("a transform by a known matrix", () => {
  const entry = (row: string, column: string) => multiply(at("k", row, column), at("x", column));
  const row = (r: string) => store("out", [r], plus(plus(number(0), entry(r, "0")), entry(r, "1")));

  test("loses its ones, and keeps its zeros, which make NaN of infinity", () => {
    expect(pass([row("0"), row("1")])).toMatchInlineSnapshot(`
      "kernel tiny(x, out) in f64
        out[0] = ((0 * x[0]) + x[1])
        out[1] = (negate(x[0]) + (0.5 * x[1]))
      "
    `);
  });
  test("loses its zeros where it is sparse, as Winograd's are", () => {
    const splatOf = (value: Expr): Expr => ({ kind: "splat", value, lanes: 4 });
    const body = [
      row("0"),
      store("out", ["1"], multiply(at("x", "1"), multiply(at("x", "0"), at("k", "0", "0")))),
      store("out", ["2"], multiply(number(0), at("x", "0"))),
      store("out", ["4"], multiply(splatOf(at("k", "0", "0")), vectorAt("x", "4"))),
    ];
    expect(after(foldConstants, kernel(SPARSE, body))).toMatchInlineSnapshot(`
      "kernel tiny(x, out) in f64
        out[0] = x[1]
        out[1] = 0
        out[2] = (0 * x[0])
        out[4]:4 = 0:4
      "
    `);
  });
});

test("allocations keep their place", () => {
  const body = [
    alloc("a", [2], "local", [store("a", ["0"], plus(number(0), at("x", "0"))), store("out", ["0"], at("a", "0"))]),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      alloc a[2] local
        a[0] = x[0]
        out[0] = a[0]
    "
  `);
});

test("a vector of one known number is a vector constant", () => {
  const splatOf = (value: Expr): Expr => ({ kind: "splat", value, lanes: 4 });
  const body = [
    store("out", ["0"], plus(vectorAt("x", "0"), splatOf(multiply(number(2), number(3))))),
    store("out", ["4"], multiply(splatOf(at("k", "1", "1")), vectorAt("x", "4"))),
    store("out", ["8"], multiply(splatOf(at("k", "0", "1")), vectorAt("x", "4"))),
    store("out", ["12"], multiply(splatOf(at("k", "0", "0")), vectorAt("x", "4"))),
    store("out", ["16"], splatOf(at("x", "0"))),
  ];
  expect(pass(body)).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      out[0]:4 = (x[0]:4 + 6:4)
      out[4]:4 = (0.5:4 * x[4]:4)
      out[8]:4 = x[4]:4
      out[12]:4 = (0:4 * x[4]:4)
      out[16]:4 = splat(x[0])
    "
  `);
});

test("what is added with the other sign is subtracted", () => {
  const [x, y] = [at("x", "0"), at("x", "1")];
  const values = [
    plus(x, multiply(number(-1), y)),
    plus(x, unary("negate", y)),
    plus(number(0), unary("negate", y)),
    plus(unary("negate", x), y),
    binary("subtract", x, unary("negate", y)),
  ];
  expect(pass(values.map((value, i) => store("out", [String(i)], value)))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      out[0] = (x[0] - x[1])
      out[1] = (x[0] - x[1])
      out[2] = negate(x[1])
      out[3] = (negate(x[0]) + x[1])
      out[4] = (x[0] - negate(x[1]))
    "
  `);
});

describe("constant buffers", () => {
  const namesAfter = (body: readonly Stmt[]) => foldConstants(kernel(BUFFERS, body)).buffers.map(({ name }) => name);

  test("need no memory once every read of theirs has folded away", () => {
    expect(namesAfter([store("out", ["0"], at("k", "1", "0"))])).toEqual(["x", "out"]);
    expect(namesAfter([loop("i", 2, [when(["i - 2"], [store("out", ["i"], at("k", "i", "0"))])])])).toEqual([
      "x",
      "out",
    ]);
  });
  test("stay where some loop still subscripts them, or where they are read as vectors", () => {
    const looped = [loop("i", 2, [store("out", ["i"], multiply(at("k", "i", "0"), at("k", "1", "1")))])];
    expect(pass(looped)).toMatchInlineSnapshot(`
      "kernel tiny(x, k, out) in f64
        for i < 2
          out[i] = (0.5 * k[i, 0])
      "
    `);
    expect(namesAfter(looped)).toEqual(["x", "k", "out"]);
    const constants = { ...buffer("k", [4], "constant"), values: [1, 2, 3, 4] };
    const vectors = kernel([constants, buffer("out", [4], "output")], [store("out", ["0"], vectorAt("k", "0"))]);
    expect(foldConstants(vectors).buffers.map(({ name }) => name)).toEqual(["k", "out"]);
  });
  test("are read as memory would give them, rounded to their type", () => {
    const tenths = (dtype: "f32" | "f64") => ({ ...buffer("k", [1], "constant", dtype), values: [0.1] });
    const folded = (dtype: "f32" | "f64") =>
      after(foldConstants, kernel([tenths(dtype), buffer("out", [1], "output")], [store("out", ["0"], at("k", "0"))]));
    expect(folded("f32")).toContain(`out[0] = ${Math.fround(0.1)}\n`);
    expect(folded("f64")).toContain("out[0] = 0.1\n");
  });
  test("all other buffers stay, read or not", () => {
    expect(namesAfter([store("out", ["0"], number(1))])).toEqual(["x", "out"]);
  });
});
