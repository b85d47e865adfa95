/** Directives that do not fit: each is refused by a sentence that names the stage, the directive and the rule. */
import { compile } from "tilewright";
import { describe, expect, test } from "vitest";
import type { Directive } from "../src/codegen/schedule.js";
import { printSchedule } from "../src/codegen/schedule.js";
import { TilewrightError } from "../src/ir/errors.js";
import { programOf } from "../src/ir/ops/index.js";
import type { OpSpec } from "../src/ir/ops/spec.js";
import { specWith } from "./support/calls.js";
import { errorOf, rejectionOf } from "./support/errors.js";
import {
  accumulate,
  bind,
  cache,
  conv,
  fuse,
  pack,
  parallel,
  partition,
  peel,
  reorder,
  roadsOf,
  split,
  unroll,
  vectorize,
} from "./support/schedules.js";

const spec: OpSpec = specWith({ value: [2, 5, 7, 3], filters: [3, 3, 5, 3] });
const refusal = (...directives: readonly Directive[]): string => errorOf(roadsOf(spec, conv(...directives)).failure);

describe("loops that do not exist", () => {
  const UNKNOWN: readonly Directive[] = [
    split("oz", 2, ["a", "b"]),
    fuse("oz", "oy", "a"),
    reorder("oy oz"),
    unroll("oz"),
    peel("oz"),
    vectorize("oz"),
    parallel("oz"),
    partition("oz"),
    bind("oz", "workgroup.x"),
    accumulate("oz"),
    cache("value", "oz"),
  ];
  test.each(UNKNOWN)("$do", (directive) => {
    expect(refusal(directive)).toBe(
      `invalid-schedule: conv: ${printSchedule(conv(directive)).replace("conv: ", "")}: there is no loop oz; ` +
        "there are n oy ox oc ky kx ic",
    );
  });
  test("a loop that was split is gone", () => {
    expect(refusal(split("ox", 2, ["a", "b"]), unroll("ox"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: unroll(ox): there is no loop ox; there are n oy a b oc ky kx ic"`,
    );
  });
  test("a stage that does not exist", () => {
    const { failure } = roadsOf(spec, { winograd: [unroll("oc")] });
    expect(errorOf(failure)).toMatchInlineSnapshot(
      `"invalid-schedule: atrousConv2dTranspose has no stage winograd; it has conv"`,
    );
  });
});

describe("split", () => {
  test.each([0, -2, 1.5, Number.NaN, 2 ** 60])("by %d", (by) => {
    expect(refusal(split("ox", by, ["a", "b"]))).toContain(`: a split needs an integer factor >= 1, not ${by}`);
  });
  test("a reduction rounded up", () => {
    expect(refusal(split("ic", 2, ["a", "b"], "roundUp"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: split(ic=2*a+b roundUp): a rounded-up reduction would sum terms that do not exist; use guard"`,
    );
  });
  test("a reduction shifted inwards", () => {
    expect(refusal(split("ic", 2, ["a", "b"], "shiftInwards"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: split(ic=2*a+b shiftInwards): only a space axis of at least one full tile can be shifted inwards; use guard or roundUp"`,
    );
  });
  test("an axis of less than one tile shifted inwards", () => {
    expect(refusal(split("oy", 8, ["a", "b"], "shiftInwards"))).toContain("of at least one full tile");
  });
  test("a fused axis rounded up", () => {
    expect(refusal(fuse("oy", "ox", "p"), split("p", 4, ["a", "b"], "roundUp"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: split(p=4*a+b roundUp): past its end p, which is fused, names no point; use guard or shiftInwards"`,
    );
  });
  test("rounding up where the reads would leave their buffer", () => {
    expect(refusal(split("oc", 4, ["a", "b"], "roundUp"), reorder("ky kx ic b"))).toMatchInlineSnapshot(
      `"invalid-schedule: kernel conv: filters[ky, kx, 4*a + b, ic] may leave 0..4 in dimension 2"`,
    );
  });
  test("a loop that has a kind already", () => {
    expect(refusal(unroll("ox"), split("ox", 2, ["a", "b"]))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: split(ox=2*a+b): ox is already unrolled"`,
    );
  });
  test("tiles that shift inwards stay one serial loop, outside every sum", () => {
    const shifted = split("ox", 3, ["a", "b"], "shiftInwards");
    expect(refusal(shifted, unroll("a"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: unroll(a): the tiles of a are shifted inwards and stay one serial loop"`,
    );
    expect(refusal(shifted, reorder("ky a"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: a shifts inwards and must stay outside every reduction loop"`,
    );
    expect(refusal(shifted, accumulate("ky"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: a shifts inwards and must stay outside every reduction loop"`,
    );
  });
  test("where the factor divides, a tail is no tail", () => {
    expect(roadsOf(spec, conv(split("ic", 3, ["a", "b"], "roundUp"))).failure).toBeUndefined();
    expect(roadsOf(spec, conv(split("oc", 5, ["a", "b"], "shiftInwards"), unroll("a"))).failure).toBeUndefined();
  });
});

describe("fuse", () => {
  test("loops that are not neighbours", () => {
    expect(refusal(fuse("oy", "oc", "p"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: fuse(oy oc=p): oc must be the loop directly inside oy"`,
    );
  });
  test("in the wrong order", () => {
    expect(refusal(fuse("ox", "oy", "p"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: fuse(ox oy=p): oy must be the loop directly inside ox"`,
    );
  });
  test("a loop with itself", () => {
    expect(refusal(fuse("ox", "ox", "p"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: fuse(ox ox=p): ox must be the loop directly inside ox"`,
    );
  });
  test("an output with a reduction", () => {
    expect(refusal(fuse("oc", "ky", "p"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: fuse(oc ky=p): an output axis cannot fuse with a reduction axis"`,
    );
  });
  test("loops of a kind", () => {
    expect(refusal(parallel("oy"), fuse("oy", "ox", "p"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: fuse(oy ox=p): oy is already parallel"`,
    );
  });
});

describe("kinds", () => {
  test("reductions side by side", () => {
    expect(refusal(parallel("ky"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: parallel(ky): ky is a reduction loop, whose iterations depend on each other"`,
    );
    expect(refusal(bind("kx", "invocation.x"))).toContain("kx is a reduction loop");
  });
  test("two kinds for one loop", () => {
    expect(refusal(parallel("oy"), unroll("oy"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: unroll(oy): oy is already parallel"`,
    );
  });
  test("one loop twice in an order", () => {
    expect(refusal(reorder("ox oy ox"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: order(ox oy ox): each loop may be named once"`,
    );
  });
  test("vectors that are not innermost", () => {
    expect(refusal(split("oc", 4, ["a", "b"]), vectorize("b"))).toMatchInlineSnapshot(
      `"invalid-schedule: b is vectorized and must be the innermost loop; reorder it"`,
    );
  });
  test("sums in lanes that are not innermost, have a tail, or would have to rest in memory", () => {
    const three = [
      [vectorize("kx")],
      [split("ic", 2, ["a", "b"]), vectorize("b")],
      [vectorize("ic"), accumulate("ky")],
      [accumulate("ic"), vectorize("ic")],
    ].map((directives) => refusal(...directives));
    expect(three).toMatchInlineSnapshot(`
      [
        "invalid-schedule: conv: kx is a vectorized reduction loop; it must be innermost, without a tail, and its sums cannot rest in memory",
        "invalid-schedule: conv: b is a vectorized reduction loop; it must be innermost, without a tail, and its sums cannot rest in memory",
        "invalid-schedule: conv: ic is a vectorized reduction loop; it must be innermost, without a tail, and its sums cannot rest in memory",
        "invalid-schedule: conv: ic is a vectorized reduction loop; it must be innermost, without a tail, and its sums cannot rest in memory",
      ]
    `);
  });
  test("vectors whose lanes are not adjacent", () => {
    expect(refusal(split("oc", 4, ["a", "b"]), reorder("ky kx ic b"), vectorize("b"))).toMatchInlineSnapshot(
      `"invalid-schedule: lanes of b are not adjacent in filters; pack the buffer or vectorize another axis"`,
    );
  });
  test("code without end", () => {
    const wide = roadsOf(specWith({ value: [1, 99, 999, 3], filters: [1, 1, 3, 3] }), conv(unroll("oy"), unroll("ox")));
    expect(errorOf(wide.failure)).toContain("Split it first");
  });
});

describe("accumulate, pack, cache", () => {
  test("accumulate at an output loop", () => {
    expect(refusal(accumulate("ox"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: accumulate(ox): ox is not a reduction loop"`,
    );
  });
  test("pack what the term does not read", () => {
    expect(refusal(pack("oc", "bias"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: pack(bias): the term must read it exactly once"`,
    );
    expect(refusal(pack("oc", "nothing"))).toContain("pack(nothing): the term must read it exactly once");
  });
  test("pack without a loop that it is subscripted by", () => {
    expect(refusal(pack("oc ky kx"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: pack(filters): the layout must name ic, which its subscripts depend on"`,
    );
  });
  test("pack by one loop twice", () => {
    expect(refusal(pack("oc ky kx ic oc"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: pack(filters): each loop may be named once"`,
    );
  });
  test("pack by loops that are none, or are fused", () => {
    expect(refusal(pack("oc ky kx ic oz"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: pack(filters): oz is no loop whose values can subscript an array"`,
    );
    const shifted = split("oc", 2, ["oco", "oci"], "shiftInwards");
    expect(refusal(shifted, pack("oco oci ky kx ic"))).toContain("oco is no loop whose values can subscript an array");
    expect(refusal(fuse("ky", "kx", "k"), pack("oc k ic"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: pack(filters): the layout must name ky, which its subscripts depend on"`,
    );
  });
  test("cache what is not read", () => {
    expect(refusal(cache("output", "oy"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: cache(output): the term must read it exactly once"`,
    );
    expect(refusal(pack("oc ky kx ic"), cache("filters", "oy"))).toContain("the term must read it exactly once");
    expect(refusal(cache("value", "oy"), cache("value", "ox"))).toContain("the term must read it exactly once");
  });
  test("a workgroup's cache around its invocations", () => {
    const outside = [bind("ox", "invocation.x"), cache("value", "oy", "workgroup")];
    expect(refusal(...outside)).toMatchInlineSnapshot(
      `"invalid-schedule: conv: cache(value): invocations share it, so ox must be outside oy"`,
    );
  });
});

describe("names", () => {
  test("of loops that are or were", () => {
    expect(refusal(split("ox", 2, ["oy", "a"]))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: split(ox=2*oy+a): the name oy is taken"`,
    );
    expect(refusal(split("ox", 2, ["ox", "a"]))).toContain("the name ox is taken");
    expect(refusal(split("ox", 2, ["a", "a"]))).toContain("the name a is taken");
    expect(refusal(fuse("oy", "ox", "oc"))).toContain("the name oc is taken");
  });
  test.each(["value", "filters", "output", "acc", "constructor", "for", "let", "eval", "arguments", "yield"])(
    "%s is in use",
    (name) => {
      expect(refusal(split("ox", 2, [name, "a"]))).toContain(`the name ${name} is taken`);
    },
  );
  test.each(["", "A", "valueCache", "1a", "a b", "a;b", "a_b", "é", "aaaaaaaaaaaaaaaaa", "a\nb", "__proto__"])(
    "%j is none",
    (name) => {
      expect(refusal(split("ox", 2, [name, "b"]))).toContain(
        `"${name}" is no loop name; use up to 16 small letters and digits`,
      );
      expect(refusal(fuse("oy", "ox", name))).toContain("is no loop name");
    },
  );
  test("all others are free", () => {
    expect(
      roadsOf(spec, conv(split("ox", 2, ["a", "z9"]), fuse("n", "oy", "aaaaaaaaaaaaaaaa"))).failure,
    ).toBeUndefined();
  });
});

describe("schedules from strangers", () => {
  const strange = globalThis as { pwned?: number };
  const injected = "x\nglobalThis.pwned = 1; //";
  const HOSTILE: readonly (readonly [string, unknown])[] = [
    ["a tail", { do: "split", axis: "oc", by: 5, into: ["a", "b"], tail: injected }],
    ["a place to bind to", { do: "bind", axis: "ox", to: injected }],
    ["a space to cache in", { do: "cache", buffer: "value", at: "oy", space: injected }],
    ["a carriage return", { do: "bind", axis: "ox", to: injected.replace("\n", "\r") }],
    ["a line separator", { do: "bind", axis: "ox", to: injected.replace("\n", "\u2028") }],
  ];
  test.each(HOSTILE)("no text of theirs gets anywhere: %s", async (_, directive) => {
    const schedule = conv(directive as Directive);
    expect(await rejectionOf(compile(spec, { target: "js", schedule }))).toMatchObject({ code: "invalid-schedule" });
    expect(strange.pwned).toBeUndefined();
  });

  test("a refusal leaves no kernel behind, and says so the same way twice", async () => {
    const attempt = async () => errorOf(await rejectionOf(compile(spec, { schedule: conv(unroll("oz")) })));
    expect(await attempt()).toBe(await attempt());
    expect(await rejectionOf(compile(spec, { schedule: conv(unroll("oz")) }))).toBeInstanceOf(TilewrightError);
  });
});

test("the stage they speak of is the program's", () => {
  expect(programOf(spec).run.map((stage) => stage.name)).toEqual(["conv"]);
});
