/** Runs the calls of one backend of TensorFlow.js on our kernels, where they are expected to be faster. */
import { fail, TilewrightError } from "../ir/errors.js";
import { speedUpOf, type TfBackendName } from "./gain.js";
import type { PlanKernels } from "./kernels/planKernels.js";
import type { CallPlan, OpRule } from "./plan.js";
import { type CallSizes, hasSizes, sizesKey, sizesOf } from "./sizes.js";
import type { Tally } from "./tally.js";
import type { TfCall, TfTensor, TfUtil } from "./tf.js";

export interface RunnerOptions {
  readonly backend: TfBackendName;
  readonly accuracy: "exact" | "fast";
  readonly minWork: number;
}

/** The calls of one kernel that have the same sizes. */
interface Planned {
  readonly kernelName: string;
  readonly plan: CallPlan | undefined;
  readonly gain: number;
  /** The least time of a call on TensorFlow.js' kernel while ours was not there, in milliseconds; none if unknown. */
  theirs?: number;
  /** The reason why TensorFlow.js' kernel serves them, if it does. */
  reason: string | undefined;
}

interface LastCall {
  readonly rule: OpRule;
  readonly sizes: CallSizes;
  readonly planned: Planned;
}

/** Kernels are compiled when they are first called, or in the background while TensorFlow.js' own serve. */
export type CompileTime = "in place" | "later";

const COMPILING = "its kernel is being compiled";
const UNREACHABLE = "a tensor lies where the kernel cannot reach it";

/** How many times as fast as TensorFlow.js ours count in a report where its own kernel was never timed. */
const MOST_CLAIMED = 2;

/** An app whose images have ever new sizes makes ever new plans. */
const MOST_PLANS = 4096;

interface CompileJob {
  readonly planned: Planned;
  readonly plan: CallPlan;
  readonly tensors: readonly TfTensor[];
  /** Kept when the kernel is made, or refused. */
  readonly done: Promise<void>;
}

export class Runner {
  readonly #kernels: PlanKernels;
  readonly #options: RunnerOptions;
  readonly #util: TfUtil;
  readonly #tally: Tally;
  readonly #planned = new Map<string, Planned>();
  /** The last plan for the filters with these data. */
  readonly #last = new WeakMap<object, LastCall>();
  readonly #jobs = new Set<CompileJob>();
  /** When the next job may begin. */
  #turn: Promise<void> = Promise.resolve();

  constructor(kernels: PlanKernels, options: RunnerOptions, util: TfUtil, tally: Tally) {
    this.#kernels = kernels;
    this.#options = options;
    this.#util = util;
    this.#tally = tally;
  }

  /** Loads what compiles in place. */
  ready(): Promise<void> {
    return this.#kernels.ready();
  }

  /** The result of a call, by TensorFlow.js' own kernel `theirs` where ours is not to serve it. */
  serve<T>(rule: OpRule, call: TfCall, when: CompileTime, theirs: () => T): TfTensor | T {
    const planned = this.#planFor(rule, call, "theirs");
    const time = this.#kernels.isOnGpu ? "later" : when;
    const output = planned.reason ?? this.#kernels.obstacle() ?? this.#outputOf(planned, call, time);
    if (typeof output !== "string") return output;
    this.#tally.countTheirs(this.#options.backend, rule.kernelName, output);
    if (output !== COMPILING) return theirs();
    const begin = performance.now();
    const result = theirs();
    planned.theirs = Math.min(planned.theirs ?? Number.POSITIVE_INFINITY, performance.now() - begin);
    return result;
  }

  /**
   * The result of a call that TensorFlow.js has no kernel for.
   * @throws TilewrightError `target-unavailable` where there is none of ours either
   */
  mustServe(rule: OpRule, call: TfCall): TfTensor {
    const output = this.#outputOf(this.#planFor(rule, call, "none"), call, "in place");
    if (typeof output !== "string") return output;
    return fail("target-unavailable", `there is no kernel for this ${rule.kernelName}: ${output}`);
  }

  /** Counts a call of ours that took some milliseconds. */
  #countOurs(planned: Planned, time: number, isFirst: boolean): void {
    const saved = isFirst || !this.#isCompared(planned) ? 0 : theirTime(planned, time) - time;
    this.#tally.countOurs(this.#options.backend, planned.kernelName, time, saved);
  }

  #countCompiling(planned: Planned, begin: number): void {
    const time = performance.now() - begin;
    const spared = this.#isCompared(planned) ? time : 0;
    this.#tally.countCompiling(this.#options.backend, planned.kernelName, time, spared);
  }

  /** Calls on a GPU have ended when they are recorded, and kernels that TensorFlow.js lacks take no time there. */
  #isCompared({ gain }: Planned): boolean {
    return !this.#kernels.isOnGpu && gain > 1;
  }

  /** Ends when all kernels that calls have asked for so far are compiled. */
  async finish(): Promise<void> {
    while (this.#jobs.size > 0) await Promise.all([...this.#jobs].map(({ done }) => done));
  }

  dispose(): void {
    this.#jobs.clear();
    this.#kernels.dispose();
  }

  /** `otherwise` says what there is without ours: TensorFlow.js' own kernel, or nothing. */
  #planFor(rule: OpRule, call: TfCall, otherwise: "theirs" | "none"): Planned {
    // A layer of a network calls with the same filters, and mostly with the same sizes.
    const { dataId } = call.inputs.filter ?? call.inputs.b ?? (Object.values(call.inputs)[0] as TfTensor);
    const last = this.#last.get(dataId);
    if (last?.rule === rule && hasSizes(call, last.sizes)) return last.planned;
    const planned = this.#planByKey(rule, call, otherwise);
    this.#last.set(dataId, { rule, sizes: sizesOf(call), planned });
    return planned;
  }

  #planByKey(rule: OpRule, call: TfCall, otherwise: "theirs" | "none"): Planned {
    const key = sizesKey(rule.kernelName, call);
    const known = this.#planned.get(key);
    if (known) return known;
    const planned = this.#newPlan(rule, call, otherwise);
    if (this.#planned.size >= MOST_PLANS) this.#planned.clear();
    this.#planned.set(key, planned);
    return planned;
  }

  #newPlan(rule: OpRule, call: TfCall, otherwise: "theirs" | "none"): Planned {
    const { kernelName } = rule;
    const refused = (reason: string): Planned => ({ kernelName, plan: undefined, gain: 1, reason });
    const plan = unlessRefused(() => rule.planOf(call, this.#util));
    if (typeof plan === "string") return refused(plan);
    const { backend, minWork } = this.#options;
    const gain = speedUpOf(backend, plan, this.#kernels.handicap);
    if (otherwise === "none") return { kernelName, plan, gain: 1, reason: undefined };
    if (gain <= 1) return refused("TensorFlow.js' kernel is as fast");
    if (plan.flops < minWork) return refused("it has less work than minWork");
    return { kernelName, plan, gain, reason: undefined };
  }

  /** The output, or the reason why there is none. */
  #outputOf(planned: Planned, call: TfCall, when: CompileTime): TfTensor | string {
    const { plan, reason } = planned;
    if (!plan || reason !== undefined) return reason ?? UNREACHABLE;
    const begin = performance.now();
    return this.#ran(planned, plan, call, begin) ?? this.#ranAnew(planned, plan, call, when);
  }

  /** The output of a call that began at a time, or why there is none; undefined while there is no kernel for it. */
  #ran(planned: Planned, plan: CallPlan, call: TfCall, begin: number, isFirst = false): TfTensor | string | undefined {
    const output = unlessRefused(() => this.#kernels.run(plan, call));
    if (typeof output === "object") this.#countOurs(planned, performance.now() - begin, isFirst);
    return typeof output === "string" ? UNREACHABLE : output;
  }

  /** The same where there is no kernel yet. */
  #ranAnew(planned: Planned, plan: CallPlan, call: TfCall, when: CompileTime): TfTensor | string {
    const tensors = this.#kernels.madeFor(plan, call);
    if (when === "later") {
      this.#enqueue(planned, plan, tensors);
      return COMPILING;
    }
    const begin = performance.now();
    const isCompiled = unlessRefused(() => this.#kernels.make(plan, tensors));
    if (typeof isCompiled === "string") {
      planned.reason = isCompiled;
      return isCompiled;
    }
    if (isCompiled) this.#countCompiling(planned, begin);
    // New weights for a kernel that was free are part of the call: training has new ones in each step.
    const since = isCompiled ? performance.now() : begin;
    return this.#ran(planned, plan, call, since, isCompiled) as TfTensor | string;
  }

  #enqueue(planned: Planned, plan: CallPlan, tensors: readonly TfTensor[]): void {
    for (const job of this.#jobs) {
      if (job.plan === plan && tensors.every(({ dataId }, i) => dataId === job.tensors[i]?.dataId)) return;
    }
    // Between the beginnings of two a page answers its user. A GPU may compile several at once.
    this.#turn = this.#turn.then(() => new Promise((resolve) => setTimeout(resolve)));
    const job: CompileJob = { planned, plan, tensors, done: this.#turn.then(() => this.#makeLater(job)) };
    this.#jobs.add(job);
  }

  async #makeLater(job: CompileJob): Promise<void> {
    // It is forgotten when kernels are put back.
    if (!this.#jobs.has(job)) return;
    const begin = performance.now();
    try {
      await this.#kernels.makeLater(job.plan, job.tensors);
      this.#countCompiling(job.planned, begin);
    } catch (error) {
      job.planned.reason = reasonOf(error);
    } finally {
      this.#jobs.delete(job);
    }
  }
}

/** The least that TensorFlow.js' kernel can be said to take for a call that takes ours some time. */
const theirTime = ({ gain, theirs }: Planned, time: number): number =>
  theirs === undefined ? time * Math.min(gain, MOST_CLAIMED) : Math.min(theirs, time * gain);

/** The sentence of a refusal. Any other error is a mistake, and thrown. */
function reasonOf(error: unknown): string {
  if (error instanceof TilewrightError) return error.message;
  throw error;
}

function unlessRefused<T>(attempt: () => T): T | string {
  try {
    return attempt();
  } catch (error) {
    return reasonOf(error);
  }
}
