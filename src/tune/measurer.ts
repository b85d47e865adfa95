/** The measurer: times and checks kernels, alone in a process or thread that its client may kill. */
import { failInternally, unreachable } from "../ir/errors.js";
import type { KernelModule } from "../ir/module.js";
import { programOfAny } from "../specs/anySpec.js";
import { type CheckData, checkData, errorOf, type FloatsByName, largestDifference } from "./checkData.js";
import type { Opened, Problem, Reply, Request, Trial, Tried } from "./messages.js";
import { type Entrant, TIERS_MS, takeTurns, WARM_MS, warmCalls } from "./sampling.js";
import { timedKernel } from "./timedKernel.js";

interface Open {
  readonly problem: Problem;
  readonly data: CheckData;
  readonly baseline: Entrant;
  /** The outputs of the model's pick, which candidates must reproduce. */
  readonly expected: FloatsByName;
}

export class Measurer {
  readonly #tell: (reply: Reply) => void;
  #open: Open | undefined;

  /**
   * `tell` sends a reply that comes before the answer. `tiersUp` is true if WebAssembly starts in a lower tier here;
   * JavaScript starts in one everywhere.
   */
  constructor(
    tell: (reply: Reply) => void,
    readonly tiersUp = false,
  ) {
    this.#tell = tell;
  }

  #warmMs({ language }: KernelModule): number {
    return this.tiersUp || language === "js" ? TIERS_MS : WARM_MS;
  }

  /** Answers a request and never rejects; only the end of the process prevents an answer. */
  async answer(request: Request): Promise<Reply> {
    try {
      switch (request.do) {
        case "open":
          return { did: "open", opened: await this.#start(request.problem) };
        case "try":
          return { did: "try", tried: await this.#try(request.trial) };
        default:
          return unreachable(request);
      }
    } catch (error) {
      return { did: "throw", message: error instanceof Error ? error.message : String(error) };
    }
  }

  async #start(problem: Problem): Promise<Opened> {
    // A spec that was sent here comes without its program.
    const program = programOfAny(problem.baseline.spec ?? failInternally("kernels are tuned for a spec"));
    const data = checkData(program);
    const loaded = await timedKernel(problem.baseline, data, problem.threads);
    const instance = await loaded.place();
    const expected = await instance.result();
    const check = { error: errorOf(program, data, expected), tolerance: data.tolerance };
    const { calls, ms } = await warmCalls(
      instance,
      { sampleMs: problem.sampleMs, deadline: Number.POSITIVE_INFINITY },
      this.#warmMs(problem.baseline),
    );
    instance.dispose();
    this.#open = { problem, data, expected, baseline: { ...loaded, calls } };
    return { ms, check };
  }

  async #try({ module, within, ...rest }: Trial): Promise<Tried> {
    const limits = { ...rest, deadline: performance.now() + within };
    const { problem, data, expected, baseline } = this.#open ?? failInternally("a trial before there is a problem");
    const loaded = await timedKernel(module, data, problem.threads);
    try {
      const instance = await loaded.place();
      const result = await instance.result();
      this.#tell({ did: "call" });
      const check = { error: largestDifference(result, expected), tolerance: data.tolerance };
      if (!(check.error <= check.tolerance)) {
        return { is: "wrong", check: { ...check, error: Math.min(check.error, Number.MAX_VALUE) } };
      }
      const { calls } = await warmCalls(instance, limits, this.#warmMs(module));
      instance.dispose();
      const samples = await takeTurns({ ...loaded, calls }, baseline, limits);
      return samples ? { is: "measured", check, samples } : { is: "late" };
    } finally {
      loaded.dispose();
    }
  }
}
