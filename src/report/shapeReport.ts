/** Gathers the content of a report from records. Predictions are made anew: fresh records are of this compiler. */
import { chooseAlgorithm, spaceOf } from "../codegen/compile.js";
import { explain } from "../codegen/explain.js";
import { typicalMachine } from "../codegen/machineSpeed.js";
import type { Candidate } from "../codegen/search/approach.js";
import { type Features, type Target, targetOf } from "../codegen/target.js";
import { definitionOf } from "../ir/ops/index.js";
import { workOf } from "../ir/work.js";
import type { Machine, TuningRecord } from "../tune/record.js";
import { best, gainOf, pointKey, type TunedKernel } from "../tune/selection.js";
import { intervalOf, rankCorrelation } from "../tune/statistics.js";
import type { BenchResult } from "./benchFile.js";
import type { CandidateReport, ShapeReport } from "./data.js";

/** Prints a point in one row. */
export type PointText = (point: Pick<Candidate, "algorithm" | "knobs">) => string;

export interface ShapeReportOptions {
  readonly name: string;
  readonly bench: BenchResult | undefined;
  readonly pointText: PointText;
}

/**
 * The report of one kernel on one machine or class of device. Undefined if no schedule of this compiler was measured.
 * @param own fresh records of the kernel, all of one machine: times of different machines cannot be compared
 */
export function shapeReport(
  { spec, wanted, target: features }: TunedKernel,
  own: readonly TuningRecord[],
  { name, bench, pointText }: ShapeReportOptions,
): ShapeReport | undefined {
  const target = targetOf(features);
  const definition = definitionOf(spec);
  const pick = chooseAlgorithm(definition.program, target, wanted);
  const points = new Map([...spaceOf(definition.program, target, wanted)].map((point) => [pointKey(point), point]));
  const known = own.filter((record) => points.has(pointKey(record)));
  if (!known.some(({ outcome }) => outcome === "measured")) return undefined;
  const candidates = known.map((record) =>
    candidateReport(record, points.get(pointKey(record)) as Candidate, pointText),
  );
  const winner = best(known);
  const all = [pickReport(pick, known, pointText), ...candidates];
  const point = winner ? (points.get(pointKey(winner.record)) as Candidate) : pick;
  return {
    name,
    spec,
    target: targetText(features, target),
    measuredOn: machineText((own[0] as TuningRecord).machine),
    work: workOf(definition),
    machine: bench?.machine ?? { ...typicalMachine(target), isMeasured: false },
    candidates: all,
    untuned: 0,
    winner: winner ? 1 + known.findIndex((record) => pointKey(record) === pointKey(winner.record)) : 0,
    rankCorrelation: rankCorrelation(
      candidates.flatMap(({ predicted, ms }) => (ms ? [[predicted, ms.median] as const] : [])),
    ),
    nest: nestOf(point, { spec, target }),
    peers: bench?.peersOf(spec) ?? [],
  };
}

const machineText = ({ engine, processor, threads }: Machine): string =>
  [engine, processor, threads > 1 ? `${threads} threads` : ""].filter((part) => part !== "").join(", ");

function candidateReport(record: TuningRecord, { cycles }: Candidate, pointText: PointText): CandidateReport {
  const isMeasured = record.outcome === "measured";
  return {
    knobs: pointText(record),
    predicted: cycles,
    ms: isMeasured ? intervalOf(record.samples) : undefined,
    gain: isMeasured ? gainOf(record) : undefined,
    outcome: record.outcome,
  };
}

/**
 * The report of the model's pick. It was measured in turns with every candidate, so its time is the median of all
 * turns.
 */
function pickReport(pick: Candidate, records: readonly TuningRecord[], pointText: PointText): CandidateReport {
  const times = records.flatMap(({ baseline }) => (baseline.length > 0 ? [intervalOf(baseline).median] : []));
  return {
    knobs: pointText(pick),
    predicted: pick.cycles,
    ms: intervalOf(times),
    gain: { low: 1, median: 1, high: 1 },
    outcome: "measured",
  };
}

function nestOf(
  { algorithm, plan }: Candidate,
  { spec, target }: { spec: TunedKernel["spec"]; target: Target },
): string {
  const { kernels } = explain(spec, { target, algorithm, schedule: plan().schedule });
  return kernels
    .filter(({ when }) => when === "run")
    .flatMap(({ steps }) => steps.slice(0, 1).map(({ ir }) => ir))
    .join("\n");
}

function targetText(features: Features, { lanes, pairs, fma }: Target): string {
  if (features.language === "js") return "JavaScript";
  if (features.language === "wgsl") return `WebGPU, tensors of ${features.storage}`;
  if (lanes === 1) return "WebAssembly, no vectors";
  return `WebAssembly, vectors of ${pairs ? 256 : 128} bits${fma ? ", fused multiply-add" : ""}`;
}
