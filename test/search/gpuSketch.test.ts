/** Schedules that the cost model picks for GPUs: within what each device allows, the same every time, and enough for large ones. */
import { readFileSync } from "node:fs";
import { type GivenSpec, gradient } from "tilewright";
import { describe, expect, test } from "vitest";
import { compileModule } from "../../src/codegen/compile.js";
import { DEFAULT_LIMITS, type Target, type WorkgroupLimits, wgslTarget } from "../../src/codegen/target.js";
import { programOf } from "../../src/ir/ops/index.js";
import type { OpSpec } from "../../src/ir/ops/spec.js";
import { printKernel } from "../../src/ir/print.js";
import { elementCount } from "../../src/ir/program.js";
import type { Wanted } from "../../src/ir/rewrites/wanted.js";
import type { Launch, LoopKernel } from "../../src/ir/stmt.js";
import { statements } from "../../src/ir/visit.js";
import { chooseAlgorithm, lowerFor } from "../support/algorithms.js";
import { specWith } from "../support/calls.js";
import { wrongIn } from "../support/schedules.js";

const SUITE = Object.entries(
  JSON.parse(readFileSync(new URL("../../bench/suite.json", import.meta.url), "utf8")) as Record<string, OpSpec>,
);
const named = (name: string): OpSpec => SUITE.find(([other]) => other === name)?.[1] as OpSpec;

const DEVICES: Readonly<Record<string, WorkgroupLimits>> = {
  "every device": DEFAULT_LIMITS,
  "a large one": {
    invocations: 1024,
    invocationsAlong: [1024, 1024, 64],
    workgroupBytes: 49_152,
    workgroupsAlong: 65_535,
    storageBuffers: 10,
    bufferBytes: 2 ** 31,
  },
  "one of 128 invocations": { ...DEFAULT_LIMITS, invocations: 128, invocationsAlong: [128, 128, 64] },
  "one of 8 KiB": { ...DEFAULT_LIMITS, workgroupBytes: 8192 },
};

const targetFor = (limits: WorkgroupLimits, multiprocessors?: number): Target<"wgsl"> =>
  wgslTarget({ limits, storage: "f32", ...(multiprocessors === undefined ? {} : { multiprocessors }) });

/** The kernels of what is chosen, as they are launched. */
function kernelsOf(spec: OpSpec, target: Target, wanted: Wanted = {}): readonly LoopKernel[] {
  const { program, schedule } = chooseAlgorithm(spec, target, wanted).plan();
  const { prepare, run } = lowerFor(program, schedule, target);
  return [...prepare, ...run];
}

const launchOf = ({ launch }: LoopKernel): Launch => launch as Launch;

function expectWithin(kernel: LoopKernel, limits: WorkgroupLimits): void {
  const { invocations } = launchOf(kernel);
  expect(elementCount(invocations)).toBeLessThanOrEqual(limits.invocations);
  invocations.forEach((count, i) => {
    expect(count).toBeLessThanOrEqual(limits.invocationsAlong[i] as number);
  });
  const shared = statements(kernel.body).flatMap((stmt) =>
    stmt.kind === "alloc" && stmt.space === "workgroup" ? [4 * elementCount(stmt.shape)] : [],
  );
  expect(shared.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(limits.workgroupBytes);
  expect(kernel.buffers.length).toBeLessThanOrEqual(limits.storageBuffers);
}

describe.each(Object.entries(DEVICES))("%s", (_, limits) => {
  test.each(SUITE)("%s compiles within its limits", (_, spec) => {
    const kernels = kernelsOf(spec, targetFor(limits));
    for (const kernel of kernels) {
      expectWithin(kernel, limits);
      // Half a warp or less would leave most of a multiprocessor without anything to do.
      expect(elementCount(launchOf(kernel).invocations)).toBeGreaterThanOrEqual(64);
    }
  });

  test("so do shapes of few pixels or channels, and tiles for a small machine", () => {
    const few: readonly OpSpec[] = [
      specWith({ value: [1, 1, 1, 512], filters: [1, 1, 512, 512] }),
      specWith({ value: [1, 1, 1, 3], filters: [9, 9, 1, 3], padding: "VALID" }),
      specWith({ value: [1, 64, 64, 256], filters: [3, 3, 1, 256] }),
      specWith({ value: [1, 64, 64, 1], filters: [3, 3, 256, 1] }),
      named("aspp33_r2"),
      named("fcn64_64x32"),
    ];
    for (const spec of few) {
      for (const kernel of kernelsOf(spec, targetFor(limits, 1))) expectWithin(kernel, limits);
    }
  });

  test("so does Winograd's algorithm, in few kernels", () => {
    for (const name of ["aspp33_r2", "gan32_5x5", "audio4096", "odd_4x2_r3"]) {
      const kernels = kernelsOf(named(name), targetFor(limits), { algorithm: "winograd" });
      for (const kernel of kernels) expectWithin(kernel, limits);
      const run = compileModule(named(name), { target: targetFor(limits), algorithm: "winograd" }).run;
      expect(run.map((entry) => entry.name)).toEqual(["inputTileKernel", "productKernel", "outputKernel"]);
    }
  });
});

test("a device with more memory is given larger tiles where that helps", () => {
  const bytesOf = (limits: WorkgroupLimits) =>
    Math.max(
      ...["aspp33_r6", "fcn64_64x32", "audio4096"].map((name) =>
        kernelsOf(named(name), targetFor(limits, 8))
          .flatMap(({ body }) => statements(body))
          .reduce(
            (sum, stmt) => sum + (stmt.kind === "alloc" && stmt.space === "workgroup" ? elementCount(stmt.shape) : 0),
            0,
          ),
      ),
    );
  const little: WorkgroupLimits = { ...DEFAULT_LIMITS, workgroupBytes: 2048 };
  expect(bytesOf(little)).toBeLessThanOrEqual(512);
  expect(bytesOf(DEFAULT_LIMITS)).toBeGreaterThan(512);
});

describe("large and small machines", () => {
  const SIZES = [1, 4, 8, 32, 64, 128];
  const chosen = (spec: OpSpec, multiprocessors: number) => {
    const target = targetFor(DEFAULT_LIMITS, multiprocessors);
    const { cycles } = chooseAlgorithm(spec, target, {});
    const conv = kernelsOf(spec, target).find(({ name }) => name === "conv") as LoopKernel;
    const { workgroups, invocations } = launchOf(conv);
    return { cycles, workgroups: elementCount(workgroups), invocations: elementCount([...workgroups, ...invocations]) };
  };
  /** What has more than a few outputs. */
  const LARGE = SUITE.filter(([name]) => !/^(tiny|odd)/.test(name));

  test.each(["aspp33_r6", "head65_21", "logits128_21", "gan32_5x5", "audio4096", "fcn256_16x3", "odd_2x4_r3s"])(
    "%s: more multiprocessors have as many invocations, but for what tiles round, and take no longer",
    (name) => {
      const all = SIZES.map((size) => chosen(named(name), size));
      all.slice(1).forEach((next, i) => {
        const before = all[i] as (typeof all)[0];
        expect(next.invocations).toBeGreaterThan(0.9 * before.invocations);
        expect(next.cycles).toBeLessThanOrEqual(before.cycles);
      });
    },
  );

  test.each(LARGE)("%s: none of 128 multiprocessors is left without a workgroup", (_, spec) => {
    expect(chosen(spec, 128).workgroups).toBeGreaterThanOrEqual(128);
  });

  test("sums are computed in parts where outputs are few for the machine, and only there", () => {
    const partsOf = (name: string, size: number) => {
      const { algorithm } = chooseAlgorithm(named(name), targetFor(DEFAULT_LIMITS, size), {});
      return algorithm.kind === "direct" ? (algorithm.parts ?? 1) : 0;
    };
    expect(partsOf("aspp33_r6", 1)).toBe(1);
    expect(partsOf("aspp33_r6", 128)).toBeGreaterThan(1);
    expect(partsOf("fcn128_32x16", 128)).toBe(1);
  });
});

describe("the same every time", () => {
  test.each(SUITE)("%s", (_, spec) => {
    const target = targetFor(DEFAULT_LIMITS);
    const once = chooseAlgorithm(spec, target, {});
    const again = chooseAlgorithm(structuredClone(spec), structuredClone(target), {});
    expect(again.algorithm).toEqual(once.algorithm);
    expect(again.cycles).toBe(once.cycles);
    expect(JSON.stringify(again.plan().schedule)).toBe(JSON.stringify(once.plan().schedule));
  });
});

describe("schedules that are picked mean what they should", () => {
  /** Small enough to interpret; all but the first have pixels or channels that no tile divides. */
  const SHAPES: readonly OpSpec[] = [
    specWith({ value: [1, 8, 8, 64], filters: [1, 1, 32, 64] }),
    specWith({ value: [2, 5, 7, 62], filters: [1, 1, 33, 62], bias: true, activation: "relu" }),
    specWith({ value: [2, 5, 13, 6], filters: [2, 3, 7, 6], padding: "VALID", bias: true, activation: "relu" }),
    { op: "conv2d", value: [1, 9, 9, 8], filters: [3, 2, 8, 12], rate: 2, padding: "SAME" },
    specWith({ value: [1, 1, 1, 3], filters: [1, 1, 1, 3] }),
  ];
  const seen = new Set<string>();
  test.each(SHAPES)("$op $value with $filters", (spec) => {
    for (const multiprocessors of [1, 128]) {
      const target = targetFor(DEFAULT_LIMITS, multiprocessors);
      const { schedule } = chooseAlgorithm(spec, target, { algorithm: { kind: "direct", parts: 1 } }).plan();
      const { prepare, run } = lowerFor(programOf(spec), schedule, target);
      expect(wrongIn([...prepare, ...run], spec), run.map(printKernel).join("\n")).toBeUndefined();
      const shares = run.some(({ body }) => statements(body).some(({ kind }) => kind === "barrier"));
      seen.add(shares ? "shared" : "direct");
    }
  });

  test("with tiles that are shared, and with such as are not", () => {
    expect([...seen].sort()).toEqual(["direct", "shared"]);
  });

  test("an empty output and an empty sum", () => {
    for (const spec of [specWith({ value: [0, 4, 5, 2] }), specWith({ value: [1, 4, 5, 0], filters: [3, 3, 3, 0] })]) {
      const { schedule } = chooseAlgorithm(spec, targetFor(DEFAULT_LIMITS), {}).plan();
      const { prepare, run } = lowerFor(programOf(spec), schedule, targetFor(DEFAULT_LIMITS));
      expect(wrongIn([...prepare, ...run], spec)).toBeUndefined();
    }
  });
});

test("rows of a product with columns between them are brought together", () => {
  const spec: GivenSpec = {
    ...{ op: "conv2dTranspose", convention: "onnx", value: [1, 2, 1, 3], filters: [2, 2, 4, 1] },
    ...{ strides: [2, 3], dilations: [3, 2], outputPadding: [1, 2] },
    padding: [
      [2, 2],
      [0, 0],
    ],
  };
  const { schedule } = compileModule(gradient(spec, "filters"), { target: targetFor(DEFAULT_LIMITS) });
  expect(schedule).toContain("fuse(ic kx=p)");
});
