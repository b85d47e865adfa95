/** The hostile machine: what a kernel may not do shows, and nothing is forgiven. */
import { describe, expect, test } from "vitest";
import { fma, load, local, multiply, number, plus, select, splat, unary } from "../../src/ir/expr.js";
import { interpretKernel } from "../../src/ir/interpretKernel.js";
import type { Stmt } from "../../src/ir/stmt.js";
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
  run,
  set,
  store,
  when,
} from "../support/kernels.js";

/** x = 1 .. 6 in a 2x3 matrix. */
const BUFFERS = [buffer("x", [2, 3], "input"), buffer("out", [4], "output")];
const outputOf = (body: readonly Stmt[], arithmetic?: "f32" | "f64") => run(kernel(BUFFERS, body, arithmetic)).out;
const failure = (body: readonly Stmt[]) => errorOf(thrownBy(() => outputOf(body)));
const one = number(1);

describe("what kernels mean", () => {
  test("loops, guards, both branches", () => {
    const body = [
      loop("i", 4, [when(["i - 1", "2 - i"], [store("out", ["i"], one)], [store("out", ["i"], number(9))])]),
    ];
    expect(outputOf(body)).toEqual([9, 1, 1, 9]);
  });
  test("subscripts, row-major or flat", () => {
    expect(outputOf([loop("i", 4, [store("out", ["i"], at("x", "1", "0"))])])).toEqual([4, 4, 4, 4]);
    expect(outputOf([loop("i", 4, [store("out", ["i"], at("x", "i + 2"))])])).toEqual([3, 4, 5, 6]);
  });
  test("indices are floors, below zero too", () => {
    const body = [loop("i", 4, [index("q", "i", 2, 1), store("out", ["i"], at("x", "q", "0"))])];
    expect(outputOf(body)).toEqual([1, 1, 4, 4]);
    const below: Stmt = { kind: "index", name: "q", value: form("i - 3"), divisor: 2, min: -2, max: 0 };
    const flat = [loop("i", 4, [below, store("out", ["i"], at("x", "q + 2"))])];
    expect(outputOf(flat)).toEqual([1, 2, 2, 3]); // floor(-3/2) = -2
  });
  test("locals and vectors", () => {
    const vector = load("x", [form("0"), form("0")], 3);
    const body = [
      declare("a", vector),
      set("a", fma(local("a", 3), splat(at("x", "1", "2"), 3), number(0.5, 3))),
      store("out", ["1"], local("a", 3)),
      store("out", ["0"], number(0)),
    ];
    expect(outputOf(body)).toEqual([0, 6.5, 12.5, 18.5]);
  });
  test("each lane chooses for itself, and a comparison with NaN does not hold", () => {
    const vector = load("x", [form("0"), form("0")], 3);
    const root = unary("sqrt", plus(vector, number(-2, 3))); // NaN, 0, 1
    const chosen = select("lessEqual", vector, number(2, 3), number(7, 3), root);
    expect(outputOf([store("out", ["1"], chosen), store("out", ["0"], one)])).toEqual([1, 7, 7, 1]);
    const compared = select("lessEqual", root, number(0, 3), number(7, 3), number(8, 3));
    expect(outputOf([store("out", ["1"], compared), store("out", ["0"], one)])).toEqual([1, 8, 7, 8]);
  });
  test("arithmetic rounds to the kernel's type on every step, an fma once", () => {
    const tiny = number(2 ** -24);
    const twoSteps = plus(plus(one, tiny), tiny);
    expect(outputOf([store("out", ["0"], twoSteps)], "f64")?.[0]).toBe(Math.fround(1 + 2 ** -23));
    expect(outputOf([store("out", ["0"], twoSteps)], "f32")?.[0]).toBe(1);
    const near = number(1 + 2 ** -12);
    const rest = (x: "fma" | "apart") =>
      x === "fma" ? fma(near, near, number(-1)) : plus(multiply(near, near), number(-1));
    expect(outputOf([store("out", ["0"], rest("fma"))], "f32")?.[0]).toBe(2 ** -11 + 2 ** -24);
    expect(outputOf([store("out", ["0"], rest("apart"))], "f32")?.[0]).toBe(2 ** -11);
  });
});

describe("memory", () => {
  test("fresh memory is NaN, each time anew", () => {
    const body = [
      loop("i", 2, [alloc("a", [1], "local", [store("out", ["i"], at("a", "0")), store("a", ["0"], one)])]),
    ];
    expect(outputOf(body)).toEqual(new Array(4).fill(Number.NaN));
  });
  test("an output that nobody wrote stays NaN", () => {
    expect(outputOf([store("out", ["0"], one)])).toEqual([1, Number.NaN, Number.NaN, Number.NaN]);
  });
  test.each([
    ["one past a row, though inside the buffer", store("out", ["0"], at("x", "0", "3"))],
    ["before the beginning", store("out", ["0"], at("x", "0", "-1"))],
    ["past the last row", store("out", ["0"], at("x", "2", "0"))],
    ["past the end, flat", store("out", ["0"], at("x", "6"))],
    ["a store past the end", store("out", ["4"], one)],
    ["the last lane of a vector", store("out", ["2"], number(0, 3))],
    ["the last lane of a vector read", declare("a", load("x", [form("0"), form("1")], 3))],
  ])("%s throws", (_, stmt) => {
    expect(failure([stmt])).toContain("outside 0..");
  });
  test("inputs may not be written", () => {
    expect(failure([store("x", ["0"], one)])).toContain("x may not be written");
  });
  test("a buffer is gone after its allocation", () => {
    expect(failure([alloc("a", [1], "local", []), store("a", ["0"], one)])).toContain("no buffer a");
  });
  test("arrays must be whole", () => {
    const short = new Map([
      ["x", new Float32Array(5)],
      ["out", new Float32Array(4)],
    ]);
    expect(errorOf(thrownBy(() => interpretKernel(kernel(BUFFERS, []), short)))).toContain("x must have 6 elements");
    expect(errorOf(thrownBy(() => interpretKernel(kernel(BUFFERS, []), new Map())))).toContain(
      "x must have 6 elements",
    );
  });
});

describe("names", () => {
  test("unbound, undeclared, of other lanes, out of a stated range", () => {
    expect(failure([store("out", ["i"], one)])).toContain("variable i is not bound");
    expect(failure([set("a", one)])).toContain("a is set before it is declared");
    expect(failure([store("out", ["0"], local("a"))])).toContain("a is not a local of 1 lanes");
    expect(failure([declare("a", number(0, 4)), store("out", ["0"], local("a"))])).toContain(
      "a is not a local of 1 lanes",
    );
    expect(failure([loop("i", 4, [index("q", "i", 1, 2)])])).toContain("q = 3 leaves its stated range");
  });
  test("what is declared in a body is forgotten after it", () => {
    const body = [loop("i", 2, [declare("a", one), index("q", "i", 1, 3)])];
    expect(failure([...body, store("out", ["0"], local("a"))])).toContain("a is not a local of 1 lanes");
    expect(failure([...body, store("out", ["q"], one)])).toContain("variable q is not bound");
    expect(failure([...body, store("out", ["i"], one)])).toContain("variable i is not bound");
  });
  test("what it meant outside comes back", () => {
    const body = [
      declare("a", number(7)),
      loop("i", 2, [set("a", plus(local("a"), one)), declare("a", number(100)), set("a", number(200))]),
      store("out", ["0"], local("a")),
    ];
    expect(outputOf(body)?.[0]).toBe(9);
  });
});

describe("workgroups", () => {
  /** Each invocation writes its own element, then reads its neighbour's. */
  const exchange = (between: readonly Stmt[]) => [
    alloc("shared", [4], "workgroup", [
      loop(
        "i",
        4,
        [store("shared", ["i"], plus(at("x", "i"), one)), ...between, store("out", ["i"], at("shared", "3 - i"))],
        "invocation.x",
      ),
    ]),
  ];

  test("a barrier makes all see what all have written", () => {
    expect(outputOf(exchange([barrier]))).toEqual([5, 4, 3, 2]);
  });
  test("without it, the first read what the last had not yet written", () => {
    expect(outputOf(exchange([]))).toEqual([Number.NaN, Number.NaN, 3, 2]);
  });
  test("without one before writing again, the last read what the first had already replaced", () => {
    const rounds = (first: readonly Stmt[]) => [
      alloc("shared", [1], "workgroup", [
        loop(
          "i",
          2,
          [
            loop("round", 2, [
              ...first,
              when(["-i"], [store("shared", ["0"], at("x", "round"))]),
              barrier,
              store("out", ["2*round + i"], at("shared", "0")),
            ]),
          ],
          "invocation.x",
        ),
      ]),
    ];
    expect(outputOf(rounds([barrier]))).toEqual([1, 1, 2, 2]);
    expect(outputOf(rounds([]))).toEqual([1, 2, 2, 2]);
  });
  test("two dimensions of invocations meet as one", () => {
    const body = [
      alloc("shared", [2, 2], "workgroup", [
        loop(
          "j",
          2,
          [
            loop(
              "i",
              2,
              [
                store("shared", ["j", "i"], at("x", "j", "i")),
                barrier,
                store("out", ["2*j + i"], at("shared", "1 - j", "1 - i")),
              ],
              "invocation.x",
            ),
          ],
          "invocation.y",
        ),
      ]),
    ];
    expect(outputOf(body)).toEqual([5, 4, 2, 1]);
  });
  test("each invocation has its own locals and variables", () => {
    const body = [
      loop(
        "i",
        4,
        [
          declare("a", at("x", "i")),
          barrier,
          set("a", plus(local("a"), number(10))),
          barrier,
          store("out", ["i"], local("a")),
        ],
        "invocation.x",
      ),
    ];
    expect(outputOf(body)).toEqual([11, 12, 13, 14]);
  });
  test("a barrier that only some reach throws", () => {
    expect(failure(exchange([when(["i - 1"], [barrier])]))).toContain("invocations of i part ways at a barrier");
  });
  test("so do two barriers in two branches: they must meet at the same one", () => {
    const other: Stmt = { kind: "barrier" };
    expect(failure(exchange([when(["i - 1"], [barrier], [other])]))).toContain("part ways");
  });
  test("so does a barrier that some pass more often", () => {
    const ragged = [loop("i", 2, [loop("j", 2, [when(["i + j - 1"], [barrier])])], "invocation.x")];
    expect(failure(ragged)).toContain("part ways");
  });
  test("a barrier outside any invocation throws", () => {
    expect(failure([barrier])).toContain("a barrier outside any invocation loop");
  });
});
