/** `tilewright records explain`: says why a spec gets its schedule. */

import { chooseAlgorithm } from "../codegen/compile.js";
import { targetOf } from "../codegen/target.js";
import { programOf } from "../ir/ops/index.js";
import type { Spec } from "../ir/ops/spec.js";
import { specRow } from "../ir/ops/specRow.js";
import { counted } from "../report/format.js";
import { thisClass, thisMachine } from "../tune/machine.js";
import type { TuningRecord } from "../tune/record.js";
import { best, byKernel, type Choice, isFresh, ranked, tunedKey } from "../tune/selection.js";
import type { Interval } from "../tune/statistics.js";
import type { Io } from "./io.js";
import { ageOf, machineRow } from "./recordsText.js";
import { specArgument } from "./specArgument.js";
import { featuresFor } from "./tuneKernels.js";
import { pointRow } from "./tuneText.js";

export interface RecordsExplanation {
  readonly spec: Spec;
  /** The record whose schedule is used; undefined if the model's pick is used. */
  readonly best: Choice | undefined;
  readonly runnerUp: Choice | undefined;
  readonly text: string;
}

interface Arguments {
  readonly target: string;
  readonly threads?: string | undefined;
  readonly accuracy?: string | undefined;
  readonly algorithm?: string | undefined;
}

export async function explainRecords(
  given: string,
  records: readonly TuningRecord[],
  args: Arguments,
  io: Io,
): Promise<RecordsExplanation> {
  const { spec, wanted } = await specArgument(given, args, io);
  const { features: target, threads } = featuresFor(spec, args);
  const group = byKernel(records).get(tunedKey({ spec, wanted, target })) ?? [];
  const choice = best(group, thisMachine(threads), thisClass(threads));
  const runnerUp = ranked(group).find(({ record }) => record.id !== choice?.record.id);
  const pick = chooseAlgorithm(programOf(spec), targetOf(target), wanted);
  const lines = [
    specRow(spec),
    ...(choice ? chosen(choice, runnerUp) : untuned(group)),
    `the model's pick: ${pointRow(pick)}`,
    countsOf(group),
  ];
  return { spec, best: choice, runnerUp, text: `${lines.join("\n")}\n` };
}

const times = ({ low, median, high }: Interval): string =>
  `${median.toFixed(3)}x (${low.toFixed(3)} to ${high.toFixed(3)})`;

function chosen({ record, gain }: Choice, runnerUp: Choice | undefined): string[] {
  return [
    `tuned: ${pointRow(record)}`,
    `  ${times(gain)} as fast as the model's pick, in ${counted(record.samples.length, "round")}`,
    `  measured ${record.date}, ${ageOf(record.date)}, on ${machineRow(record.machine)}; ` +
      `record ${record.id.slice(0, 12)}`,
    ...(runnerUp
      ? [
          `runner-up: ${pointRow(runnerUp.record)}`,
          `  ${times(runnerUp.gain)}; the margin is ${(100 * (gain.median / runnerUp.gain.median - 1)).toFixed(1)} %` +
            `${runnerUp.gain.high >= gain.low ? ", which is a tie" : ""}`,
        ]
      : []),
  ];
}

function untuned(group: readonly TuningRecord[]): string[] {
  if (group.length === 0) return ["untuned: there is no record of it for this target; run tilewright tune"];
  if (!group.some(isFresh)) return ["untuned: all records are of other versions of the compiler; run tilewright tune"];
  const [first] = ranked(group);
  if (!first) return ["untuned: no schedule that was tried could be measured"];
  return [
    `untuned: nothing is faster than the model's pick for sure; next is ${pointRow(first.record)}`,
    `  ${times(first.gain)}`,
  ];
}

function countsOf(group: readonly TuningRecord[]): string {
  const stale = group.filter((record) => !isFresh(record)).length;
  const failed = group.filter(({ outcome }) => outcome !== "measured").length;
  return `${counted(group.length, "record")}, ${stale} of other versions, ${failed} of schedules that failed`;
}
