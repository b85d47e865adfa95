/** Every directive alone, and with what it is made for: no schedule may change an answer. */
import { compile, interpret } from "tilewright";
import { describe, expect, test } from "vitest";
import type { Directive } from "../src/codegen/schedule.js";
import { JS } from "../src/codegen/target.js";
import type { OpSpec } from "../src/ir/ops/spec.js";
import { printKernel } from "../src/ir/print.js";
import { elementCount } from "../src/ir/program.js";
import { firstDifference, smallIntegers } from "./support/run.js";
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
  TARGET,
  unroll,
  vectorize,
  wrongIn,
} from "./support/schedules.js";

/** Sizes that few factors divide; padding on both sides; more than one image. */
const SPECS: Readonly<Record<string, OpSpec>> = {
  "SAME, rate 2": { op: "atrousConv2dTranspose", value: [2, 5, 7, 3], filters: [3, 3, 5, 3], rate: 2, padding: "SAME" },
  "VALID, even kernel, bias, relu": {
    op: "atrousConv2dTranspose",
    value: [1, 3, 4, 5],
    filters: [2, 4, 6, 5],
    rate: 1,
    padding: "VALID",
    bias: true,
    activation: "relu",
  },
  "an empty sum": {
    op: "atrousConv2dTranspose",
    value: [1, 3, 4, 0],
    filters: [2, 3, 5, 0],
    rate: 1,
    padding: "SAME",
    bias: true,
  },
};

const SCHEDULES: Readonly<Record<string, readonly Directive[]>> = {
  "in order": [],
  "split, exact": [split("n", 1, ["no", "ni"])],
  "split, guard": [split("ox", 4, ["oxo", "oxi"])],
  "split, guard, a factor beyond the axis": [split("oy", 16, ["oyo", "oyi"])],
  "split, guard, of a reduction": [split("ic", 2, ["ico", "ici"])],
  "split, guard, of a split": [split("ox", 3, ["a", "b"]), split("b", 2, ["c", "d"])],
  "split, roundUp, output channels over packed filters": [
    split("oc", 4, ["oco", "ocu"], "roundUp"),
    pack("ky kx ic oco ocu"),
  ],
  "split, shiftInwards": [split("ox", 3, ["oxo", "oxi"], "shiftInwards")],
  "split, shiftInwards, of two axes": [
    split("oy", 2, ["oyo", "oyi"], "shiftInwards"),
    split("oc", 4, ["oco", "ocu"], "shiftInwards"),
  ],
  "fuse, output": [fuse("oy", "ox", "p")],
  "fuse, twice": [fuse("n", "oy", "p"), fuse("p", "ox", "q")],
  "fuse, reduction": [fuse("ky", "kx", "k")],
  "fuse, and split with a guard": [fuse("oy", "ox", "p"), split("p", 4, ["po", "pi"])],
  "fuse, and split inwards": [fuse("oy", "ox", "p"), split("p", 4, ["po", "pi"], "shiftInwards")],
  "fuse of what was split": [split("ox", 2, ["oxo", "oxi"]), fuse("oy", "oxo", "p")],
  "reorder, outputs": [reorder("oc ox oy n")],
  "reorder, reductions": [reorder("ic ky kx")],
  "reorder, a sum around its outputs": [reorder("ky kx ic n oy ox oc")],
  "reorder, a register tile": [split("ox", 2, ["oxo", "oxi"]), reorder("n oy oxo ky kx ic oxi oc")],
  "unroll, output": [unroll("oc")],
  "unroll, reduction": [unroll("kx")],
  "unroll, a tile of a fused axis": [fuse("oy", "ox", "p"), split("p", 3, ["po", "pi"]), unroll("pi")],
  "unroll, four loops deep": ["oc", "ky", "kx", "ic"].map(unroll),
  "vectorize, innermost, packed": [
    split("oc", 4, ["oco", "ocv"], "roundUp"),
    reorder("n oy ox oco ky kx ic ocv"),
    pack("ky kx ic oco ocv"),
    vectorize("ocv"),
  ],
  "vectorize, with a tail of its own": [
    split("oc", 4, ["oco", "ocv"]),
    reorder("n oy ox oco ky kx ic ocv"),
    pack("ky kx ic oco ocv"),
    vectorize("ocv"),
  ],
  "vectorize, an extent that is no vector": [split("oc", 3, ["oco", "ocv"]), reorder("ky kx ic ocv"), vectorize("ocv")],
  "vectorize, a sum in lanes": [split("ic", 1, ["ico", "icv"]), reorder("n oy ox oc ky kx ico icv"), vectorize("icv")],
  "vectorize, a sum in lanes, whole and packed": [pack("oc ky kx ic"), vectorize("ic")],
  "vectorize, a sum in lanes, tiled": [
    split("ox", 2, ["oxo", "oxi"]),
    reorder("n oy oxo oc ky kx oxi ic"),
    unroll("oxi"),
    vectorize("ic"),
  ],
  "peel, a row": [peel("ox")],
  "peel, tiles": [
    split("ox", 3, ["oxo", "oxi"]),
    reorder("oxo oc ky kx ic oxi"),
    ...["kx", "oxi"].map(unroll),
    peel("oxo"),
  ],
  "peel, a tap": [peel("kx")],
  "peel, a reduction around outputs": [reorder("ky kx ic n oy ox oc"), peel("kx")],
  parallel: [parallel("oy")],
  "parallel, of a fused axis": [fuse("n", "oy", "p"), parallel("p")],
  "partition, one axis": [partition("ox")],
  "partition, all": ["oy", "ox", "ky", "kx"].map(partition),
  "partition, of tiles": [
    split("ox", 3, ["oxo", "oxi"]),
    reorder("oxo oc ky kx ic oxi"),
    unroll("oxi"),
    partition("oxo"),
  ],
  "partition, of a split reduction": [split("ic", 2, ["ico", "ici"]), partition("ico")],
  "bind, without any cache": [bind("oy", "workgroup.y"), bind("ox", "invocation.x")],
  "accumulate, outermost reduction": [accumulate("ky")],
  "accumulate, blocks of channels": [split("ic", 2, ["ico", "ici"]), reorder("ico ky kx ici"), accumulate("ico")],
  "accumulate, under a tail": [split("ox", 4, ["oxo", "oxi"]), reorder("n oy oxo ky kx ic oxi oc"), accumulate("kx")],
  "accumulate, around the outputs": [reorder("ky kx ic n oy ox oc"), accumulate("ky")],
  "accumulate, in a fused reduction with a tail": [
    fuse("ky", "kx", "k"),
    split("k", 2, ["ko", "ki"]),
    reorder("ko ki n oy ox oc ic"),
    accumulate("ki"),
  ],
  "pack, as it is read": [pack("oc ky kx ic")],
  "pack, into split axes": [
    split("oc", 2, ["oco", "ocu"]),
    split("ic", 2, ["ico", "ici"]),
    pack("oco ky kx ico ici ocu"),
  ],
  "cache, local, the value per row": [cache("value", "oy")],
  "cache, local, the value per tap": [cache("value", "ky")],
  "cache, local, the filters once": [cache("filters", "n")],
  "cache, local, of packed filters": [
    split("oc", 2, ["oco", "ocu"]),
    pack("oco ky kx ic ocu"),
    cache("convFilters", "oco"),
  ],
  "cache, local, both": [cache("filters", "oc"), cache("value", "ox")],
  "cache, local, under a tail": [split("ox", 4, ["oxo", "oxi"]), reorder("oxo oc ky kx ic oxi"), cache("value", "oxo")],
  "cache, local, in tiles that shift": [split("ox", 3, ["oxo", "oxi"], "shiftInwards"), cache("value", "oxo")],
  "cache, local, inside the tile": [reorder("oy ky kx ic ox oc"), cache("filters", "ox")],
  "names that kernels use for themselves": [split("ox", 2, ["at0", "at1"]), split("oc", 2, ["c1", "occ1"])],
};

describe.each(Object.entries(SPECS))("%s", (_, spec) => {
  test.each(Object.entries(SCHEDULES))("%s", async (_, directives) => {
    const { byPass, failure } = roadsOf(spec, conv(...directives));
    if (failure) throw failure;
    for (const pass of ["nest", "bindLaunch"]) {
      const kernels = byPass.get(pass) ?? [];
      expect(kernels.length).toBeGreaterThan(0);
      expect(wrongIn(kernels, spec), `${pass}\n${kernels.map(printKernel).join("\n")}`).toBeUndefined();
    }
    for (const target of ["js", "wasm"] as const) {
      const kernel = await compile(spec, { target, schedule: conv(...directives) });
      const value = smallIntegers(elementCount(spec.value), 1);
      const filters = smallIntegers(elementCount(spec.filters), 2);
      const bias = spec.bias ? smallIntegers(kernel.outputShape[3] as number, 3) : undefined;
      const out = kernel.output.fill(Number.NaN);
      kernel.runSync(value, kernel.prepare(filters, bias), out);
      expect(firstDifference([...out], [...interpret(spec, value, filters, bias)]), target).toBeUndefined();
    }
  });
});

describe("directives show in the kernel", () => {
  const [spec] = Object.values(SPECS) as [OpSpec];
  const nestOf = (directives: readonly Directive[], pass = "nest") => {
    const { byPass, failure } = roadsOf(spec, conv(...directives));
    if (failure) throw failure;
    return byPass.get(pass)?.map(printKernel).join("\n");
  };

  test("a vector of channels is loaded, multiplied and stored as one", () => {
    const whole: OpSpec = { ...spec, filters: [3, 3, 8, 3] };
    const { byPass } = roadsOf(whole, conv(...(SCHEDULES["vectorize, innermost, packed"] ?? [])));
    const lowered = byPass.get("bindLaunch")?.map(printKernel).join("\n");
    expect(lowered).toMatch(/acc_0 = fma\(splat\(value\[.*\]\), convFilters\[.*\]:4, acc_0:4\)/);
    expect(lowered).toMatch(/output\[.*\]:4 = acc_0:4/);
  });
  test("partitioned loops have a steady state without guards", () => {
    const guards = (directives: readonly Directive[]) => nestOf(directives, "bindLaunch")?.match(/if /g)?.length ?? 0;
    expect(nestOf([partition("ox")], "partitionLoops")).not.toBe(nestOf([partition("ox")]));
    expect(guards([partition("ox")])).toBeGreaterThan(guards([]));
  });
  test("accumulated sums rest in memory between blocks", () => {
    const nest = nestOf(SCHEDULES["accumulate, blocks of channels"] ?? []);
    expect(nest).toContain("if -ico >= 0");
    expect(nest).toContain("convPartial[n, oy, ox, oc] = acc[]");
  });
  test("caches are copied once per iteration of their loop", () => {
    expect(nestOf([cache("value", "oy")])).toContain("alloc valueCache[1, ");
  });
  test("an empty axis leaves nothing, whatever the schedule", () => {
    for (const directives of Object.values(SCHEDULES)) {
      const { byPass, failure } = roadsOf({ ...spec, value: [0, 5, 7, 3] }, conv(...directives));
      expect(failure).toBeUndefined();
      const run = byPass.get("bindLaunch")?.at(-1);
      expect(run?.name).toBe("conv");
      expect(run?.body).toEqual([]);
    }
  });
});

test("vectors are an offer: a target without them writes the lanes out", () => {
  const [spec] = Object.values(SPECS) as [OpSpec];
  const { byPass, failure } = roadsOf(spec, conv(...(SCHEDULES["vectorize, innermost, packed"] ?? [])), JS);
  expect(failure).toBeUndefined();
  expect(TARGET.lanes).toBe(4);
  expect(wrongIn(byPass.get("bindLaunch") ?? [], spec)).toBeUndefined();
});
