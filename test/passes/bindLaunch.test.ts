/** bindLaunch: loops that may run side by side run in turn, unless they would wait for each other. */
import { describe, expect, test } from "vitest";
import { bindLaunch } from "../../src/codegen/passes/bindLaunch.js";
import { JS, type Target } from "../../src/codegen/target.js";
import { number } from "../../src/ir/expr.js";
import type { Stmt } from "../../src/ir/stmt.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { alloc, at, barrier, buffer, kernel, loop, store } from "../support/kernels.js";
import { after, BYTEWISE } from "../support/passes.js";

const BUFFERS = [buffer("x", [64], "input"), buffer("out", [64], "output")];

test("in turn", () => {
  const inner = store("out", ["16*i + 4*j + k"], at("x", "16*i + 4*j + k"));
  const body = [loop("i", 3, [loop("j", 3, [loop("k", 4, [inner], "invocation.x")], "workgroup.y")], "parallel")];
  expect(after(bindLaunch, kernel(BUFFERS, body))).toMatchInlineSnapshot(`
    "kernel tiny(x, out) in f64
      for i < 3
        for j < 3
          for k < 4
            out[16*i + 4*j + k] = x[16*i + 4*j + k]
    "
  `);
});

test("a barrier cannot be taken in turn", () => {
  const body = [loop("i", 4, [store("out", ["i"], at("x", "i")), barrier], "invocation.x")];
  expect(errorOf(thrownBy(() => bindLaunch(kernel(BUFFERS, body), JS)))).toMatchInlineSnapshot(
    `"invalid-schedule: tiny has barriers, but this target has no workgroups; cache in local memory"`,
  );
});

describe("with threads", () => {
  const THREADS: Target = { ...BYTEWISE, threads: true };
  const shared = (...body: readonly Stmt[]) => after(bindLaunch, kernel(BUFFERS, body), { target: THREADS });
  const copy = (position: string): Stmt => store("out", [position], at("x", position));

  test("an outermost loop that stands alone stays parallel, those inside it run in turn", () => {
    const body = loop("i", 4, [loop("j", 3, [copy("4*i + j")], "parallel"), copy("4*i + 3")], "parallel");
    expect(shared(body)).toMatchInlineSnapshot(`
      "kernel tiny(x, out) in f64
        for i < 4 parallel
          for j < 3
            out[4*i + j] = x[4*i + j]
          out[4*i + 3] = x[4*i + 3]
      "
    `);
  });

  test("so does one with scratch memory, of which separateScratch has given each iteration its own", () => {
    const body = loop("i", 4, [alloc("t", [4], "local", [store("t", ["i"], number(2)), copy("i")])], "parallel");
    expect(shared(body)).toMatchInlineSnapshot(`
      "kernel tiny(x, out) in f64
        for i < 4 parallel
          alloc t[4] local
            t[i] = 2
            out[i] = x[i]
      "
    `);
  });

  test("one that has a neighbour does not: threads would not wait for it", () => {
    expect(shared(loop("i", 4, [copy("i")], "parallel"), copy("9"))).toMatchInlineSnapshot(`
      "kernel tiny(x, out) in f64
        for i < 4
          out[i] = x[i]
        out[9] = x[9]
      "
    `);
  });

  test("nor one inside another loop", () => {
    expect(shared(loop("i", 4, [loop("j", 3, [copy("4*i + j")], "parallel")]))).toMatchInlineSnapshot(`
      "kernel tiny(x, out) in f64
        for i < 4
          for j < 3
            out[4*i + j] = x[4*i + j]
      "
    `);
  });

  test("nor one that nobody marked", () => {
    expect(shared(loop("i", 4, [copy("i")]))).toMatchInlineSnapshot(`
      "kernel tiny(x, out) in f64
        for i < 4
          out[i] = x[i]
      "
    `);
    expect(shared(loop("i", 4, [copy("i")], "workgroup.x"))).toMatchInlineSnapshot(`
      "kernel tiny(x, out) in f64
        for i < 4
          out[i] = x[i]
      "
    `);
  });
});
