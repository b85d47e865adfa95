/**
 * bindLaunch: loops that may run side by side run in turn, unless they would wait for each other; on a GPU they make the launch,
 * within what the device allows.
 */
import { describe, expect, test } from "vitest";
import { bindLaunch } from "../../src/codegen/passes/bindLaunch.js";
import { DEFAULT_LIMITS, JS, type Target, type WorkgroupLimits, wgslTarget } from "../../src/codegen/target.js";
import { number } from "../../src/ir/expr.js";
import type { LoopKernel, LoopKind, Stmt } from "../../src/ir/stmt.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { alloc, at, barrier, buffer, kernel, loop, store, when } from "../support/kernels.js";
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

describe("with workgroups", () => {
  const targetWith = (change: Partial<WorkgroupLimits> = {}): Target =>
    wgslTarget({ limits: { ...DEFAULT_LIMITS, ...change }, storage: "f32" });
  const copy = (position: string): Stmt => store("out", [position], at("x", position));
  const textOf = (body: readonly Stmt[]): string =>
    after(bindLaunch, kernel(BUFFERS, body), { target: targetWith(), removed: ["parallel loops"] });
  const launchOf = (kernel: LoopKernel, change: Partial<WorkgroupLimits> = {}) =>
    bindLaunch(kernel, targetWith(change)).launch;
  const refusal = (body: readonly Stmt[], change: Partial<WorkgroupLimits> = {}, buffers = BUFFERS): string =>
    errorOf(thrownBy(() => launchOf(kernel(buffers, body, "f32"), change)));
  /** One loop in the other. */
  const nested = (...loops: readonly (readonly [extent: number, kind: LoopKind])[]): readonly Stmt[] =>
    loops.reduceRight<readonly Stmt[]>((body, [extent, kind], i) => [loop(`i${i}`, extent, body, kind)], [copy("0")]);

  test("loops that are bound stay as they are and say how large the launch is", () => {
    const inner = [loop("k", 4, [copy("16*i + 4*j + k")], "invocation.x")];
    const body = [loop("i", 3, [loop("j", 3, inner, "workgroup.y")], "workgroup.x")];
    expect(textOf(body)).toMatchInlineSnapshot(`
      "kernel tiny(x, out) in f64
        for i < 3 workgroup.x
          for j < 3 workgroup.y
            for k < 4 invocation.x
              out[16*i + 4*j + k] = x[16*i + 4*j + k]
      "
    `);
    expect(launchOf(kernel(BUFFERS, body))).toEqual({ workgroups: [3, 3, 1], invocations: [4, 1, 1] });
  });

  test("all six dimensions", () => {
    const body = nested(
      [2, "workgroup.x"],
      [3, "workgroup.y"],
      [4, "workgroup.z"],
      [5, "invocation.x"],
      [6, "invocation.y"],
      [7, "invocation.z"],
    );
    expect(launchOf(kernel(BUFFERS, body))).toEqual({ workgroups: [2, 3, 4], invocations: [5, 6, 7] });
  });

  test("nothing bound is one invocation; what was parallel runs in turn, shared outermost or not", () => {
    const body = [loop("i", 4, [loop("j", 2, [copy("2*i + j")], "parallel")], "parallel")];
    expect(textOf(body)).toMatchInlineSnapshot(`
      "kernel tiny(x, out) in f64
        for i < 4
          for j < 2
            out[2*i + j] = x[2*i + j]
      "
    `);
    expect(launchOf(kernel(BUFFERS, body))).toEqual({ workgroups: [1, 1, 1], invocations: [1, 1, 1] });
  });

  test("loops side by side may share a dimension where they are equally long", () => {
    const two = (second: number) => [
      loop(
        "w",
        2,
        [loop("i", 8, [copy("8*w + i")], "invocation.x"), loop("j", second, [copy("8*w + j")], "invocation.x")],
        "workgroup.x",
      ),
    ];
    expect(launchOf(kernel(BUFFERS, two(8)))).toEqual({ workgroups: [2, 1, 1], invocations: [8, 1, 1] });
    expect(refusal(two(4))).toMatchInlineSnapshot(
      `"invalid-schedule: tiny: loops of 8 and of 4 iterations are bound to invocation.x; bind one of them elsewhere"`,
    );
  });

  test("barriers are fine where invocations are", () => {
    const body = [loop("i", 4, [copy("i"), barrier, copy("i + 4")], "invocation.x")];
    expect(launchOf(kernel(BUFFERS, body))?.invocations).toEqual([4, 1, 1]);
  });

  describe("what no launch can be", () => {
    test("two loops of one dimension, one in the other, equally long or not", () => {
      expect(refusal(nested([4, "invocation.x"], [4, "invocation.x"]))).toMatchInlineSnapshot(
        `"invalid-schedule: tiny: two loops, one in the other, are bound to invocation.x; fuse them"`,
      );
      expect(refusal(nested([4, "workgroup.z"], [2, "invocation.x"], [3, "workgroup.z"]))).toMatchInlineSnapshot(
        `"invalid-schedule: tiny: two loops, one in the other, are bound to workgroup.z; fuse them"`,
      );
    });
    test("loops of other extents, whatever stands around them", () => {
      const body = [when(["0"], nested([4, "workgroup.y"]), [alloc("t", [1], "local", nested([5, "workgroup.y"]))])];
      expect(refusal(body)).toMatchInlineSnapshot(
        `"invalid-schedule: tiny: loops of 4 and of 5 iterations are bound to workgroup.y; bind one of them elsewhere"`,
      );
    });
  });

  describe("what the device does not allow", () => {
    test("more invocations, in all", () => {
      const team = (z: number) => nested([16, "invocation.x"], [8, "invocation.y"], [z, "invocation.z"]);
      expect(launchOf(kernel(BUFFERS, team(2)))?.invocations).toEqual([16, 8, 2]);
      expect(refusal(team(3))).toMatchInlineSnapshot(
        `"invalid-schedule: tiny: a workgroup of 384 invocations; this device allows 256. Bind shorter loops"`,
      );
      expect(refusal(team(2), { invocations: 128 })).toMatchInlineSnapshot(
        `"invalid-schedule: tiny: a workgroup of 256 invocations; this device allows 128. Bind shorter loops"`,
      );
    });
    test("more along one dimension", () => {
      expect(launchOf(kernel(BUFFERS, nested([64, "invocation.z"])))?.invocations).toEqual([1, 1, 64]);
      expect(refusal(nested([65, "invocation.z"]))).toMatchInlineSnapshot(
        `"invalid-schedule: tiny: 65 invocations along z; this device allows 64. Bind another dimension"`,
      );
      expect(refusal(nested([9, "invocation.y"]), { invocationsAlong: [256, 8, 64] })).toMatchInlineSnapshot(
        `"invalid-schedule: tiny: 9 invocations along y; this device allows 8. Bind another dimension"`,
      );
    });
    test("more workgroup memory, of all caches together and each counted once", () => {
      const caches = (count: number): Stmt[] => [
        alloc("t", [count, 2], "workgroup", [
          alloc("mine", [9999], "local", [loop("i", 2, [copy("i")], "invocation.x")]),
        ]),
        alloc("u", [96], "workgroup", [copy("9")]),
      ];
      const limits = { workgroupBytes: 1024 };
      expect(launchOf(kernel(BUFFERS, caches(80), "f32"), limits)).toBeDefined(); // 4 * (160 + 96)
      expect(refusal(caches(81), limits)).toMatchInlineSnapshot(
        `"invalid-schedule: tiny: its caches take 1032 bytes of workgroup memory; this device has 1024. Use smaller tiles"`,
      );
      const twice = [...caches(80), ...caches(80)];
      expect(launchOf(kernel(BUFFERS, twice, "f32"), limits)).toBeDefined();
    });
    test("more buffers", () => {
      const nine = [...BUFFERS, ...Array.from({ length: 7 }, (_, i) => buffer(`b${i}`, [1], "input"))];
      expect(launchOf(kernel(nine.slice(0, 8), [copy("0")]))).toBeDefined();
      expect(refusal([copy("0")], {}, nine)).toMatchInlineSnapshot(
        `"invalid-schedule: tiny: it binds 9 buffers; this device allows 8"`,
      );
    });
  });

  test("workgroups may be as many as they like: dispatches see to it", () => {
    expect(launchOf(kernel(BUFFERS, nested([100_000, "workgroup.x"])))?.workgroups).toEqual([100_000, 1, 1]);
  });
});
