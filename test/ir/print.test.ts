/** Text for people: what `explain` and every snapshot show. */
import { expect, test } from "vitest";
import { binary, fma, load, local, multiply, number, plus, select, splat, unary } from "../../src/ir/expr.js";
import { programOf } from "../../src/ir/ops/index.js";
import { printExpr, printKernel, printProgram } from "../../src/ir/print.js";
import { specWith } from "../support/calls.js";
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

test("expressions", () => {
  const vector = load("x", [form("i"), form("2*j + 1")], 4);
  const shown = [
    number(-0.5),
    number(0, 4),
    local("acc_0", 4),
    vector,
    splat(at("y", "0"), 4),
    unary("negate", unary("exp", local("z"))),
    binary("divide", number(1), binary("subtract", local("a"), local("b"))),
    binary("minimum", binary("maximum", local("a"), number(0)), number(6)),
    plus(multiply(local("a"), local("b")), local("c")),
    fma(vector, splat(local("w"), 4), local("acc_0", 4)),
    select("lessEqual", plus(local("a"), local("b")), number(0), unary("erf", local("a")), number(-1)),
    select("less", local("a"), local("b"), select("equal", local("a"), number(1), local("b"), number(2)), local("a")),
  ];
  expect(shown.map(printExpr).join("\n")).toMatchInlineSnapshot(`
    "-0.5
    0:4
    acc_0:4
    x[i, 2*j + 1]:4
    splat(y[0])
    negate(exp(z))
    (1 / (a - b))
    minimum(maximum(a, 0), 6)
    ((a * b) + c)
    fma(x[i, 2*j + 1]:4, splat(w), acc_0:4)
    select((a + b) <= 0, erf(a), -1)
    select(a < b, select(a == 1, b, 2), a)"
  `);
});

test("every kind of statement", () => {
  const body = [
    loop("i", 4, [loop("j", 2, [store("out", ["i", "j"], number(0))], "partition")], "workgroup.x"),
    alloc("acc", [2, 3], "register", [
      index("q", "2*i + 1", 1, 9),
      index("r", "f", 3, 9),
      declare("a", number(0, 4)),
      set("a", plus(local("a"), at("acc", "q", "0"))),
      when(["i - 1", "4 - i"], [barrier], [store("out", ["0"], local("a", 4))]),
      when(["-i"], [loop("k", 3, [], "unrolled")]),
    ]),
  ];
  const buffers = [buffer("x", [3], "input"), buffer("out", [4, 2], "output")];
  expect(printKernel(kernel(buffers, body, "f32"))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f32
      for i < 4 workgroup.x
        for j < 2 partition
          out[i, j] = 0
      alloc acc[2, 3] register
        index q = 2*i + 1
        index r = floor((f) / 3)
        local a:4 = 0:4
        a = (a + acc[q, 0])
        if i - 1 >= 0 and -i + 4 >= 0
          barrier
        else
          out[0]:4 = a:4
        if -i >= 0
          for k < 3 unrolled
    "
  `);
});

test("a program", () => {
  const spec = specWith({ padding: "VALID", rate: 2, bias: true, activation: { kind: "leakyRelu", alpha: 0.1 } });
  expect(printProgram(programOf(spec))).toMatchInlineSnapshot(`
    "program atrousConv2dTranspose
    input value[1, 4, 5, 2] f32
    weights filters[3, 3, 3, 2] f32
    weights bias[3] f32
    output output[1, 8, 9, 3] f32
    run stage conv
      for    n < 1, oy < 8, ox < 9, oc < 3
      sum    ky < 3, kx < 3, ic < 2
      domain -2*ky + oy >= 0 and 2*ky - oy + 3 >= 0 and -2*kx + ox >= 0 and 2*kx - ox + 4 >= 0
      term   (value[n, -2*ky + oy, -2*kx + ox, ic] * filters[ky, kx, oc, ic])
      output[n, oy, ox, oc] = (maximum((sum + bias[oc]), 0) + (0.10000000149011612 * minimum((sum + bias[oc]), 0)))"
  `);
});

test("a domain that always holds is still said", () => {
  expect(printProgram(programOf(specWith({ filters: [1, 1, 3, 2] })))).toMatchInlineSnapshot(`
    "program atrousConv2dTranspose
    input value[1, 4, 5, 2] f32
    weights filters[1, 1, 3, 2] f32
    output output[1, 4, 5, 3] f32
    run stage conv
      for    n < 1, oy < 4, ox < 5, oc < 3
      sum    ky < 1, kx < 1, ic < 2
      domain -ky + oy >= 0 and ky - oy + 3 >= 0 and -kx + ox >= 0 and kx - ox + 4 >= 0
      term   (value[n, -ky + oy, -kx + ox, ic] * filters[ky, kx, oc, ic])
      output[n, oy, ox, oc] = sum"
  `);
});
