/** The worker that measures: it runs kernels, checks them, and tunes. The page ends it to stop what it does. */
import type { GivenSpec } from "tilewright";
import { tuneHere } from "tilewright/tuning";
import { canonicalKey } from "../../../src/ir/key.js";
import { checkData, errorOf } from "../../../src/tune/checkData.js";
import { parseRecord } from "../../../src/tune/record.js";
import { gainOf } from "../../../src/tune/selection.js";
import { intervalOf } from "../../../src/tune/statistics.js";
import type { Candidate, Job, MeasurerCalls, News, PeerResult, RunResult, TuneResult } from "../messages.js";
import { moduleOf, openJob, pointsOf } from "./job.js";
import { serve } from "./serve.js";
import { measured } from "./timing.js";

/** The most terms of a definition that are interpreted. The check takes three places of the last axis. */
const MOST_TERMS = 5e7;

async function run(job: Job): Promise<RunResult> {
  await openJob(job); // what is only loaded here does not count
  const begin = performance.now();
  const opened = await openJob(job);
  const module = moduleOf(opened);
  const compileMs = performance.now() - begin;
  const { program, terms } = opened.definition;
  const data = checkData(program);
  const { samples, outputs } = await measured(module, data);
  const time = intervalOf(samples);
  const isShort = terms <= MOST_TERMS;
  return {
    compileMs,
    check: isShort ? { error: errorOf(program, data, outputs), tolerance: data.tolerance } : undefined,
    samples,
    time,
    gflops: (2 * terms) / time.median / 1e6,
    terms: terms / 1e6,
  };
}

async function peer(job: Job): Promise<PeerResult> {
  const { program } = (await openJob(job)).definition;
  const data = checkData(program);
  const { runPeer } = await import("./tensorflow.js");
  const { name, samples, outputs } = await runPeer(job.spec, program, data);
  return { name, samples, time: intervalOf(samples), difference: errorOf(program, data, outputs) };
}

const TARGETS = { js: "js", wasm: "wasm", wgsl: "webgpu" } as const;

async function tune(job: Job, milliseconds: number, tell: (news: News) => void): Promise<TuneResult> {
  // Tuning compares with the model's pick, whatever was chosen here.
  const { spec, features, accuracy } = job;
  const opened = await openJob({ spec, features, accuracy });
  const { algorithm, knobs, cycles } = opened.candidate;
  tell({ pick: { algorithm, knobs, cycles } });
  const costs = new Map(pointsOf(opened, Number.POSITIVE_INFINITY).map((point) => [keyOf(point), point.cycles]));
  const result = await tuneHere(spec as GivenSpec, {
    target: TARGETS[features.language],
    accuracy,
    level: milliseconds > 2000 ? "balanced" : "quick",
    budget: milliseconds,
    onRecord(line) {
      const record = parseRecord(line);
      if (typeof record !== "string") tell({ candidate: candidateOf(record, costs.get(keyOf(record))) });
    },
  });
  const { best, untuned, candidates, points, unmeasured } = result;
  return { best, untuned, candidates, points, unmeasured };
}

const keyOf = ({ algorithm, knobs }: Pick<Candidate, "algorithm" | "knobs">): string =>
  canonicalKey({ algorithm, knobs });

function candidateOf(record: Exclude<ReturnType<typeof parseRecord>, string>, cycles = Number.NaN): Candidate {
  const { algorithm, knobs, outcome, samples } = record;
  const isMeasured = outcome === "measured";
  return {
    ...{ algorithm, knobs, outcome, cycles },
    time: isMeasured ? intervalOf(samples) : undefined,
    gain: isMeasured ? gainOf(record) : undefined,
  };
}

serve(
  (tell) =>
    ({ run, peer, tune: (job: Job, milliseconds: number) => tune(job, milliseconds, tell) }) satisfies MeasurerCalls,
);
