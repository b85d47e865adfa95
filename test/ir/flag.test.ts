/** Flags, and buffers of whole vectors: what they mean, what is refused, and how they are shown. */
import { describe, expect, test } from "vitest";
import { load, number } from "../../src/ir/expr.js";
import { printKernel } from "../../src/ir/print.js";
import type { LoopKernel, Stmt } from "../../src/ir/stmt.js";
import { verify } from "../../src/ir/verify.js";
import { mapOwnForms, namesIn, substituteBody, variablesIn } from "../../src/ir/visit.js";
import { errorOf, thrownBy } from "../support/errors.js";
import {
  alloc,
  at,
  barrier,
  buffer,
  form,
  index,
  kernel,
  loop,
  run,
  store,
  vectorAt,
  when,
} from "../support/kernels.js";

const flag = (name: string, ...guard: readonly string[]): Stmt => ({ kind: "flag", name, guard: guard.map(form) });
const BUFFERS = [buffer("x", [8], "input"), buffer("out", [8], "output")];
const outputOf = (body: readonly Stmt[]) => run(kernel(BUFFERS, body)).out?.slice(0, 4);
const failure = (body: readonly Stmt[]) => errorOf(thrownBy(() => outputOf(body)));
const refusal = (body: readonly Stmt[]) => errorOf(thrownBy(() => verify(kernel(BUFFERS, body))));
const mark = (value: number, to = "i"): Stmt => store("out", [to], number(value));

describe("a flag", () => {
  test("is 0 where all forms of its guard hold, and -1 elsewhere", () => {
    const body = [loop("i", 4, [flag("f", "i - 1", "2 - i"), store("out", ["i"], at("x", "f + 1"))])];
    expect(outputOf(body)).toEqual([1, 2, 2, 1]); // x is 1, 2, 3 ..
  });
  test("is asked by guards, alone or beside other forms, and by other flags", () => {
    const body = [
      loop("i", 4, [
        flag("f", "i - 1"),
        flag("g", "f", "2 - i"),
        when(["f"], [mark(1)], [mark(9)]),
        when(["g", "i - 2"], [mark(2)]),
      ]),
    ];
    expect(outputOf(body)).toEqual([9, 1, 2, 1]);
  });
  test("of no forms always holds", () => {
    expect(outputOf([loop("i", 4, [flag("f"), when(["f"], [mark(1)], [mark(9)])])])).toEqual([1, 1, 1, 1]);
  });
  test("keeps what it was when what it asked about moves on", () => {
    const body = [
      loop("i", 2, [flag("f", "i - 1"), loop("k", 2, [when(["f"], [mark(1, "2*i + k")], [mark(9, "2*i + k")])])]),
    ];
    expect(outputOf(body)).toEqual([9, 9, 1, 1]);
  });
  test("is known for the rest of its body, and means what it did outside afterwards", () => {
    expect(failure([loop("i", 4, [flag("f", "i")]), mark(1, "f + 1")])).toContain("variable f is not bound");
    const body = [flag("f", "0"), loop("i", 2, [flag("f", "-1"), mark(1, "f + 1")]), mark(2, "f + 1")];
    expect(outputOf(body)).toEqual([1, 2, Number.NaN, Number.NaN]);
  });
  test("is each invocation's own", () => {
    const one = [flag("f", "i - 2"), barrier, when(["f"], [mark(1)], [mark(9)])];
    expect(outputOf([loop("i", 4, one, "invocation.x")])).toEqual([9, 9, 1, 1]);
  });
  test("may decide about a barrier where it is the same for all, and only there", () => {
    const body = (guard: string) => [
      loop("w", 2, [loop("i", 4, [flag("f", guard), when(["f"], [barrier, mark(1)])], "invocation.x")], "workgroup.x"),
    ];
    expect(outputOf(body("w - 1"))).toEqual([1, 1, 1, 1]);
    expect(failure(body("i - 1"))).toContain("invocations of i part ways at a barrier");
  });
});

describe("verify", () => {
  test("what a flag asks about must be known", () => {
    expect(refusal([flag("f", "0", "j")])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: j is not bound in j"`,
    );
    expect(refusal([loop("i", 2, [when(["f"], []), flag("f", "i")])])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: f is not bound in f"`,
    );
    expect(refusal([loop("i", 2, [flag("f", "i")]), when(["f"], [])])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: f is not bound in f"`,
    );
  });
  test("a flag is -1 or 0, and nothing else is known of it", () => {
    expect(() => verify(kernel(BUFFERS, [loop("i", 4, [flag("f", "i - 1"), mark(1, "7*f + 7")])]))).not.toThrow();
    expect(refusal([loop("i", 4, [flag("f", "i - 1"), mark(1, "f")])])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: out[f] may leave 0..7 in dimension 0"`,
    );
    expect(refusal([loop("i", 4, [flag("f", "i - 1"), mark(1, "f + 8")])])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: out[f + 8] may leave 0..7 in dimension 0"`,
    );
    // Its guard keeps no subscript in range: only a guard written out does, which flat offsets do without.
    expect(refusal([loop("i", 9, [flag("f", "7 - i"), when(["f"], [mark(1)])])])).toMatchInlineSnapshot(
      `"invalid-schedule: kernel tiny: out[i] may leave 0..7 in dimension 0"`,
    );
  });
});

test("it is shown, named, and rewritten like other statements", () => {
  const body = [loop("i", 4, [index("q", "i", 2, 1), flag("f", "q - 1", "2 - i"), when(["f"], [mark(1)])])];
  expect(printKernel(kernel(BUFFERS, body))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 4
        index q = floor((i) / 2)
        flag f = q - 1 >= 0 and -i + 2 >= 0
        if f >= 0
          out[i] = 1
    "
  `);
  expect([...namesIn(body)]).toEqual(["i", "q", "f"]);
  expect([...variablesIn([flag("f", "q - 1", "2 - i")])]).toEqual(["q", "i"]);
  const [moved] = substituteBody([flag("f", "q - 1")], new Map([["q", form("2*i + 3")]]));
  expect(moved).toEqual(flag("f", "2*i + 2"));
  expect(mapOwnForms(flag("f", "i"), () => form("7"))).toEqual(flag("f", "7"));
});

describe("buffers of whole vectors", () => {
  const counted = (body: readonly Stmt[], ...vectors: readonly string[]): LoopKernel => ({
    ...kernel(BUFFERS, body),
    addressing: "elements",
    vectors: new Set(vectors),
  });

  test("offsets count four numbers, in loads and in stores, of parameters and of allocations", () => {
    const body = [
      alloc("t", [8], "local", [
        loop("i", 2, [store("t", ["i"], vectorAt("x", "1 - i"))]),
        store("out", ["1"], vectorAt("t", "0")),
        store("out", ["0"], vectorAt("t", "1")),
      ]),
    ];
    expect(run(counted(body, "x", "t", "out")).out).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
  test("others beside them count numbers", () => {
    const body = [store("out", ["3"], vectorAt("x", "1")), store("out", ["0"], at("out", "6"))];
    expect(run(counted(body, "x")).out?.slice(0, 7)).toEqual([8, Number.NaN, Number.NaN, 5, 6, 7, 8]);
  });
  test("the last vector is the last that may be touched", () => {
    expect(errorOf(thrownBy(() => run(counted([store("out", ["0"], vectorAt("x", "2"))], "x"))))).toContain(
      "x: subscript 0 is 8 (+3), outside 0..7",
    );
    expect(errorOf(thrownBy(() => run(counted([store("out", ["-1"], vectorAt("x", "0"))], "out"))))).toContain(
      "out: subscript 0 is -4 (+3), outside 0..7",
    );
  });
  test("numbers of a vector are read with it", () => {
    const lane = { kind: "lane", value: load("x", [form("1")], 4), lane: 2, lanes: 1 } as const;
    expect(run(counted([store("out", ["0"], lane)], "x")).out?.[0]).toBe(7);
  });
});
