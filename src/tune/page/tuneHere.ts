/** Tunes a kernel in the page that will run it, on the machine of whoever looks at it. */
import { fail } from "../../ir/errors.js";
import type { OpSpec } from "../../ir/ops/spec.js";
import { EFFORTS } from "../levels.js";
import { printRecord, type TuningRecord } from "../record.js";
import { readRecords } from "../records.js";
import { type TunedKernel, tunedKey } from "../selection.js";
import { tuneKernel } from "../tuneKernel.js";
import { look } from "./channel.js";
import type { Gpu } from "./messages.js";
import { type Asked, checkAsked, type TuneOptions } from "./options.js";
import { progressOf, type TuningProgress } from "./progress.js";
import { pageTools } from "./tools.js";

export interface TuningResult extends TuningProgress {
  /** All lines that are new; with those of before, what `useRecords` and the next `tuneHere` take. */
  readonly records: string;
}

/**
 * Measures schedules of a kernel in a worker of this page, and tells of each as soon as that is done. `compile` takes what was found
 * once `useRecords` has been told of it. Candidates are compiled on the calling thread, one at a time. The page should do
 * nothing else meanwhile; pages that are isolated from other origins have a finer clock, which makes it several times as fast.
 *
 * For pages: in Node `tilewright tune` does the same.
 * @throws TilewrightError `invalid-spec`, `invalid-shape`, `too-large`, `invalid-argument` before anything is started;
 *   `target-unavailable` where a worker of this page may not run such code, or there is no worker, or no GPU in it
 */
export async function tuneHere(spec: OpSpec, options: TuneOptions = {}): Promise<TuningResult> {
  const asked = checkAsked(spec, options);
  const { kernel, signal } = asked;
  const end = performance.now() + Math.min(asked.budget, EFFORTS[asked.level].milliseconds);
  const ability = await look(kernel.target.language, signal);
  if (ability?.can === false) return fail("target-unavailable", ability.why);
  return measure(asked, ability?.gpu, end);
}

async function measure(
  { kernel, threads, level, records, onRecord, onProgress, signal }: Asked,
  gpu: Gpu | undefined,
  deadline: number,
): Promise<TuningResult> {
  const lines: string[] = [];
  const keep = (record: TuningRecord) => {
    const line = printRecord(record);
    lines.push(`${line}\n`);
    onRecord(line);
  };
  const tools = pageTools({ threads, gpu, signal, keep });
  const interrupt = () => tools.measurer.close();
  signal.addEventListener("abort", interrupt);
  try {
    const progress = await tuneKernel(kernel, tools, {
      ...{ level, effort: EFFORTS[level], deadline, signal },
      known: knownOf(kernel, records),
      onProgress: (progress) => onProgress(progressOf(progress)),
    });
    return { ...progressOf(progress), records: lines.join("") };
  } finally {
    signal.removeEventListener("abort", interrupt);
    tools.measurer.close();
  }
}

function knownOf(kernel: TunedKernel, text: string): readonly TuningRecord[] {
  const key = tunedKey(kernel);
  return readRecords(text).records.filter((record) => tunedKey(record) === key);
}
