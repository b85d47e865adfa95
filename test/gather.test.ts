/**
 * Gathered caches: an element of its own for each that is read, zeros for what the sum leaves out, and tiles that no tap meets
 * passed over. Interpreted after every pass on the road to WGSL, and with each barrier and each guard left out in turn.
 */
import { describe, expect, test } from "vitest";
import { compileModule } from "../src/codegen/compile.js";
import type { Directive } from "../src/codegen/schedule.js";
import { DEFAULT_LIMITS, wgslTarget } from "../src/codegen/target.js";
import { type Affine, key, valueAt } from "../src/ir/affine.js";
import { type Expr, multiply, number, plus, unary } from "../src/ir/expr.js";
import { interpretKernel } from "../src/ir/interpretKernel.js";
import { programOf } from "../src/ir/ops/index.js";
import type { OpSpec } from "../src/ir/ops/spec.js";
import { printKernel } from "../src/ir/print.js";
import { elementCount, type Program } from "../src/ir/program.js";
import type { LoopKernel, Stmt } from "../src/ir/stmt.js";
import { rewriteBody, statements, withBody } from "../src/ir/visit.js";
import { specWith } from "./support/calls.js";
import { errorOf, thrownBy } from "./support/errors.js";
import { at, buffer, store } from "./support/kernels.js";
import { programWith, type Road, roadOf, stageOf, wrongPass } from "./support/programs.js";
import { givenFor } from "./support/run.js";
import { bind, cache, conv, fuse, pack, reorder, roadsOf, split, unroll, wrongIn } from "./support/schedules.js";

const GPU = wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" });

/** Channels that are whole vectors. */
const WHOLE: OpSpec = specWith({ value: [1, 4, 5, 4], filters: [3, 2, 4, 4], rate: 2 });
/** Channels that are none, and two images. */
const RAGGED: OpSpec = specWith({
  value: [2, 2, 3, 3],
  filters: [2, 2, 5, 3],
  padding: "VALID",
  bias: true,
  activation: "relu",
});
/** Two vectors of channels. */
const WIDE: OpSpec = { op: "conv2d", value: [2, 3, 3, 8], filters: [2, 3, 8, 4], rate: 1, padding: "SAME" };

const gather = (buffer: string, at: string, layout: string, space: "local" | "workgroup" = "workgroup"): Directive => ({
  do: "cache",
  buffer,
  at,
  space,
  layout: layout.split(" "),
});

/**
 * Pixels of all images as one axis, in tiles of `rows` times `team`, of which each invocation has every `team`-th. Neighbours
 * along y have other channels of the same pixels, and read the same values.
 */
const pixels = (rows: number, team: number, channels = 2): readonly Directive[] => [
  fuse("n", "oy", "r"),
  fuse("r", "ox", "p"),
  split("p", rows * team, ["po", "pi"]),
  split("pi", team, ["pu", "pt"]),
  split("oc", channels, ["oco", "oct"]),
  reorder("oco po oct pt pu"),
  bind("po", "workgroup.x"),
  bind("oco", "workgroup.y"),
  bind("oct", "invocation.y"),
  bind("pt", "invocation.x"),
];

const SCHEDULES: Readonly<Record<string, readonly Directive[]>> = {
  "the value per tap": [...pixels(2, 4), reorder("ky kx ic pu"), gather("value", "kx", "pu pt ic")],
  "the value per tap, channels outermost": [...pixels(2, 4), reorder("ky kx ic pu"), gather("value", "kx", "ic pu pt")],
  "the value per row of taps": [...pixels(2, 3), reorder("ky kx ic pu"), gather("value", "ky", "kx pu pt ic")],
  "the value per block of channels": [
    ...pixels(2, 4),
    split("ic", 2, ["ico", "ici"]),
    reorder("ky kx ico ici pu"),
    gather("value", "ico", "pt pu ici"),
  ],
  "the value per row of taps, in more steps than are staged": [
    ...pixels(20, 1),
    reorder("ky kx ic pu"),
    gather("value", "ky", "kx pu pt ic"),
  ],
  "the filters per tap": [...pixels(1, 5), reorder("ky kx ic pu"), gather("filters", "kx", "ic oct")],
  "value and filters together": [
    ...pixels(2, 3, 4),
    split("ic", 4, ["ico", "ici"]),
    reorder("ky kx ico ici pu"),
    gather("value", "ico", "pu pt ici"),
    gather("filters", "ico", "ici oct"),
  ],
  "filters of channels that are rounded up, past whose end there is nothing to read": [
    ...pixels(2, 3, 4).map((one) =>
      one.do === "split" && one.axis === "oc" ? { ...one, tail: "roundUp" as const } : one,
    ),
    reorder("ky kx ic pu"),
    gather("filters", "kx", "ic oct"),
    gather("value", "kx", "ic pu pt"),
  ],
  "value and filters, one of them in more steps than are staged": [
    ...pixels(20, 1),
    reorder("ky kx ic pu"),
    gather("value", "ky", "kx pu pt ic"),
    gather("filters", "ky", "kx oct ic"),
  ],
  "packed filters of a padded tile, in lanes": [
    ...pixels(2, 4, 4).map((one) =>
      one.do === "split" && one.axis === "oc" ? { ...one, tail: "roundUp" as const } : one,
    ),
    split("ic", 4, ["ico", "ici"]),
    reorder("ky kx ico ici pu"),
    unroll("ici"),
    unroll("pu"),
    pack("oco ky kx ico ici oct"),
    gather("value", "ico", "pu pt ici"),
    gather("convFilters", "ico", "ici oct"),
  ],
  "the value of each invocation in memory of its own": [
    ...pixels(2, 4),
    reorder("ky kx ic pu"),
    gather("value", "kx", "pu ic", "local"),
  ],
  "a gathered value beside a box of filters": [
    ...pixels(2, 4),
    reorder("ky kx ic pu"),
    gather("value", "kx", "pu pt ic"),
    cache("filters", "ky", "workgroup"),
  ],
};

const roads = new Map<string, Road>();
function roadFor(spec: OpSpec, directives: readonly Directive[]): Road {
  const id = JSON.stringify([spec, directives]);
  const road = roads.get(id) ?? roadOf(programOf(spec), conv(...directives), GPU);
  roads.set(id, road);
  return road;
}

/** Guards around the sum. */
const guardsOfSum = ({ byPass }: Road): string[] =>
  (byPass.get("nest") ?? [])
    .flatMap((kernel) => statements(kernel.body))
    .filter(
      (stmt) => stmt.kind === "if" && statements(stmt.body).some((one) => one.kind === "store" && one.buffer === "acc"),
    )
    .flatMap((stmt) => (stmt.kind === "if" ? stmt.guard.map(key) : []));

const isBarrier = (stmt: Stmt): boolean => stmt.kind === "barrier";
const waits = (stmt: Stmt): boolean => statements([stmt]).some(isBarrier);
const lastOf = ({ byPass }: Road, pass = "bindLaunch"): readonly LoopKernel[] => byPass.get(pass) ?? [];
const textOf = (spec: OpSpec, directives: readonly Directive[], pass: string) =>
  lastOf(roadFor(spec, directives), pass).map(printKernel).join("\n");

function withoutBarrier(kernel: LoopKernel, drop: number): LoopKernel {
  let seen = 0;
  return withBody(
    kernel,
    rewriteBody(kernel.body, (stmt) => (isBarrier(stmt) && seen++ === drop ? [] : [stmt])),
  );
}

/** The kernel without one form of one guard or flag, for each of them, and whether barriers stand inside. */
function* withoutGuards(kernel: LoopKernel): Generator<{ form: string; kernel: LoopKernel; aroundBarrier: boolean }> {
  const asks = statements(kernel.body).filter((stmt) => stmt.kind === "if" || stmt.kind === "flag");
  const flagsAround = new Set(
    asks
      .filter(waits)
      .flatMap((stmt) => (stmt.kind === "if" ? stmt.guard : []))
      .flatMap(({ terms }) => Object.keys(terms)),
  );
  const forms = asks.reduce((count, stmt) => count + ("guard" in stmt ? stmt.guard.length : 0), 0);
  for (let drop = 0; drop < forms; drop++) {
    let seen = 0;
    let aroundBarrier = false;
    let form = "";
    const body = rewriteBody(kernel.body, (stmt) => {
      if (stmt.kind !== "if" && stmt.kind !== "flag") return [stmt];
      const guard = stmt.guard.filter(() => seen++ !== drop);
      if (guard.length === stmt.guard.length) return [stmt];
      form = key(stmt.guard.find((one) => !guard.includes(one)) as Affine);
      aroundBarrier = waits(stmt) || (stmt.kind === "flag" && flagsAround.has(stmt.name));
      return stmt.kind === "if" && guard.length === 0 ? stmt.body : [{ ...stmt, guard }];
    });
    yield { form, kernel: withBody(kernel, body), aroundBarrier };
  }
}

/** What goes wrong, in words: a wrong number or an error. */
function trouble(kernels: readonly LoopKernel[], spec: OpSpec): string | undefined {
  try {
    return wrongIn(kernels, spec);
  } catch (error) {
    return errorOf(error);
  }
}

const ALL = Object.keys(SCHEDULES);
const FEW = ["the value per row of taps", "value and filters together", "packed filters of a padded tile, in lanes"];
const CASES = [
  ...ALL.map((name) => [name, WHOLE] as const),
  ...ALL.map((name) => [name, RAGGED] as const),
  ...FEW.map((name) => [name, WIDE] as const),
].map(([name, spec]) => ({ name, spec, value: spec.value.join("x"), directives: SCHEDULES[name] ?? [] }));

test.each(CASES)("$name of $value: every pass keeps the meaning", ({ spec, directives }) => {
  const road = roadFor(spec, directives);
  expect([...road.byPass.keys()].at(-1)).toBe("bindLaunch");
  expect(wrongPass(programOf(spec), road)).toBeUndefined();
});

/** Beside a box, whose barriers lie next to those of the copy, one of the four does nothing. */
const ALONE = CASES.filter(({ name }) => !name.includes("beside"));

test.each(ALONE)("$name of $value: either barrier is needed", ({ name, spec, directives }) => {
  for (const pass of ["nest", "bindLaunch"]) {
    const kernels = lastOf(roadFor(spec, directives), pass);
    const last = kernels.at(-1) as LoopKernel;
    const barriers = statements(last.body).filter(isBarrier).length;
    expect(barriers > 0).toBe(!name.includes("own"));
    for (let drop = 0; drop < barriers; drop++) {
      const crippled = [...kernels.slice(0, -1), withoutBarrier(last, drop)];
      expect(trouble(crippled, spec), `barrier ${drop} can be dropped:\n${printKernel(last)}`).toBeDefined();
    }
  }
});

const ofWhole = CASES.filter(({ spec }) => spec === WHOLE);

/** Before unrolling, which makes copies that some guard never fails in, and while subscripts are still checked one by one. */
test.each(ofWhole)("$name of $value: every guard is needed", ({ spec, directives }) => {
  const kernels = lastOf(roadFor(spec, directives), "nest");
  const last = kernels.at(-1) as LoopKernel;
  let count = 0;
  for (const { form, kernel } of withoutGuards(last)) {
    const found = trouble([...kernels.slice(0, -1), kernel], spec);
    expect(found, `form ${form} can be dropped:\n${printKernel(last)}`).toBeDefined();
    count++;
  }
  expect(count).toBeGreaterThan(3);
});

describe("the kernel", () => {
  test("copies a tile for all, each invocation its share, and sums without guards", () => {
    expect(textOf(WHOLE, SCHEDULES["the value per tap"] ?? [], "nest")).toMatchInlineSnapshot(`
      "kernel conv(value, filters, output) in f32
        for oco < 2 workgroup.y
          for po < 3 workgroup.x
            alloc valueCache[32] workgroup
              for oct < 2 invocation.y
                for pt < 4 invocation.x
                  alloc acc[2] register
                    for pu < 2
                      acc[pu] = 0
                    for ky < 3
                      for kx < 2
                        alloc valueCacheStage[1, 4] register
                          for valueCacheCopyStep < 1 unrolled
                            for valueCacheCopyLane < 4 vectorized
                              valueCacheStage[valueCacheCopyStep, valueCacheCopyLane] = 0
                            index valueCache0 = oct + 2*valueCacheCopyStep
                            index valueCache1 = pt
                            index valueCache2 = 0
                            if -8*po - 4*valueCache0 - valueCache1 + 19 >= 0
                              index valueCacheR = floor((8*po + 4*valueCache0 + valueCache1) / 5)
                              index valueCacheN = floor((valueCacheR) / 4)
                              index valueCacheOy = -4*valueCacheN + valueCacheR
                              if -2*ky + valueCacheOy + 2 >= 0 and 2*ky - valueCacheOy + 1 >= 0
                                index valueCacheOx = 8*po + 4*valueCache0 + valueCache1 - 5*valueCacheR
                                if -2*kx + valueCacheOx + 1 >= 0 and 2*kx - valueCacheOx + 3 >= 0
                                  for valueCacheCopyLane < 4 vectorized
                                    valueCacheStage[valueCacheCopyStep, valueCacheCopyLane] = value[valueCacheN, -2*ky + valueCacheOy + 2, -2*kx + valueCacheOx + 1, 4*valueCache2 + valueCacheCopyLane]
                          barrier
                          for valueCacheCopyStep < 1 unrolled
                            for valueCacheCopyLane < 4 vectorized
                              valueCache[16*oct + 4*pt + valueCacheCopyLane + 32*valueCacheCopyStep] = valueCacheStage[valueCacheCopyStep, valueCacheCopyLane]
                          barrier
                        for ic < 4
                          for pu < 2
                            acc[pu] = (acc[pu] + (valueCache[ic + 4*pt + 16*pu] * filters[ky, kx, 2*oco + oct, ic]))
                    for pu < 2
                      if -8*po - pt - 4*pu + 19 >= 0
                        index r = floor((8*po + pt + 4*pu) / 5)
                        index n = floor((r) / 4)
                        index oy = -4*n + r
                        index ox = 8*po + pt + 4*pu - 5*r
                        output[n, oy, ox, 2*oco + oct] = acc[pu]
      "
    `);
  });
  test("reads from memory what is no whole number of vectors one by one, and the rest of a copy by fewer", () => {
    expect(textOf(RAGGED, SCHEDULES["value and filters together"] ?? [], "nest")).toMatchInlineSnapshot(`
      "kernel conv(value, filters, bias, output) in f32
        for oco < 2 workgroup.y
          for po < 4 workgroup.x
            alloc filtersCache[16] workgroup
              alloc valueCache[24] workgroup
                for oct < 4 invocation.y
                  for pt < 3 invocation.x
                    alloc acc[2] register
                      for pu < 2
                        acc[pu] = 0
                      for ky < 2
                        for kx < 2
                          for ico < 1
                            alloc filtersCacheStage[2, 1] register
                              alloc valueCacheStage[2, 1] register
                                for valueCacheCopyStep < 2 unrolled
                                  for valueCacheCopyLane < 1 vectorized
                                    valueCacheStage[valueCacheCopyStep, valueCacheCopyLane] = 0
                                  index valueCache0 = valueCacheCopyStep
                                  index valueCache1Part = floor((3*oct + pt) / 4)
                                  index valueCache1 = valueCache1Part
                                  index valueCache2 = 3*oct + pt - 4*valueCache1Part
                                  if -4*ico - valueCache2 + 2 >= 0
                                    index valueCacheR = floor((6*po + 3*valueCache0 + valueCache1) / 4)
                                    index valueCacheN = floor((valueCacheR) / 3)
                                    index valueCacheOy = -3*valueCacheN + valueCacheR
                                    if -ky + valueCacheOy >= 0 and ky - valueCacheOy + 1 >= 0
                                      index valueCacheOx = 6*po + 3*valueCache0 + valueCache1 - 4*valueCacheR
                                      if -kx + valueCacheOx >= 0 and kx - valueCacheOx + 2 >= 0
                                        for valueCacheCopyLane < 1 vectorized
                                          valueCacheStage[valueCacheCopyStep, valueCacheCopyLane] = value[valueCacheN, -ky + valueCacheOy, -kx + valueCacheOx, 4*ico + valueCache2]
                                for filtersCacheCopyStep < 2 unrolled
                                  if -12*filtersCacheCopyStep - 3*oct - pt + 15 >= 0
                                    for filtersCacheCopyLane < 1 vectorized
                                      filtersCacheStage[filtersCacheCopyStep, filtersCacheCopyLane] = 0
                                    index filtersCache0Part = floor((3*oct + pt) / 4)
                                    index filtersCache0 = filtersCache0Part + 3*filtersCacheCopyStep
                                    index filtersCache1 = -4*filtersCache0Part + 3*oct + pt
                                    if -filtersCache1 - 4*oco + 4 >= 0 and -filtersCache0 - 4*ico + 2 >= 0
                                      for filtersCacheCopyLane < 1 vectorized
                                        filtersCacheStage[filtersCacheCopyStep, filtersCacheCopyLane] = filters[ky, kx, filtersCache1 + 4*oco, filtersCache0 + 4*ico]
                                barrier
                                for valueCacheCopyStep < 2 unrolled
                                  for valueCacheCopyLane < 1 vectorized
                                    valueCache[3*oct + pt + valueCacheCopyLane + 12*valueCacheCopyStep] = valueCacheStage[valueCacheCopyStep, valueCacheCopyLane]
                                for filtersCacheCopyStep < 2 unrolled
                                  if -12*filtersCacheCopyStep - 3*oct - pt + 15 >= 0
                                    for filtersCacheCopyLane < 1 vectorized
                                      filtersCache[filtersCacheCopyLane + 12*filtersCacheCopyStep + 3*oct + pt] = filtersCacheStage[filtersCacheCopyStep, filtersCacheCopyLane]
                                barrier
                            for ici < 4
                              for pu < 2
                                acc[pu] = (acc[pu] + (valueCache[ici + 4*pt + 12*pu] * filtersCache[4*ici + oct]))
                      for pu < 2
                        if -4*oco - oct + 4 >= 0
                          index r = floor((6*po + pt + 3*pu) / 4)
                          index n = floor((r) / 3)
                          index oy = -3*n + r
                          index ox = 6*po + pt + 3*pu - 4*r
                          output[n, oy, ox, 4*oco + oct] = maximum((acc[pu] + bias[4*oco + oct]), 0)
      "
    `);
  });
  test("copies without staging where the steps are many", () => {
    const many = textOf(WHOLE, SCHEDULES["the value per row of taps, in more steps than are staged"] ?? [], "nest");
    expect(many).not.toContain("Stage");
    const lines = many.split("\n").map((line) => line.trim());
    const steps = lines.indexOf("for valueCacheCopyStep < 20");
    expect(lines[steps - 1]).toBe("barrier");
    const few = textOf(WHOLE, SCHEDULES["the value per row of taps"] ?? [], "nest");
    expect(few).toContain("alloc valueCacheStage[2, 4] register");
  });
  test("keeps a copy of its own for each invocation where the space is local", () => {
    const text = textOf(WHOLE, SCHEDULES["the value of each invocation in memory of its own"] ?? [], "nest");
    expect(text).toContain("alloc valueCache[8] local");
    expect(text).not.toMatch(/barrier|workgroup\n/);
  });
  test("without invocations there is nobody to share with", () => {
    const alone = [fuse("oy", "ox", "p"), split("p", 8, ["po", "pi"]), reorder("po oc ky kx ic pi")];
    const road = roadFor(WHOLE, [...alone, gather("value", "kx", "pi ic")]);
    expect(wrongPass(programOf(WHOLE), road)).toBeUndefined();
    expect(lastOf(road).map(printKernel).join()).not.toContain("barrier");
  });
  test("an empty loop leaves nothing to copy", () => {
    const none = specWith({ value: [1, 4, 5, 0], filters: [3, 3, 4, 0] });
    const road = roadFor(none, [...pixels(2, 4), reorder("ky kx ic pu"), gather("value", "kx", "pu pt ic")]);
    expect(wrongPass(programOf(none), road)).toBeUndefined();
    expect(lastOf(road, "nest").map(printKernel).join()).not.toContain("Cache");
  });
});

describe("taps that no pixel of a tile meets", () => {
  /** Rows of 4, of which taps read the rows 3 above and 3 below. */
  const far: OpSpec = specWith({ value: [1, 6, 4, 4], filters: [3, 3, 4, 4], rate: 3 });
  const rows = (tile: number): readonly Directive[] => [
    fuse("oy", "ox", "p"),
    split("p", tile, ["po", "pt"]),
    reorder("n po pt oc ky kx ic"),
    bind("po", "workgroup.x"),
    bind("pt", "invocation.x"),
    gather("value", "kx", "pt ic"),
  ];

  /** For each tile and tap, whether the copy is made. */
  function reached(spec: OpSpec, directives: readonly Directive[]): { made: Float32Array; shape: readonly number[] } {
    const [nest] = lastOf(roadFor(spec, directives), "nest");
    if (!nest) throw new Error("no kernel was seen");
    const extents = new Map(
      statements(nest.body).flatMap((stmt) => (stmt.kind === "for" ? [[stmt.name, stmt.extent]] : [])),
    );
    const shape = ["po", "ky", "kx"].map((name) => extents.get(name) ?? 0);
    let seen = 0;
    const mark = store("made", ["po", "ky", "kx"], number(1));
    const body = rewriteBody(nest.body, (stmt) => (isBarrier(stmt) ? (seen++ === 0 ? [mark] : []) : [stmt]));
    const kernel: LoopKernel = { ...nest, buffers: [...nest.buffers, buffer("made", shape, "scratch")], body };
    const arrays = new Map<string, Float32Array>(givenFor(programOf(spec), 1));
    for (const one of kernel.buffers)
      if (!arrays.has(one.name)) arrays.set(one.name, new Float32Array(elementCount(one.shape)));
    interpretKernel(kernel, arrays);
    return { made: arrays.get("made") as Float32Array, shape };
  }

  /** The same by definition: whether some pixel of the tile meets the image with that tap. */
  function live(spec: OpSpec, tile: number, [tiles = 0, kys = 0, kxs = 0]: readonly number[]): Float32Array {
    const [stage] = programOf(spec).run;
    if (!stage) throw new Error("no stage");
    const extentOf = (name: string) => stage.space.find((axis) => axis.name === name)?.extent ?? 0;
    const alive = new Float32Array(tiles * kys * kxs);
    for (let p = 0; p < extentOf("oy") * extentOf("ox"); p++)
      for (let ky = 0; ky < kys; ky++)
        for (let kx = 0; kx < kxs; kx++) {
          const at = new Map(Object.entries({ oy: Math.floor(p / extentOf("ox")), ox: p % extentOf("ox"), ky, kx }));
          const isLive = stage.domain.every((form) => valueAt(form, at) >= 0);
          if (isLive) alive[(Math.floor(p / tile) * kys + ky) * kxs + kx] = 1;
        }
    return alive;
  }

  test("are neither copied nor multiplied, by a guard that is the same for all invocations", () => {
    const text = textOf(far, rows(4), "nest");
    const before = text.slice(text.indexOf("acc[] = 0"), text.indexOf("alloc valueCacheStage"));
    expect(before).toMatchInlineSnapshot(`
      "acc[] = 0
                    index oyFirst = floor((4*po) / 4)
                    index oyFirst = floor((4*po) / 4)
                    for ky < 3
                      if -3*ky + oyFirst + 4 >= 0 and 3*ky - oyFirst + 2 >= 0
                        for kx < 3
                          "
    `);
    expect(wrongPass(programOf(far), roadFor(far, rows(4)))).toBeUndefined();
  });

  test("none that is met is passed over, whatever the tile; of the others most are", () => {
    for (const tile of [2, 3, 4, 5, 7, 8, 12]) {
      const { made, shape } = reached(far, rows(tile));
      const alive = live(far, tile, shape);
      const wrong = alive.findIndex((isLive, i) => isLive > (made[i] as number));
      expect(wrong, `tiles of ${tile}: ${wrong} is needed and not copied`).toBe(-1);
      const count = (list: Float32Array) => list.reduce((sum, one) => sum + one, 0);
      const [dead, kept] = [alive.length - count(alive), count(made) - count(alive)];
      expect(dead).toBeGreaterThan(0);
      // Tiles that may begin anywhere in a row may reach into the next: a row's worth of tiles is kept in doubt.
      expect(kept, `tiles of ${tile}: ${kept} of ${dead} dead taps are kept`).toBeLessThan(dead);
    }
  });

  test("where all taps of all tiles meet the image there is no such guard", () => {
    const near = specWith({ value: [1, 6, 4, 4], filters: [2, 1, 4, 4], rate: 1 });
    const text = textOf(near, rows(24), "nest");
    expect(text.slice(text.indexOf("acc[] = 0"), text.indexOf("alloc valueCacheStage"))).not.toContain("if");
  });

  test("a reach of one invocation alone is not asked before barriers that all of them must reach", () => {
    // Rows of 6, tiles of 10, so that neighbours may stand in rows of which one is met and one is not.
    const near = specWith({ value: [1, 5, 6, 4], filters: [3, 3, 4, 4], rate: 1 });
    const alone = [
      fuse("oy", "ox", "p"),
      split("p", 10, ["po", "pi"]),
      split("pi", 5, ["pu", "pt"]),
      reorder("po pt oc ky kx ic pu"),
      bind("po", "workgroup.x"),
      bind("pt", "invocation.x"),
      gather("value", "kx", "pu ic", "local"),
      gather("filters", "kx", "ic"),
    ];
    expect(wrongPass(programOf(near), roadFor(near, alone))).toBeUndefined();
    expect(textOf(near, alone, "nest")).toContain("if ky - oyFirst + 3 >= 0");
  });

  test("the same without it: dropping the guard changes nothing but the work", () => {
    const kernels = lastOf(roadFor(far, rows(4)));
    const last = kernels.at(-1) as LoopKernel;
    let around = 0;
    for (const { form, kernel, aroundBarrier } of withoutGuards(last)) {
      const found = trouble([...kernels.slice(0, -1), kernel], far);
      if (aroundBarrier) expect(found, form).toBeUndefined();
      if (aroundBarrier) around++;
    }
    expect(around).toBeGreaterThan(0);
  });
});

test("what always holds keeps no guard in the sum, nor the ends of pixels that it would need", () => {
  // Taps of a forward convolution without padding meet the image everywhere; two pixels are left over.
  const inside: OpSpec = { op: "conv2d", value: [1, 4, 6, 4], filters: [3, 2, 4, 4], rate: 1, padding: "VALID" };
  const road = roadFor(inside, SCHEDULES["the value per tap"] ?? []);
  expect(wrongPass(programOf(inside), road)).toBeUndefined();
  const text = lastOf(road, "nest").map(printKernel).join();
  const sum = text.slice(text.lastIndexOf("barrier"), text.lastIndexOf("for pu < 2\n"));
  expect(sum).toContain("acc[pu] = (acc[pu] + ");
  expect(sum).not.toContain("if");
});

describe("refused", () => {
  const TILE: readonly Directive[] = [...pixels(2, 4), reorder("ky kx ic pu")];
  const refusal = (...directives: readonly Directive[]): string =>
    errorOf(roadsOf(WHOLE, conv(...directives), GPU).failure);

  test("a loop that does not exist, or stands still while the copy is in use", () => {
    expect(refusal(...TILE, gather("value", "kx", "pu pt ic zz"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: cache(value): zz is no loop that moves in the copy"`,
    );
    expect(refusal(...TILE, gather("value", "kx", "kx pu pt ic"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: cache(value): kx is no loop that moves in the copy"`,
    );
    expect(refusal(...TILE, gather("value", "kx", "pu pt ic", "local"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: cache(value): pt is no loop that moves in the copy"`,
    );
  });
  test("a loop that is missing", () => {
    expect(refusal(...TILE, gather("value", "kx", "pu pt"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: cache(value): the layout must name ic, which its subscripts depend on"`,
    );
    expect(refusal(...TILE, gather("value", "kx", "pu ic"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: cache(value): the layout must name pt, which its subscripts depend on"`,
    );
    expect(refusal(...TILE, gather("value", "ky", "pu pt ic"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: cache(value): the layout must name kx, which its subscripts depend on"`,
    );
  });
  test("a loop that is named twice", () => {
    expect(refusal(...TILE, gather("value", "kx", "pu pt ic pu"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: cache(value): each loop may be named once"`,
    );
  });
  test("tiles that shift inwards", () => {
    const shifted = [split("ox", 2, ["oxo", "oxi"], "shiftInwards"), reorder("n oc oxo ky kx ic oxi oy")];
    expect(refusal(...shifted, gather("value", "n", "oy oxo oxi ky kx ic", "local"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: cache(value): oxo is no loop that moves in the copy"`,
    );
  });
  test("invocations inside the loop", () => {
    const inside = [reorder("ky kx ic n oy ox"), bind("ox", "invocation.x"), gather("value", "kx", "ic n oy ox")];
    expect(refusal(...inside)).toMatchInlineSnapshot(
      `"invalid-schedule: conv: cache(value): invocations share it, so ox must be outside kx"`,
    );
  });
  test("a buffer that is not read, or is copied already", () => {
    expect(refusal(...TILE, gather("bias", "kx", "oct"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: cache(bias): the term must read it exactly once"`,
    );
    expect(
      refusal(...TILE, gather("value", "kx", "pu pt ic"), gather("value", "ky", "kx pu pt ic")),
    ).toMatchInlineSnapshot(`"invalid-schedule: conv: cache(value): the term must read it exactly once"`);
  });
  test("a loop to copy at that does not exist", () => {
    expect(refusal(...TILE, gather("value", "zz", "pu pt ic"))).toMatchInlineSnapshot(
      `"invalid-schedule: conv: cache(value at zz in workgroup: pu pt ic): there is no loop zz; there are oco po oct pt ky kx ic pu"`,
    );
  });

  test("a second copy of one read, and a term that zeros would not make zero keeps its guard", () => {
    const sumOf = (term: Expr): Program =>
      programWith(
        [buffer("x", [8], "input"), buffer("y", [8], "input"), buffer("output", [4], "output")],
        [stageOf("conv", { space: "i<4", reduce: "k<5", domain: ["6 - i - k"], term, to: ["output", "i"] })],
      );
    const roadWith = (term: Expr) => roadOf(sumOf(term), conv(gather("x", "i", "k", "local")), GPU);
    const [x, y] = [at("x", "i + k"), at("y", "k")];
    for (const term of [x, multiply(x, y), multiply(y, x)]) {
      const road = roadWith(term);
      expect(wrongPass(sumOf(term), road)).toBeUndefined();
      expect(guardsOfSum(road)).toEqual([]);
    }
    for (const term of [plus(x, y), multiply(plus(x, y), y), unary("abs", x)]) {
      const road = roadWith(term);
      expect(wrongPass(sumOf(term), road)).toBeUndefined();
      expect(guardsOfSum(road)).toEqual(["-i - k + 6"]);
    }
    expect(errorOf(thrownBy(() => roadWith(multiply(x, x))))).toBe(
      "invalid-schedule: conv: cache(x): the term must read it exactly once",
    );
  });

  test("a layout that is no list of names", () => {
    const wrong = { ...gather("value", "kx", "pu"), layout: "pu pt" } as unknown as Directive;
    expect(
      errorOf(thrownBy(() => compileModule(WHOLE, { target: GPU, schedule: conv(...TILE, wrong) }))),
    ).toMatchInlineSnapshot(`"invalid-schedule: conv[11]: cache needs layout, a list of names; got "pu pt""`);
  });
});
