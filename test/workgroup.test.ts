/**
 * Caches that a workgroup shares: boxes copied by all invocations together, between two barriers. On a target with workgroups they
 * are interpreted all the way; on one without, which refuses them in the end, as they stand before they would be launched.
 */
import { describe, expect, test } from "vitest";
import type { Directive } from "../src/codegen/schedule.js";
import { DEFAULT_LIMITS, wgslTarget } from "../src/codegen/target.js";
import { programOf } from "../src/ir/ops/index.js";
import type { OpSpec } from "../src/ir/ops/spec.js";
import { printKernel } from "../src/ir/print.js";
import type { LoopKernel, Stmt } from "../src/ir/stmt.js";
import { rewriteBody, statements, withBody } from "../src/ir/visit.js";
import { errorOf } from "./support/errors.js";
import { roadOf, wrongPass } from "./support/programs.js";
import { bind, cache, conv, fuse, pack, reorder, roadsOf, split, unroll, wrongIn } from "./support/schedules.js";

const SPECS: readonly OpSpec[] = [
  { op: "atrousConv2dTranspose", value: [1, 5, 7, 3], filters: [3, 3, 4, 3], rate: 2, padding: "SAME" },
  {
    op: "atrousConv2dTranspose",
    value: [2, 3, 4, 2],
    filters: [2, 3, 5, 2],
    rate: 1,
    padding: "VALID",
    bias: true,
    activation: "relu",
  },
];

/** Tiles of 2x3 pixels; rows and columns that no tile divides, so some invocations have nothing to store. */
const TILES: readonly Directive[] = [
  split("oy", 2, ["oyo", "oyi"]),
  split("ox", 3, ["oxo", "oxi"]),
  reorder("n oyo oxo oyi oxi"),
  bind("oyo", "workgroup.y"),
  bind("oxo", "workgroup.x"),
  bind("oyi", "invocation.y"),
  bind("oxi", "invocation.x"),
];

const SCHEDULES: Readonly<Record<string, readonly Directive[]>> = {
  "the value per tap": [...TILES, cache("value", "ky", "workgroup")],
  "the value per column of taps": [...TILES, cache("value", "kx", "workgroup")],
  "the value per channel": [...TILES, reorder("ic ky kx"), cache("value", "ic", "workgroup")],
  "the filters per channel": [...TILES, cache("filters", "oc", "workgroup")],
  "the filters per tap": [...TILES, cache("filters", "kx", "workgroup")],
  "packed filters per tap": [...TILES, pack("ky kx ic oc"), cache("convFilters", "ky", "workgroup")],
  "a register tile in each invocation": [
    ...TILES,
    split("oc", 2, ["oco", "ocu"]),
    reorder("oco ky kx ic ocu"),
    unroll("ocu"),
    cache("filters", "ky", "workgroup"),
  ],
  "invocations of a fused axis": [
    fuse("oy", "ox", "p"),
    split("p", 5, ["po", "pi"]),
    bind("po", "workgroup.x"),
    bind("pi", "invocation.x"),
    cache("filters", "ky", "workgroup"),
  ],
};

const GPU = wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" });

/** The kernels as they are right before launch, on a target that has none. */
function launched(spec: OpSpec, directives: readonly Directive[], pass = "hoistAddresses"): readonly LoopKernel[] {
  const { byPass, failure } = roadsOf(spec, conv(...directives));
  expect(errorOf(failure)).toBe(
    "invalid-schedule: conv has barriers, but this target has no workgroups; cache in local memory",
  );
  return byPass.get(pass) ?? [];
}

const barriersOf = (kernel: LoopKernel): number =>
  [...statements(kernel.body)].filter((stmt) => stmt.kind === "barrier").length;

function withoutBarrier(kernel: LoopKernel, drop: number): LoopKernel {
  let seen = 0;
  const dropped = (stmt: Stmt): readonly Stmt[] => (stmt.kind === "barrier" && seen++ === drop ? [] : [stmt]);
  return withBody(kernel, rewriteBody(kernel.body, dropped));
}

/** What goes wrong, in words: a wrong number or an error. */
function trouble(kernels: readonly LoopKernel[], spec: OpSpec): string | undefined {
  try {
    return wrongIn(kernels, spec);
  } catch (error) {
    return errorOf(error);
  }
}

describe.each(SPECS)("$value with $filters", (spec) => {
  test.each(Object.entries(SCHEDULES))("%s", (_, directives) => {
    for (const pass of ["nest", "hoistAddresses"]) {
      const kernels = launched(spec, directives, pass);
      expect(wrongIn(kernels, spec), kernels.map(printKernel).join("\n")).toBeUndefined();
    }
  });

  test.each(Object.entries(SCHEDULES))("%s, on the road to WGSL", (_, directives) => {
    const program = programOf(spec);
    expect(wrongPass(program, roadOf(program, conv(...directives), GPU))).toBeUndefined();
  });

  test.each(Object.entries(SCHEDULES))("%s: either barrier is needed", (_, directives) => {
    const kernels = launched(spec, directives);
    const last = kernels.at(-1);
    if (!last) throw new Error("no kernel was seen");
    expect(barriersOf(last)).toBe(2);
    for (const drop of [0, 1]) {
      const crippled = [...kernels.slice(0, -1), withoutBarrier(last, drop)];
      expect(trouble(crippled, spec), `barrier ${drop} can be dropped:\n${printKernel(last)}`).toBeDefined();
    }
  });
});

describe("the kernel", () => {
  const [spec] = SPECS as [OpSpec];
  const textOf = (name: string) =>
    launched(spec, SCHEDULES[name] ?? [], "nest")
      .map(printKernel)
      .join("\n");

  test("allocates what is shared outside the invocations, and copies together", () => {
    expect(textOf("the value per tap")).toMatchInlineSnapshot(`
      "kernel conv(value, filters, output) in f32
        for n < 1
          for oyo < 3 workgroup.y
            for oxo < 3 workgroup.x
              alloc valueCache[1, 2, 7, 3] workgroup
                for oyi < 2 invocation.y
                  for oxi < 3 invocation.x
                    for oc < 4
                      alloc acc[] register
                        acc[] = 0
                        for ky < 3
                          barrier
                          for valueCacheStep < 7
                            index valueCache0 = floor((oxi + 3*oyi + 6*valueCacheStep) / 42)
                            index valueCache1 = floor((oxi + 3*oyi - 42*valueCache0 + 6*valueCacheStep) / 21)
                            index valueCache2 = floor((oxi + 3*oyi - 42*valueCache0 - 21*valueCache1 + 6*valueCacheStep) / 3)
                            index valueCache3 = oxi + 3*oyi - 42*valueCache0 - 21*valueCache1 - 3*valueCache2 + 6*valueCacheStep
                            if -2*ky + 2*oyo + valueCache1 + 2 >= 0 and 2*ky - 2*oyo - valueCache1 + 2 >= 0 and 3*oxo + valueCache2 - 2 >= 0 and -3*oxo - valueCache2 + 8 >= 0
                              valueCache[valueCache0, valueCache1, valueCache2, valueCache3] = value[n + valueCache0, -2*ky + 2*oyo + valueCache1 + 2, 3*oxo + valueCache2 - 2, valueCache3]
                          barrier
                          for kx < 3
                            if -2*ky + oyi + 2*oyo + 2 >= 0 and 2*ky - oyi - 2*oyo + 2 >= 0 and -2*kx + oxi + 3*oxo + 2 >= 0 and 2*kx - oxi - 3*oxo + 4 >= 0 and -oyi - 2*oyo + 4 >= 0 and -oxi - 3*oxo + 6 >= 0
                              for ic < 3
                                acc[] = (acc[] + (valueCache[0, oyi, -2*kx + oxi + 4, ic] * filters[ky, kx, oc, ic]))
                        if -oyi - 2*oyo + 4 >= 0 and -oxi - 3*oxo + 6 >= 0
                          output[n, oyi + 2*oyo, oxi + 3*oxo, oc] = acc[]
      "
    `);
  });

  test("waits with guards that invocations disagree on until the barriers are passed", () => {
    const lines = textOf("the filters per tap")
      .split("\n")
      .map((line) => line.trim());
    const firstBarrier = lines.indexOf("barrier");
    const tailOfRows = lines.findIndex((line) => line.startsWith("if -oyi - 2*oyo + 4 >= 0"));
    expect(firstBarrier).toBeGreaterThan(0);
    expect(tailOfRows).toBeGreaterThan(firstBarrier);
  });

  test("two caches at one loop", () => {
    const both = [...TILES, cache("value", "ky", "workgroup"), cache("filters", "ky", "workgroup")];
    const kernels = launched(spec, both);
    expect(barriersOf(kernels.at(-1) as LoopKernel)).toBe(4);
    expect(wrongIn(kernels, spec)).toBeUndefined();
  });

  test("without invocations there is nobody to share with: the cache is local", () => {
    const { byPass, failure } = roadsOf(spec, conv(cache("value", "ky", "workgroup")));
    expect(failure).toBeUndefined();
    expect(barriersOf(byPass.get("nest")?.at(-1) as LoopKernel)).toBe(0);
    expect(wrongIn(byPass.get("bindLaunch") ?? [], spec)).toBeUndefined();
  });
});
