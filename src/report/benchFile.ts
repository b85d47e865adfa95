/** Reads the parts of a result of `npm run bench` that a report shows: the roof of the machine, and other libraries. */

import * as v from "valibot";
import { canonicalKey } from "../ir/key.js";
import type { Spec } from "../ir/ops/spec.js";
import { checkAnySpec } from "../specs/anySpec.js";
import type { PeerReport, ShapeReport } from "./data.js";

const positive = v.pipe(v.number(), v.finite(), v.gtValue(0));
const BENCH = v.object({
  format: v.literal("tilewright-bench"),
  version: v.literal(1),
  peaks: v.pipe(v.array(v.object({ name: v.string(), gflops: positive })), v.minLength(1)),
  bandwidth: v.object({ gigabytesPerSecond: positive }),
  rows: v.array(v.object({ spec: v.unknown(), contestant: v.string(), ms: positive })),
});

export interface BenchResult {
  readonly machine: ShapeReport["machine"];
  peersOf(spec: Spec): readonly PeerReport[];
}

/** Returns undefined if the value is no such result. Throws the error of `checkAnySpec` for a spec in it. */
export function readBench(value: unknown): BenchResult | undefined {
  const read = v.safeParse(BENCH, value);
  if (!read.success) return undefined;
  const { peaks, bandwidth, rows } = read.output;
  const keyed = rows.map(({ spec, contestant, ms }) => ({ key: canonicalKey(checkAnySpec(spec)), contestant, ms }));
  return {
    machine: {
      peak: Math.max(...peaks.map(({ gflops }) => gflops)),
      bandwidth: bandwidth.gigabytesPerSecond,
      isMeasured: true,
    },
    peersOf: (spec) =>
      keyed
        .filter(({ key, contestant }) => key === canonicalKey(spec) && !contestant.startsWith("tilewright"))
        .map(({ contestant, ms }) => ({ name: contestant, ms })),
  };
}
