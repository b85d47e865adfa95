/** Reports made up for tests: the same each time, and like those of real searches. */
import { explain } from "../../src/codegen/explain.js";
import { DEFAULT_LIMITS, wasmTarget, wgslTarget } from "../../src/codegen/target.js";
import type { OpSpec } from "../../src/ir/ops/spec.js";
import type { CandidateReport, ReportData, ShapeReport } from "../../src/report/data.js";
import type { Interval } from "../../src/tune/statistics.js";

const ASPP: OpSpec = {
  op: "atrousConv2dTranspose",
  value: [1, 33, 33, 256],
  filters: [3, 3, 256, 256],
  rate: 6,
  padding: "SAME",
};
const SMALL: OpSpec = {
  op: "conv2d",
  value: [1, 8, 8, 8],
  filters: [3, 3, 8, 8],
  rate: 2,
  padding: "SAME",
  bias: true,
};

const TARGETS = {
  wasm: wasmTarget({ simd: "relaxed", hoistsLoads: false, pairs: false, threads: false }),
  webgpu: wgslTarget({ limits: DEFAULT_LIMITS, storage: "f32" }),
};

/** Numbers from 0 to 1 that look random (a linear congruence). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const around = (median: number, spread: number): Interval => ({
  low: median * (1 - spread),
  median,
  high: median * (1 + spread),
});

const OUTCOMES = ["wrong", "crashed", "hung", "refused"] as const;

/** Times that follow what was predicted, more or less; every thirtieth did not come to an end. */
function candidates(count: number, seed = 1): CandidateReport[] {
  const roll = dice(seed);
  const best = 1.2 + roll();
  return Array.from({ length: count }, (_, i) => {
    const slower = i === 0 ? 1 : 0.72 + (i / count) * 2 + roll() * 0.7;
    const outcome = i % 30 === 29 ? (OUTCOMES[Math.floor(roll() * 4)] as (typeof OUTCOMES)[number]) : "measured";
    const isMeasured = outcome === "measured";
    return {
      knobs: `direct, parts ${1 + (i % 4)}, tile oy ${1 + (i % 3)} ox ${2 + (i % 5)} oc 8, order n oco oy oxo ky kx ic, unroll kx`,
      predicted: Math.round(8e6 * best * (1 + (i / count) * 1.5)),
      ms: isMeasured ? around(best * slower, 0.01 + 0.02 * roll()) : undefined,
      gain: isMeasured && i > 0 ? around(1 / slower, 0.015) : undefined,
      outcome,
    };
  });
}

function fastest(list: readonly CandidateReport[]): number {
  const times = list.map(({ ms }) => ms?.median ?? Infinity);
  return times.indexOf(Math.min(...times));
}

/** One shape; `change` overrides what it says. */
export function shapeOf(name: string, count = 40, change: Partial<ShapeReport> = {}, seed = 1): ShapeReport {
  const list = candidates(count, seed);
  return {
    name,
    spec: ASPP,
    target: "WebAssembly, 128 bits, fused multiply-add",
    measuredOn: "Node 24.1 on an AMD EPYC 9B14, one core",
    work: { flops: 1.28e8, liveFlops: 1.02e8, bytes: 4.6e6 },
    machine: { peak: 118.4, bandwidth: 17.9, isMeasured: true },
    candidates: list,
    untuned: 0,
    winner: fastest(list),
    rankCorrelation: 0.83,
    nest: NESTS.wasm,
    peers: [
      { name: "TensorFlow.js 4.22, wasm", ms: 7.9 },
      { name: "ONNX Runtime Web 1.23", ms: 3.4 },
      { name: "LiteRT 2.1", ms: 3.1 },
    ],
    ...change,
  };
}

function nestOf(target: keyof typeof TARGETS): string {
  const { kernels } = explain(SMALL, { target: TARGETS[target] });
  return kernels
    .filter(({ when }) => when === "run")
    .map(({ steps }) => steps[0]?.ir ?? "")
    .join("");
}

/** Nests of the compiler itself. */
export const NESTS = { wasm: nestOf("wasm"), webgpu: nestOf("webgpu") };

export const reportOf = (shapes: readonly ShapeReport[], change: Partial<ReportData> = {}): ReportData => ({
  title: "Tuning report",
  date: "2026-11-24T20:47:00.000Z",
  version: "0.1.0",
  command: "tilewright report --bench bench.json",
  machine: "Node 24.1, AMD EPYC 9B14",
  shapes,
  leftOut: [{ reason: "made by another version of the compiler", count: 12 }],
  ...change,
});

const GPU: Partial<ShapeReport> = {
  target: "WebGPU, f32, 32 lanes",
  measuredOn: "Dawn on an NVIDIA H100",
  machine: { peak: 20480, bandwidth: 500, isMeasured: false },
  spec: SMALL,
  nest: NESTS.webgpu,
  peers: [],
};

/** As a reader would see it: several shapes, two targets, one that tuning left as it was. */
export const TYPICAL = reportOf([
  shapeOf("aspp33_r6", 160),
  shapeOf("head65_21", 60, {}, 2),
  shapeOf("fcn64_64x32", 240, { winner: 0, rankCorrelation: 0.41 }, 3),
  shapeOf("aspp33_r6 on a GPU", 30, GPU, 4),
]);

/** Strings that would do harm as markup, style, expression or name. */
const HOSTILE = [
  `</style><script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `' onmouseover='alert(1)`,
  `<!--`,
  `{{constructor.constructor("throw 1")()}}`,
  `datum.x"] || (throw 1)`,
  `javascript:alert(1)`,
  `https://example.com/x.png`,
  `\u0000\u202e\ud800 ${"very".repeat(400)}`,
] as const;

/** Every string is one of those, in every place that takes one. */
export const HOSTILE_REPORT = reportOf(
  HOSTILE.map((text, i) => {
    const list = candidates(12, i + 1).map((candidate) => ({ ...candidate, knobs: text }));
    return shapeOf(text, 0, {
      spec: { ...ASPP, op: text as "conv2d", padding: text as "SAME", activation: text as "relu" },
      target: text,
      measuredOn: text,
      candidates: list,
      winner: 3,
      nest: `${text}\n  ${text}\nfor ${text} < 4 unrolled\n  ${text}\n`,
      peers: [{ name: text, ms: 3 }],
    });
  }),
  {
    title: HOSTILE.join(" "),
    date: HOSTILE[0],
    version: HOSTILE[1],
    command: HOSTILE[2],
    machine: HOSTILE[0],
    leftOut: HOSTILE.map((reason) => ({ reason, count: 1 })),
  },
);

const deepNest = (levels: number): string =>
  Array.from({ length: levels }, (_, i) => `${"  ".repeat(i)}for i${i} < 2${i % 3 === 0 ? " unrolled" : ""}\n`).join(
    "",
  );

/** What is seldom: nothing, one, thousands, nothing to compute, everything failed, numbers that are none. */
export const ODD_REPORT = reportOf([
  shapeOf("one candidate", 1, { winner: 0, rankCorrelation: undefined, peers: [], nest: "" }),
  shapeOf("no candidate", 0, { winner: -1, rankCorrelation: undefined }),
  shapeOf("nothing to compute", 4, { work: { flops: 0, liveFlops: 0, bytes: 0 } }),
  shapeOf("5,000 candidates", 5000, { nest: deepNest(300) }),
  shapeOf("two alike", 40, { nest: "no indentation\n      too much\n\n\tand a tab" }),
  shapeOf("two alike", 40, { peers: Array.from({ length: 40 }, (_, i) => ({ name: `peer ${i}`, ms: 3 + i / 100 })) }),
  shapeOf("all failed", 0, {
    candidates: [
      { knobs: "a", predicted: 1, ms: undefined, gain: undefined, outcome: "crashed" },
      { knobs: "b", predicted: 2, ms: undefined, gain: undefined, outcome: "hung" },
    ],
    winner: 1,
  }),
  shapeOf("numbers that are none", 0, {
    candidates: [0, -1, NaN, Infinity, 1e300, 1e-300].map((value, i) => ({
      knobs: `direct, variant ${i}`,
      predicted: value,
      ms: { low: value, median: value, high: value },
      gain: { low: value, median: value, high: value },
      outcome: "measured" as const,
    })),
    winner: 2,
    work: { flops: NaN, liveFlops: Infinity, bytes: 1 },
    machine: { peak: NaN, bandwidth: 0, isMeasured: false },
    rankCorrelation: NaN,
    peers: [{ name: "none", ms: NaN }],
  }),
]);
