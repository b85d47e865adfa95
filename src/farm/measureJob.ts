/** Measures jobs on the bench of this machine. The kernel of the last job stays open, as the next job often has it. */
import { chooseAlgorithm, spaceOf } from "../codegen/compile.js";
import type { Candidate } from "../codegen/search/approach.js";
import { targetOf } from "../codegen/target.js";
import { TilewrightError } from "../ir/errors.js";
import { programOf } from "../ir/ops/index.js";
import type { SearchState } from "../tune/bench.js";
import { EFFORTS } from "../tune/levels.js";
import { OwnBench, type Tools } from "../tune/ownBench.js";
import { pointKey, tunedKey } from "../tune/selection.js";
import type { Signal } from "../tune/signal.js";
import type { FarmJob } from "./messages.js";
import { failed, type Measure } from "./worker.js";

interface Open {
  /** The kernel and the effort. */
  readonly key: string;
  readonly points: ReadonlyMap<string, Candidate>;
}

/** @param tools of this machine, whose records are those of its class */
export function measuring(tools: Tools, signal: Signal): Measure {
  const bench = new OwnBench(tools);
  let open: Open | undefined;
  return async (job) => {
    try {
      const key = `${tunedKey(job.kernel)} ${job.level}`;
      if (open?.key !== key) {
        open = undefined;
        open = { key, points: await opened(bench, job, signal) };
      }
      const candidate = open.points.get(pointKey(job.point));
      // A name that no point has here: nothing in it reaches the compiler.
      if (!candidate) return failed(job, "refused");
      const ended = await bench.measureOne(candidate, owed(job));
      return ended === "late" ? undefined : ended;
    } catch (error) {
      // The kernel cannot be compiled, or the model's pick is wrong here.
      if (error instanceof TilewrightError) return signal.aborted ? undefined : failed(job, "refused");
      throw error;
    }
  };
}

async function opened(bench: OwnBench, job: FarmJob, signal: Signal): Promise<ReadonlyMap<string, Candidate>> {
  const { kernel, level } = job;
  const [target, program] = [targetOf(kernel.target, bench.gpu), programOf(kernel.spec)];
  const pick = chooseAlgorithm(program, target, kernel.wanted);
  await bench.open({ kernel, target, pick, level, effort: EFFORTS[level], known: [], signal });
  const points = new Map<string, Candidate>();
  for (const point of spaceOf(program, target, kernel.wanted)) points.set(pointKey(point), point);
  return points;
}

/** A candidate that was asked for is measured whatever it takes. */
const owed = ({ atLeast }: FarmJob): SearchState => ({
  ...{ isDone: false, within: Number.POSITIVE_INFINITY, incumbent: atLeast },
  begin: () => undefined,
});
