/** What `verify` lets through and what it refuses, each by the smallest kernel that shows it. */
import { describe, expect, test } from "vitest";
import { lowerProgram } from "../../src/codegen/lowerProgram.js";
import { JS } from "../../src/codegen/target.js";
import { fma, load, local, multiply, number, plus, splat } from "../../src/ir/expr.js";
import { programOf } from "../../src/ir/ops/index.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { type Construct, verify } from "../../src/ir/verify.js";
import { specWith } from "../support/calls.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { alloc, at, buffer, declare, form, index, kernel, loop, set, store, when } from "../support/kernels.js";

const BUFFERS = [buffer("x", [4, 8], "input"), buffer("out", [6], "output")];
const check = (body: readonly Stmt[], ...removed: readonly Construct[]) =>
  verify(kernel(BUFFERS, body), new Set(removed));
const refusal = (body: readonly Stmt[], ...removed: readonly Construct[]) =>
  errorOf(thrownBy(() => check(body, ...removed)));
const zero = number(0);

describe("names", () => {
  test("a subscript over its loop", () => {
    expect(() => check([loop("i", 6, [store("out", ["i"], zero)])])).not.toThrow();
  });
  test("a subscript over nothing", () => {
    expect(refusal([store("out", ["i"], zero)])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: i is not bound in i"`,
    );
  });
  test("a subscript over a loop that is over", () => {
    expect(refusal([loop("i", 6, []), store("out", ["i"], zero)])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: i is not bound in i"`,
    );
  });
  test("a guard over nothing", () => {
    expect(refusal([when(["j"], [])])).toMatchInlineSnapshot(`"invalid-schedule: kernel tiny: j is not bound in j"`);
  });
  test("an index over nothing, and an index used before it is known", () => {
    expect(refusal([index("q", "j", 2, 5)])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: j is not bound in j"`,
    );
    expect(refusal([loop("i", 6, [store("out", ["q"], zero), index("q", "i", 1, 5)])])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: q is not bound in q"`,
    );
  });
  test("an unknown buffer", () => {
    expect(refusal([store("out", ["0"], at("y", "0"))])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: no buffer y"`,
    );
    expect(refusal([store("acc", ["0"], zero)])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: no buffer acc"`,
    );
  });
  test("a buffer after its allocation", () => {
    const inside = [store("acc", ["0"], zero)];
    expect(() => check([alloc("acc", [1], "local", inside)])).not.toThrow();
    expect(refusal([alloc("acc", [1], "local", []), ...inside])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: no buffer acc"`,
    );
  });
  test("locals", () => {
    expect(() => check([declare("a", zero), set("a", plus(local("a"), number(1)))])).not.toThrow();
    expect(refusal([set("a", zero)])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: a is set without a declaration"`,
    );
    expect(refusal([loop("i", 2, [declare("a", zero)]), store("out", ["0"], local("a"))])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: a is not a local of 1 lanes here"`,
    );
  });
});

describe("ranges", () => {
  test("one past the end, one before the beginning", () => {
    expect(refusal([loop("i", 7, [store("out", ["i"], zero)])])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: out[i] may leave 0..5 in dimension 0"`,
    );
    expect(refusal([loop("i", 6, [store("out", ["i - 1"], zero)])])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: out[i - 1] may leave 0..5 in dimension 0"`,
    );
  });
  test("each dimension by itself: [0, 8] is not [1, 0]", () => {
    const read = (column: string) => [loop("i", 8, [store("out", ["0"], at("x", "0", column))])];
    expect(() => check(read("i"))).not.toThrow();
    expect(refusal(read("i + 1"))).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: x[0, i + 1] may leave 0..7 in dimension 1"`,
    );
  });
  test("a guard makes a subscript certain", () => {
    const read = store("out", ["0"], at("x", "i - 2", "0"));
    expect(() => check([loop("i", 9, [when(["i - 2", "5 - i"], [read])])])).not.toThrow();
    expect(refusal([loop("i", 9, [when(["i - 2", "6 - i"], [read])])])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: x[i - 2, 0] may leave 0..3 in dimension 0"`,
    );
    expect(refusal([loop("i", 9, [when(["i - 2"], [read])])])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: x[i - 2, 0] may leave 0..3 in dimension 0"`,
    );
  });
  test("a guard holds in its body and not in what happens otherwise", () => {
    const read = store("out", ["0"], at("x", "i", "0"));
    expect(() => check([loop("i", 9, [when(["3 - i"], [read])])])).not.toThrow();
    expect(refusal([loop("i", 9, [when(["3 - i"], [], [read])])])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: x[i, 0] may leave 0..3 in dimension 0"`,
    );
    expect(refusal([loop("i", 9, [when(["3 - i"], []), read])])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: x[i, 0] may leave 0..3 in dimension 0"`,
    );
  });
  test("a guard implies what lies above it", () => {
    // i - j >= 0 makes i - j + 1 >= 0.
    const read = store("out", ["i - j + 1"], zero);
    expect(() => check([loop("i", 5, [loop("j", 3, [when(["i - j"], [read])])])])).not.toThrow();
  });
  test("a guard implies nothing that lies above it only sometimes", () => {
    const read = store("out", ["i - j + k - 1"], zero);
    const body = [loop("i", 5, [loop("j", 3, [loop("k", 3, [when(["i - j"], [read])])])])];
    expect(refusal(body)).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: out[i - j + k - 1] may leave 0..5 in dimension 0"`,
    );
  });
  test("an index lies in its stated range, if its value does not say more", () => {
    const split = (divisor: number) => [loop("f", 24, [index("q", "f", divisor, 5), store("out", ["q"], zero)])];
    expect(() => check(split(4))).not.toThrow();
    expect(() => check(split(1))).not.toThrow(); // 0..5 is a promise that running the kernel would check
    const beyond = [loop("f", 24, [index("q", "f", 4, 9), store("out", ["q + 1"], zero)])];
    expect(refusal(beyond)).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: out[q + 1] may leave 0..5 in dimension 0"`,
    );
  });
  test("parts of a loop make up the loop", () => {
    // By their ranges alone 4*y + x could be 7.
    const parts = [index("y", "i", 4, 1), index("x", "i - 4*y", 1, 3)];
    expect(() => check([loop("i", 6, [...parts, store("out", ["4*y + x"], zero)])])).not.toThrow();
    expect(refusal([loop("i", 6, [...parts, store("out", ["2*i - 2*y"], zero)])])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: out[2*i - 2*y] may leave 0..5 in dimension 0"`,
    );
    expect(refusal([loop("i", 7, [...parts, store("out", ["4*y + x"], zero)])])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: out[x + 4*y] may leave 0..5 in dimension 0"`,
    );
  });
  test("vectors must fit with all lanes", () => {
    const copy = (extent: number) => [loop("i", extent, [store("out", ["0"], load("x", [form("0"), form("i")], 4))])];
    const lanes = (body: Stmt[]) => body.map((stmt) => loop("j", 1, [stmt]));
    expect(() => check(lanes(copy(5)))).not.toThrow();
    expect(refusal(lanes(copy(6)))).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: x[0, i] may leave 0..7 in dimension 1"`,
    );
  });
  test("a loop that never runs is not held to anything", () => {
    expect(() => check([loop("i", 0, [store("out", ["i + 99"], zero)])])).not.toThrow();
  });
});

describe("lanes", () => {
  const vector = load("x", [form("0"), form("0")], 4);
  test("operands agree", () => {
    expect(() => check([declare("a", fma(vector, splat(at("x", "0", "0"), 4), number(0, 4)))])).not.toThrow();
    expect(refusal([declare("a", multiply(vector, at("x", "0", "0")))])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: a binary mixes lanes"`,
    );
  });
  test("a local is used with the lanes it was declared with", () => {
    expect(refusal([declare("a", vector), store("out", ["0"], local("a"))])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: a is not a local of 1 lanes here"`,
    );
    expect(refusal([declare("a", vector), set("a", zero)])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: a is set without a declaration"`,
    );
  });
});

describe("what was removed stays removed", () => {
  const LEFT_OVER: readonly (readonly [Construct, readonly Stmt[]])[] = [
    ["partition marks", [loop("i", 6, [store("out", ["i"], zero)], "partition")]],
    ["unrolled loops", [loop("i", 6, [store("out", ["i"], zero)], "unrolled")]],
    ["vectorized loops", [loop("i", 4, [store("out", ["i"], zero)], "vectorized")]],
    // An outermost one that stands alone may stay: it is what threads share.
    ["parallel loops", [loop("i", 6, [store("out", ["i"], zero)], "parallel"), store("out", ["0"], zero)]],
    ["parallel loops", [loop("i", 6, [loop("j", 1, [store("out", ["i"], zero)], "parallel")])]],
    ["parallel loops", [loop("i", 6, [store("out", ["i"], zero)], "invocation.x")]],
    ["register buffers", [alloc("acc", [1], "register", [])]],
    ["subscript lists", [store("out", ["0"], at("x", "0", "0"))]],
  ];
  test.each(LEFT_OVER)("%s", (construct, body) => {
    expect(() => check(body)).not.toThrow();
    expect(refusal(body, construct)).toContain(`: ${construct} should have been removed`);
  });
});

test("an outermost parallel loop that stands alone may stay", () => {
  expect(() => check([loop("i", 6, [store("out", ["i"], zero)], "parallel")], "parallel loops")).not.toThrow();
});

describe("the compiler's own kernels", () => {
  test("every guard and every range is needed", () => {
    // Dropping any one guard form of the padded kernel leaves some read unproven.
    const { run } = lowerProgram(programOf(specWith({ rate: 2 })), {}, JS, {
      watch: (pass, seen) => void (pass === "nest" && nests.push(seen)),
    });
    expect(run.length).toBe(1);
    const [nest] = nests;
    if (!nest) throw new Error("no nest was seen");
    expect(() => verify(nest)).not.toThrow();
    let dropped = 0;
    const without = (body: readonly Stmt[], drop: number): readonly Stmt[] =>
      body.map((stmt) => {
        if (stmt.kind === "for" || stmt.kind === "alloc") return { ...stmt, body: without(stmt.body, drop) };
        if (stmt.kind !== "if") return stmt;
        const guard = stmt.guard.filter(() => dropped++ !== drop);
        return { ...stmt, guard, body: without(stmt.body, drop) };
      });
    const attempt = (drop: number) => {
      dropped = 0;
      return { ...nest, body: without(nest.body, drop) };
    };
    expect(() => verify(attempt(-1))).not.toThrow();
    const forms = dropped;
    expect(forms).toBe(4);
    for (let drop = 0; drop < forms; drop++) {
      expect(errorOf(thrownBy(() => verify(attempt(drop))))).toContain("value[n, ");
    }
  });
});

const nests: Parameters<typeof verify>[0][] = [];
