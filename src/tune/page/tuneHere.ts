/** `tuneHere`: tunes a kernel in the page that will run it, on the machine of its user. */
import { fail } from "../../ir/errors.js";
import type { GivenSpec } from "../../ir/ops/spec.js";
import { Budget } from "../budget.js";
import { EFFORTS } from "../levels.js";
import { OwnBench } from "../ownBench.js";
import { printRecord, type TuningRecord } from "../record.js";
import { readRecords } from "../records.js";
import { type TunedKernel, tunedKey } from "../selection.js";
import { openKernel } from "../tuneKernel.js";
import { look } from "./channel.js";
import type { Gpu } from "./messages.js";
import { type Asked, checkAsked, type TuneOptions } from "./options.js";
import { progressOf, type TuningProgress } from "./progress.js";
import { pageTools } from "./tools.js";

/** The final state of tuning one kernel, and the new records. */
export interface TuningResult extends TuningProgress {
  /** The reason why nothing was compared with the model's pick in this run, in words; undefined if something was. */
  readonly unmeasured: string | undefined;
  /** The new records, lines of JSON. Append them to the earlier ones, for `useRecords` and the next `tuneHere`. */
  readonly records: string;
}

/**
 * Measures schedules of a kernel in a worker of this page, and passes each record to `onRecord` as soon as it is made.
 * `compile` uses the best schedule once `useRecords` has read the records. The calling thread compiles candidates, one
 * at a time. The page should do nothing else meanwhile. Pages that are isolated from other origins have a finer clock,
 * with which tuning is several times as fast.
 *
 * It is for pages; in Node `tilewright tune` does the same.
 * @throws TilewrightError `invalid-spec`, `invalid-shape`, `too-large`, `invalid-argument` before anything is started;
 *   `target-unavailable` if the page can start no worker, its worker may not run such code, or has no GPU
 */
export async function tuneHere(spec: GivenSpec, options: TuneOptions = {}): Promise<TuningResult> {
  const asked = checkAsked(spec, options);
  const { kernel, signal } = asked;
  const ability = await look(kernel.target.language, signal);
  if (ability?.can === false) return fail("target-unavailable", ability.why);
  return measure(asked, ability?.gpu);
}

async function measure(
  { kernel, threads, level, budget, records, onRecord, onProgress, signal }: Asked,
  gpu: Gpu | undefined,
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
    const session = await openKernel(kernel, new OwnBench(tools), {
      ...{ level, effort: EFFORTS[level], budget: new Budget(budget), sharers: 1, signal },
      known: knownOf(kernel, records),
      onProgress: (progress) => onProgress(progressOf(progress)),
    });
    const tuned = await session.run();
    return { ...progressOf(tuned), unmeasured: tuned.unmeasured, records: lines.join("") };
  } finally {
    signal.removeEventListener("abort", interrupt);
    tools.measurer.close();
  }
}

function knownOf(kernel: TunedKernel, text: string): readonly TuningRecord[] {
  const key = tunedKey(kernel);
  return readRecords(text).records.filter((record) => tunedKey(record) === key);
}
