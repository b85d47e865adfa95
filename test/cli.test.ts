/** The command line: what it prints, as text and as JSON, and what it says when it is asked wrongly. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DEFAULT_TARGET, type Explanation, explain, PASSES, wasmTarget } from "tilewright/compiler";
import { beforeAll, describe, expect, it } from "vitest";
import { VERSION } from "../src/ir/version.js";
import { wasmFeatures } from "../src/runtime/host/wasmFeatures.js";
import { tilewright } from "./support/commands.js";
import { newFolder } from "./support/folder.js";
import { DIST, needs } from "./support/needs.js";

const SPEC = { op: "atrousConv2dTranspose", value: [1, 6, 6, 3], filters: [3, 3, 4, 3], rate: 2, padding: "SAME" };
/** A tile of 2 pixels by 4 channels, over packed filters. */
const SCHEDULE = {
  conv: [
    { do: "split", axis: "ox", by: 2, into: ["oxo", "oxi"], tail: "guard" },
    { do: "reorder", axes: ["n", "oy", "oxo", "ky", "kx", "ic", "oxi", "oc"] },
    { do: "partition", axis: "oxo" },
    { do: "unroll", axis: "oxi" },
    { do: "unroll", axis: "oc" },
    { do: "pack", buffer: "filters", layout: ["ky", "kx", "ic", "oc"] },
  ],
};
/** Every axis as it comes, whatever the scheduler would pick. */
const IN_ORDER = "{}";
/** The same whatever engine the tests run on. */
const TODAY = ["--simd", "relaxed", "--loads", "in-order"];
/** 30 MFLOP: enough to share. */
const LARGE = JSON.stringify({ ...SPEC, value: [1, 64, 64, 16], filters: [3, 3, 32, 16] });
const spec = JSON.stringify(SPEC);
const schedule = JSON.stringify(SCHEDULE);

async function json(...argv: readonly string[]): Promise<Explanation> {
  const { code, out, err } = await tilewright(["explain", ...argv, "--json"]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out);
}

// What these tests say of targets holds for processes that do not ask for the revectorizer.
delete process.env.TILEWRIGHT_REVECTORIZE;

let folder: string;
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
beforeAll(() => {
  folder = newFolder();
});

describe("text", () => {
  it("titles every step in the order of the road", async () => {
    const { code, out, err } = await tilewright(["explain", spec, "--all", "--schedule", schedule]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const titles = [...out.matchAll(/^== (.*) ==$/gm)].map(([, title]) => title as string);
    expect(titles.slice(0, 4)).toEqual(["spec", "algorithm", "program", "schedule"]);
    const end = ["conv (run): no change", "code", "memory", "work", "registers", "loops", "roofline"];
    expect(titles.slice(-7)).toEqual(end);
    const road = titles.filter((title) => title.startsWith("conv (run): ")).map((title) => title.slice(12));
    const order = ["nest", ...PASSES.map((pass) => pass.name), "no change"];
    expect(road).toEqual(order.filter((name) => road.includes(name)));
    expect(road).toContain("unrollLoops");
    expect(out).toContain("pack(filters: ky kx ic oc)");
  });

  it("is one screen at first", async () => {
    const { code, out, err } = await tilewright(["explain", spec, ...TODAY, "--accuracy", "fast"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatchInlineSnapshot(`
      "spec       atrousConv2dTranspose 1x6x6x3 with 3x3x4x3, rate 2, SAME; output 1x6x6x4
      target     wasm: arithmetic f32, lanes 4, registers 15, fused multiply-add
      algorithm  direct
      error      at most 1.7e-6 * max |value| * (sum of |filters| over the output channel)
      schedule   direct, sketch product, view ox oc oc, rows 6, columns 1, unrolled 3, peeled, band 0, packed, parallel nothing
      cost       570 cycles a call, by the cost model
      speed      at best 0.07 us, 106 GFLOP/s counting all taps; bound by arithmetic, if the machine has 64.0 GFLOP/s and 20.0 GB/s
      work       0.00778 MFLOP, of which 60 % meet the image; 1,440 bytes moved
      memory     896 bytes and 267 bytes of code for prepare; 1,472 bytes and 1,196 bytes of code for run
      registers  conv needs 6 + 6 of 15

      Where the time goes: operations by loop (a vector counts as one, guards as true)
         99 %  conv: oco n oy oxo ky
          1 %  conv: oco n oy oxo

      --all prints the road from the spec to the code, --stage NAME one step of it, --html FILE draws the loops
      "
    `);
  });

  it("speaks of a formula's terms, and of no image and no filters", async () => {
    const formula = "dist[i, j] = sum(k: (x[i, k] - y[j, k]) * (x[i, k] - y[j, k]))";
    const { out } = await tilewright([
      "explain",
      JSON.stringify({ formula, tensors: { x: [32, 5], y: [16, 5] } }),
      ...TODAY,
    ]);
    expect(out).toMatch(
      /^error +a sum is within 4\.2e-7 of the sum of its terms' magnitudes; functions, and terms of more .*not counted$/m,
    );
    expect(out).toMatch(/GFLOP\/s counting all terms;/);
    expect(out).toMatch(/^work +0\.00512 MFLOP; \S+ bytes moved$/m);
    expect(out).not.toMatch(/filters|image|taps/);
    const inside = { formula: "y[i] = sum(k < 3: x[i + k - 1]) for i < 10", tensors: { x: [10] } };
    expect((await tilewright(["explain", JSON.stringify(inside), ...TODAY])).out).toMatch(
      /^work .* of which 93 % lie inside;/m,
    );
    const work = await tilewright(["explain", JSON.stringify(inside), "--stage", "work"]);
    expect(work.out).toMatch(/^all terms +.*\nlive terms /);
  });

  it("says that registers spill where they do", async () => {
    const formula = "dist[i, j] = sum(k: (x[i, k] - y[j, k]) * (x[i, k] - y[j, k]))";
    const given = JSON.stringify({ formula, tensors: { x: [100, 3], y: [100, 3] } });
    const { out } = await tilewright(["explain", given, "--simd", "simd128"]);
    expect(out).toMatch(/^registers +dist needs \d+ \+ \d+ of 15, so some may spill to memory, which takes time$/m);
  });

  it("says by how much sums are off", async () => {
    const boundOf = async (...argv: readonly string[]) => {
      const { out } = await tilewright(["explain", LARGE, ...TODAY, ...argv]);
      const [, algorithm = "", bound = ""] = /^algorithm +(.*)\nerror +at most (\S+) \*/m.exec(out) ?? [];
      return { algorithm, bound };
    };
    const [exact, fast] = [await boundOf(), await boundOf("--accuracy", "fast")];
    expect(exact.algorithm).toBe("direct");
    expect(fast.algorithm).toMatch(/^winograd F/);
    const { errorBound } = explain(JSON.parse(LARGE), { accuracy: "fast" });
    expect(fast.bound).toBe(errorBound.toExponential(1));
    expect(Number(fast.bound)).toBeGreaterThan(Number(exact.bound));
  });

  it("says where the schedule is a given one that its cost is not estimated", async () => {
    const { out } = await tilewright(["explain", spec, "--schedule", schedule]);
    expect(out).toMatch(/^schedule +.*pack\(filters: ky kx ic oc\)/m);
    expect(out).toMatch(/^cost +not estimated/m);
  });

  it("lists no more than five loops, and the share of the others", async () => {
    const { out } = await tilewright(["explain", spec, ...TODAY, "--algorithm", "winograd"]);
    const shares = [...out.matchAll(/^ +(?:< )?(\d+) % {2}/gm)].map(([, share]) => Number(share));
    expect(shares.length).toBeLessThanOrEqual(6);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, -1);
  });

  it("draws the loops on a page", async () => {
    const path = join(folder, "loops.html");
    const { code, out } = await tilewright(["explain", LARGE, ...TODAY, "--html", path]);
    expect(code).toBe(0);
    expect(out).toMatch(/^spec /);
    const page = readFileSync(path, "utf8");
    const { kernels } = explain(JSON.parse(LARGE));
    const nests = kernels.filter(({ when }) => when === "run").map(({ steps }) => steps[0]?.ir.trimEnd() ?? "");
    expect(page.match(/<li /g)).toHaveLength(nests.join("\n").split("\n").length);
    expect(page).toMatch(/<title>atrousConv2dTranspose 1x64x64x16 with 3x3x32x16, rate 2, SAME<\/title>/);
    expect(page).toMatch(/title="[\d,]+ operations a call"><meter value="1"><\/meter>100 %/);
  });

  it("prints the code alone, ready to run", async () => {
    const { out } = await tilewright(["explain", spec, "--target", "js", "--stage", "code"]);
    expect(new Function(out)()).toHaveProperty("conv");
  });

  it("shows how large a binary is and where buffers lie in its memory", async () => {
    const { out: code } = await tilewright(["explain", spec, "--stage", "code"]);
    expect(code).toMatch(/^binary WebAssembly: \d+ bytes for prepare, \d+ bytes for run\n$/);
    const { out } = await tilewright(["explain", spec, "--schedule", schedule, "--stage", "memory"]);
    expect(out).toMatchInlineSnapshot(`
      "prepare: 896 bytes
      at 0    weights filters[3, 3, 4, 3], 432 bytes
      at 448  prepared convFilters[3, 3, 3, 4], 432 bytes

      run: 1472 bytes
      at 0     prepared convFilters[3, 3, 3, 4], 432 bytes
      at 448   output output[1, 6, 6, 4], 576 bytes
      at 1024  input value[1, 6, 6, 3], 432 bytes
      "
    `);
    const { out: js } = await tilewright(["explain", spec, "--target", "js", "--stage", "memory"]);
    expect(js).toMatch(/^JavaScript kernels work on arrays/);
  });

  it("names what the target has", async () => {
    const targetLine = async (...argv: readonly string[]) =>
      (await tilewright(["explain", ...argv, "--stage", "schedule"])).out.split("\n")[0];
    expect(await targetLine(spec, "--target=js")).toBe("target js: arithmetic f64, lanes 1, registers 11");
    expect(await targetLine(LARGE, "--simd=relaxed", "--loads=hoisted", "--threads=2", "--revectorize")).toBe(
      "target wasm: arithmetic f32, lanes 4, registers 15, fused multiply-add, loads hoisted, vectors in pairs, threads",
    );
  });

  it("says which passes changed nothing", async () => {
    const argv = ["explain", spec, "--target", "js", "--schedule", IN_ORDER, "--stage", "fuseMultiplyAdd"];
    const { out } = await tilewright(argv);
    expect(out).toBe("conv: fuseMultiplyAdd changed nothing\n");
  });

  it("shows the roofline", async () => {
    const { out } = await tilewright(["explain", spec, "--stage=roofline", "--peak=2", "--bandwidth=1"]);
    expect(out).toMatchInlineSnapshot(`
      "assumed    2 GFLOP/s, 1 GB/s
      intensity  3.267 live FLOP per byte; arithmetic binds from 2
      bound      0.002352 ms, by arithmetic; 3.306 GFLOP/s counting all taps
      "
    `);
  });

  it("takes a spec from a file and from standard input", async () => {
    const inline = await tilewright(["explain", spec, "--stage", "program"]);
    expect(await tilewright(["explain", file("spec.json", spec), "--stage", "program"])).toEqual(inline);
    expect(await tilewright(["explain", "-", "--stage", "program"], spec)).toEqual(inline);
  });
});

describe("json", () => {
  it("is the explanation that the library gives", async () => {
    const fromFile = await json(spec, ...TODAY, "--schedule", file("schedule.json", schedule));
    expect(fromFile).toEqual(explain(SPEC, { schedule: fromFile.schedule.directives }));
    expect(Object.keys(fromFile)).toEqual(
      "spec outputShape algorithm errorBound program schedule kernels code memory work registers loops roofline".split(
        " ",
      ),
    );
  });

  it("is for the target that compile would take here", async () => {
    const features = { pairs: false, threads: false };
    expect((await json(spec)).schedule.target).toEqual(wasmTarget({ ...wasmFeatures(), ...features }));
    expect((await json(spec, ...TODAY)).schedule.target).toEqual(DEFAULT_TARGET);
    // Too little work to wake anybody up for.
    expect((await json(spec, ...TODAY, "--threads", "2")).schedule.target).toEqual(DEFAULT_TARGET);
    expect((await json(LARGE, ...TODAY, "--threads", "2")).memory.map(({ shared }) => shared)).toEqual([true, true]);
  });

  it("assumes a peak that fits the target", async () => {
    const peak = async (...argv: readonly string[]) => (await json(spec, "--stage", "roofline", ...argv)).roofline.peak;
    expect(await peak("--target", "js")).toBe(16);
    expect(await peak("--simd", "none")).toBe(16);
    expect(await peak(...TODAY)).toBe(64);
    expect(await peak(...TODAY, "--revectorize")).toBe(128);
    expect(await peak(...TODAY, "--peak", "5")).toBe(5);
  });

  it("counts registers as the engine uses them", async () => {
    const split = (axis: string, by: number, into: string[]) => ({ do: "split", axis, by, into, tail: "guard" });
    const vectors = [
      ...[split("ox", 4, ["oxo", "oxi"]), split("oc", 8, ["oco", "oci"]), split("oci", 4, ["ocu", "lane"])],
      { do: "reorder", axes: ["n", "oy", "oxo", "oco", "ky", "kx", "ic", "oxi", "ocu", "lane"] },
      { do: "partition", axis: "kx" },
      ...["oxi", "ocu"].map((axis) => ({ do: "unroll", axis })),
      { do: "vectorize", axis: "lane" },
      { do: "pack", buffer: "filters", layout: ["oco", "ky", "kx", "ic", "ocu", "lane"] },
    ];
    const registersOf = async (...argv: readonly string[]) => {
      const { registers } = await json(LARGE, "--schedule", JSON.stringify({ conv: vectors }), ...argv);
      return registers.map(({ accumulators, values }) => [accumulators, values]);
    };
    // Sums of 4 pixels by 2 vectors. Two vectors of filters stay while one pixel's value after the other passes by.
    expect(await registersOf("--simd=relaxed", "--loads=in-order")).toEqual([[8, 3]]);
    expect(await registersOf("--simd=relaxed", "--loads=hoisted")).toEqual([[8, 6]]);
    expect(await registersOf("--simd=relaxed", "--loads=in-order", "--revectorize")).toEqual([[4, 2]]);
  });

  it("counts work, registers and the bound", async () => {
    const { work, registers, roofline } = await json(
      ...[spec, ...TODAY, "--schedule", schedule, "--peak", "2", "--bandwidth", "1000"],
    );
    // Along one axis of 6, taps at -2, 0 and +2 meet 4 + 6 + 4 of 18.
    expect(work).toEqual({
      flops: 2 * 18 * 18 * 4 * 3,
      liveFlops: 2 * 14 * 14 * 4 * 3,
      liveShare: (14 * 14) / (18 * 18),
      bytes: 4 * (6 * 6 * 3 + 3 * 3 * 4 * 3 + 6 * 6 * 4),
    });
    // 2 x 4 sums; at the second pixel its value and 4 filters are needed at once.
    expect(registers).toMatchObject([{ kernel: "conv", loop: "ic", accumulators: 8, values: 5, estimate: 13 }]);
    expect(roofline).toMatchObject({ peak: 2, bandwidth: 1000, ridge: 0.002, binds: "arithmetic" });
    expect(roofline.milliseconds).toBeCloseTo(work.liveFlops / 2e6, 12);
    expect(roofline.gflops).toBeCloseTo(2 / work.liveShare, 12);
  });

  it("keeps sums that stay in memory apart from those in registers", async () => {
    const tiled = { conv: [{ do: "reorder", axes: ["n", "oy", "ox", "ky", "kx", "ic", "oc"] }] };
    const { registers } = await json(spec, "--schedule", JSON.stringify(tiled));
    expect(registers).toMatchObject([{ accumulators: 0, inMemory: ["acc[4]"] }]);
  });

  it("has only the stage that was asked for", async () => {
    expect(Object.keys(await json(spec, "--stage", "work"))).toEqual(["work"]);
    const { kernels } = await json(spec, "--schedule", IN_ORDER, "--stage", "unrollLoops");
    expect(kernels.map(({ name, steps }) => [name, steps.map((step) => step.name)])).toEqual([
      ["conv", ["unrollLoops"]],
    ]);
    const all = await json(spec);
    const { kernels: lowered } = await json(spec, "--stage", "lowered");
    expect(lowered.map(({ steps }) => steps)).toEqual(all.kernels.map(({ steps }) => steps.slice(-1)));
  });

  it("explains a call without any work", async () => {
    const { work, roofline } = await json(JSON.stringify({ ...SPEC, value: [0, 6, 6, 3] }));
    expect(work).toMatchObject({ flops: 0, liveFlops: 0, liveShare: 0 });
    expect(roofline.gflops).toBe(0);
  });
});

describe("refusals are one sentence and exit code 1", () => {
  const missing = "nowhere.json";
  const refused: [string, readonly string[], RegExp][] = [
    ["an illegal spec", ["explain", JSON.stringify({ ...SPEC, rate: 0 })], /rate must be an integer >= 1.*got 0/],
    ["text that is not JSON", ["explain", "{ op: 1 }"], /the spec is not JSON: /],
    ["input that is not JSON", ["explain", "-"], /the spec from standard input is not JSON: /],
    ["a missing file", ["explain", missing], /there is no file nowhere\.json; give the spec as JSON text/],
    ["a folder", ["explain", "."], /\. cannot be read \(EISDIR\)/],
    [
      "an unknown stage",
      ["explain", spec, "--stage", "magic"],
      /no stage "magic"; there are spec, algorithm, program, .* roofline/,
    ],
    [
      "an unknown option",
      ["explain", spec, "--shedule", "{}"],
      /no option --shedule; there are --json, --html, --all, --stage/,
    ],
    ["an unknown target", ["explain", spec, "--target", "cuda"], /--target takes one of wasm, js, webgpu; got "cuda"/],
    ["an unknown level of vectors", ["explain", spec, "--simd", "avx"], /--simd takes one of none, .*; got "avx"/],
    ["an unknown order of loads", ["explain", spec, "--loads", "late"], /--loads takes one of in-order, hoisted/],
    ["no threads", ["explain", spec, "--threads", "0"], /threads must be an integer from 1 to 256; got 0/],
    ["vectors in JavaScript", ["explain", spec, "--target=js", "--simd=none"], /--simd is about WebAssembly/],
    ["two specs", ["explain", spec, spec], /one spec at a time/],
    ["no spec", ["explain"], /Missing required positional argument: SPEC; see tilewright --help/],
    ["no command", [], /No command specified/],
    ["an unknown command", ["compile"], /Unknown command compile; see tilewright --help\n/],
    ["a misspelt command", ["bulid"], /Unknown command bulid; did you mean build\?\n/],
    ["a misspelt command of the farm", ["farm", "wrok"], /Unknown command wrok; did you mean work\?\n/],
    ["a misspelt option", ["build", "--chek"], /no option --chek; there are .*; did you mean --check\?\n/],
    ["a misspelt word", ["explain", spec, "--loads", "in-oder"], /got "in-oder"; did you mean in-order\?\n/],
    ["a page without a name", ["explain", spec, "--html="], /--html takes the path of the page/],
    ["all of one stage", ["explain", spec, "--all", "--stage=work"], /--all and --stage exclude each other/],
    [
      "no value of an option that takes one",
      ["build", "--no-config"],
      /--config takes a value, so there is no --no-config; leave it out/,
    ],
    ["a peak of nothing", ["explain", spec, "--peak", "0"], /--peak takes a number above 0; got "0"/],
    ["a schedule that is a list", ["explain", spec, "--schedule", "[]"], /a schedule is an object of directive lists/],
    ["an unknown directive", withDirective({ do: "tile" }), /conv\[0\]: "do" must be one of split, .*; got "tile"/],
    ["a field too few", withDirective({ do: "unroll" }), /unroll needs axis, a name; got undefined/],
    ["a field too many", withDirective({ do: "unroll", axis: "oc", by: 2 }), /unroll has no "by"; it takes axis/],
    ["a directive for no loop", withDirective({ do: "unroll", axis: "zz" }), /there is no loop zz/],
  ];

  function withDirective(directive: object): string[] {
    return ["explain", spec, "--schedule", JSON.stringify({ conv: [directive] })];
  }

  it.each(refused)("%s", async (_, argv, message) => {
    const { code, out, err } = await tilewright(argv);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(message);
    expect(err).toMatch(/^tilewright: [^\n]+\n$/);
  });
});

it("cuts a refusal that would repeat an endless argument", async () => {
  const { code, err } = await tilewright(["explain", spec, "--target", "x".repeat(100_000)]);
  expect(code).toBe(1);
  expect(err).toMatch(/^tilewright: --target takes one of wasm, js, webgpu; got "x{1000,1500}\.\.\.\n$/);
});

describe("help and version", () => {
  it("shows an example that works", async () => {
    const { code, out } = await tilewright(["explain", "--help"]);
    expect(code).toBe(0);
    const example = /tilewright explain --stage roofline '([^']+)'/.exec(out)?.[1] as string;
    expect((await tilewright(["explain", example, "--stage", "roofline"])).code).toBe(0);
    expect(out).not.toContain("\u001b");
  });

  it("prints the version", async () => {
    expect(await tilewright(["--version"])).toEqual({ code: 0, out: `${VERSION}\n`, err: "" });
  });
});

const built = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

describe("the built command", needs({ [DIST]: existsSync(built) }), () => {
  const spawn = (argv: readonly string[], input: string) =>
    spawnSync(process.execPath, [built, ...argv], { input, encoding: "utf8" });

  it("reads standard input and exits with 0", () => {
    const { status, stdout, stderr } = spawn(["explain", "-", "--json"], spec);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ spec: SPEC });
  });

  it("exits with 1 when refused", () => {
    const { status, stdout, stderr } = spawn(["explain", "-"], "{}");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^tilewright: op must be one of/);
  });
});
