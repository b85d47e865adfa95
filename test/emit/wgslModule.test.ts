/** What a WebGPU module is made of beside its code: bindings, and the dispatches that share its workgroups. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileModule } from "../../src/codegen/compile.js";
import type { Lowered } from "../../src/codegen/lower.js";
import { renderWgslModule } from "../../src/codegen/module/renderWgsl.js";
import { renderWgsl } from "../../src/codegen/module/wgsl.js";
import { DEFAULT_LIMITS, wgslTarget } from "../../src/codegen/target.js";
import { number, plus, splat } from "../../src/ir/expr.js";
import type { WgslDispatch, WgslEntry, WgslModule } from "../../src/ir/module.js";
import type { LoopKernel, Stmt, Triple } from "../../src/ir/stmt.js";
import { directFacts } from "../support/algorithms.js";
import { specWith } from "../support/calls.js";
import { SEED } from "../support/effort.js";
import { at, buffer, kernel, loop, store } from "../support/kernels.js";
import { validate } from "../support/webgpu.js";

const BUFFERS = [buffer("x", [16], "input"), buffer("out", [16], "output")];
/** 2e10 operations are the most of one dispatch. */
const MOST = 2e10;

const copy = (to = "0"): Stmt => store("out", [to], at("x", "0"));
/** A workgroup that computes so much. */
const work = (operations: number): Stmt => loop("k", operations, [store("out", ["0"], plus(at("x", "0"), number(1)))]);

/** The body once for each workgroup, as if it had passed all passes. */
function launched([x, y, z]: Triple, body: readonly Stmt[], invocations: Triple = [1, 1, 1]): Lowered {
  const inZ = loop("c", z, body, "workgroup.z");
  const inY = loop("b", y, [inZ], "workgroup.y");
  const made: LoopKernel = {
    ...kernel(BUFFERS, [loop("a", x, [inY], "workgroup.x")], "f32"),
    addressing: "elements",
    launch: { workgroups: [x, y, z], invocations },
  };
  return made as Lowered;
}

const dispatchesOf = (workgroups: Triple, body: readonly Stmt[] = [copy()], along = 65_535): readonly WgslDispatch[] =>
  renderWgsl(launched(workgroups, body), "", along).dispatches;

const moduleOf = (...run: readonly WgslEntry[]): WgslModule => ({
  language: "wgsl",
  key: "",
  ...directFacts(specWith(), ""),
  buffers: BUFFERS,
  prepare: [],
  run,
});

describe("dispatches", () => {
  test("none where there is nothing to compute", async () => {
    const empty = { ...launched([3, 1, 1], []), body: [] } as LoopKernel as Lowered;
    const entry = renderWgsl(empty, "", 65_535);
    expect(entry.dispatches).toEqual([]);
    expect(await validate(moduleOf(entry))).toEqual([]);
    const none = compileModule(specWith({ value: [0, 4, 5, 2] }), {
      target: wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" }),
    });
    expect(none.run.map(({ dispatches }) => dispatches)).toEqual([[]]);
    expect(await validate(none)).toEqual([]);
  });

  test("one, normally", () => {
    expect(dispatchesOf([1, 1, 1])).toEqual([{ first: [0, 0, 0], count: [1, 1, 1] }]);
    expect(dispatchesOf([65_535, 7, 3])).toEqual([{ first: [0, 0, 0], count: [65_535, 7, 3] }]);
  });

  test("several where a dimension is too long, of equal length up to one", () => {
    expect(dispatchesOf([10, 1, 1], [copy()], 4)).toEqual([
      { first: [0, 0, 0], count: [4, 1, 1] },
      { first: [4, 0, 0], count: [4, 1, 1] },
      { first: [8, 0, 0], count: [2, 1, 1] },
    ]);
    expect(dispatchesOf([3, 5, 1], [copy()], 3)).toEqual([
      { first: [0, 0, 0], count: [3, 3, 1] },
      { first: [0, 3, 0], count: [3, 2, 1] },
    ]);
    expect(dispatchesOf([100_000, 1, 1]).map(({ count }) => count)).toEqual([
      [50_000, 1, 1],
      [50_000, 1, 1],
    ]);
  });

  test("several where there is too much to do, along the longest dimension", () => {
    expect(dispatchesOf([2, 10, 1], [work(MOST / 4)])).toEqual(
      [0, 2, 4, 6, 8].map((first) => ({ first: [0, first, 0], count: [2, 2, 1] })),
    );
    expect(dispatchesOf([2, 10, 1], [work(MOST / 20)])).toHaveLength(1);
    expect(dispatchesOf([2, 10, 1], [work(MOST / 19)])).toHaveLength(2);
  });

  test("one workgroup each where even two do too much", () => {
    expect(dispatchesOf([1, 1, 3], [work(MOST * 2)]).map(({ first, count }) => [...first, ...count])).toEqual([
      [0, 0, 0, 1, 1, 1],
      [0, 0, 1, 1, 1, 1],
      [0, 0, 2, 1, 1, 1],
    ]);
  });

  test("invocations, loops and lanes count as work, what runs once does not", () => {
    const count = (body: readonly Stmt[]) => dispatchesOf([20, 1, 1], body).length;
    const sum = (lanes: number) => plus(splat(at("x", "0"), lanes), number(1, lanes));
    const vectors = loop("k", MOST / 80, [store("out", ["0"], sum(4))]);
    expect(count([vectors])).toBe(1);
    expect(count([vectors, store("out", ["4"], sum(4))])).toBe(2);
    expect(count([loop("i", 2, [vectors], "invocation.x")])).toBe(2);
    expect(count([loop("k", MOST / 20, [store("out", ["0"], sum(1))])])).toBe(1);
    expect(count([loop("k", MOST, [copy()])])).toBe(1); // copies compute nothing
  });

  test("together they are all workgroups, each exactly once, and none is longer than it may be", () => {
    const size = fc.integer({ min: 1, max: 12 });
    const cases = fc.record({ x: size, y: size, z: size, along: fc.integer({ min: 1, max: 14 }), share: size });
    let several = 0;
    fc.assert(
      fc.property(cases, ({ x, y, z, along, share }) => {
        const all = x * y * z;
        const dispatches = dispatchesOf([x, y, z], [work(Math.ceil(MOST / share))], along);
        const seen = new Set<string>();
        for (const { first, count } of dispatches) {
          for (const length of count) expect(length >= 1 && length <= along).toBe(true);
          for (let a = 0; a < count[0]; a++)
            for (let b = 0; b < count[1]; b++)
              for (let c = 0; c < count[2]; c++) seen.add([first[0] + a, first[1] + b, first[2] + c].join());
        }
        const covered = dispatches.reduce((sum, { count: [a, b, c] }) => sum + a * b * c, 0);
        expect([covered, seen.size]).toEqual([all, all]);
        for (const place of seen) {
          const [a = 0, b = 0, c = 0] = place.split(",").map(Number);
          expect(a < x && b < y && c < z).toBe(true);
        }
        if (dispatches.length > 1) several++;
      }),
      { seed: SEED, numRuns: 300 },
    );
    expect(several).toBeGreaterThan(30);
  });
});

describe("code of several dispatches", () => {
  const entryOf = (along: number) => renderWgsl(launched([6, 2, 1], [copy("a + 6*b + c")]), "in order", along);

  test("reads where its workgroups begin, after all other bindings", async () => {
    const entry = entryOf(3);
    expect(entry.dispatches).toHaveLength(2);
    expect(entry.code).toMatchInlineSnapshot(`
      "// tilewright 0.1.0
      // in order
      @group(0) @binding(0) var<storage, read> x: array<f32, 16>;
      @group(0) @binding(1) var<storage, read_write> out: array<f32, 16>;
      @group(0) @binding(2) var<uniform> firstWorkgroup: vec4u;

      @compute @workgroup_size(1, 1, 1)
      fn tinyKernel(@builtin(workgroup_id) workgroupId: vec3u, @builtin(local_invocation_id) invocationId: vec3u) {
        let a = i32(workgroupId.x + firstWorkgroup.x);
        let b = i32(workgroupId.y + firstWorkgroup.y);
        let c = i32(workgroupId.z + firstWorkgroup.z);
        out[a + 6 * b + c] = x[0];
      }
      "
    `);
    // A host knows of the buffers alone; the binding after them is its own affair.
    expect(entry.bindings).toEqual([
      { buffer: "x", access: "read" },
      { buffer: "out", access: "read_write" },
    ]);
    expect(await validate(moduleOf(entry))).toEqual([]);
  });

  test("of one dispatch does not", async () => {
    const entry = entryOf(6);
    expect(entry.code).not.toContain("firstWorkgroup");
    expect(entry.code).toContain("let a = i32(workgroupId.x);");
    expect(await validate(moduleOf(entry))).toEqual([]);
  });

  test("adds it to workgroups, not to invocations", () => {
    const body = [loop("i", 4, [copy("i")], "invocation.z")];
    const { code } = renderWgsl(launched([6, 1, 1], body, [1, 1, 4]), "", 3);
    expect(code).toContain("@workgroup_size(1, 1, 4)");
    expect(code).toContain("let i = i32(invocationId.z);");
    expect(code).toContain("let a = i32(workgroupId.x + firstWorkgroup.x);");
  });
});

test("the entry point is nobody else's name, though a stage may be called like a buffer", () => {
  const entry = renderWgsl({ ...launched([1, 1, 1], [copy()]), name: "out" } as LoopKernel as Lowered, "", 9);
  expect(entry.name).toBe("outKernel");
  expect(entry.code).toContain("fn outKernel(");
});

test("nothing ends the comment at its top", () => {
  const code = renderWgslModule({
    version: "0",
    schedule: "a\nb\rc\u2028d",
    half: false,
    isDivided: false,
    name: "k",
    launch: { workgroups: [1, 1, 1], invocations: [1, 1, 1] },
    buffers: [],
    shared: [],
    own: [],
    launched: [],
    body: "",
  });
  expect(code).toContain("// a b c d\n");
});
