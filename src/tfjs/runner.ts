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
  readonly plan: CallPlan | undefined;
  readonly gain: number;
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

  /** The result of a call; undefined where TensorFlow.js' own kernel is to serve it. */
  serve(rule: OpRule, call: TfCall, when: CompileTime): TfTensor | undefined {
    const begin = performance.now();
    const planned = this.#planFor(rule, call, "theirs");
    const time = this.#kernels.isOnGpu ? "later" : when;
    const output = planned.reason ?? this.#kernels.obstacle() ?? this.#outputOf(planned, call, time);
    return this.#counted(rule, planned, output, begin);
  }

  /**
   * The result of a call that TensorFlow.js has no kernel for.
   * @throws TilewrightError `target-unavailable` where there is none of ours either
   */
  mustServe(rule: OpRule, call: TfCall): TfTensor {
    const begin = performance.now();
    const planned = this.#planFor(rule, call, "none");
    const output = this.#outputOf(planned, call, "in place");
    if (typeof output !== "string") return this.#counted(rule, planned, output, begin) as TfTensor;
    return fail("target-unavailable", `there is no kernel for this ${rule.kernelName}: ${output}`);
  }

  #counted(rule: OpRule, planned: Planned, output: TfTensor | string, begin: number): TfTensor | undefined {
    const { backend } = this.#options;
    if (typeof output === "string") {
      this.#tally.countTheirs(backend, rule.kernelName, output);
      return undefined;
    }
    const gain = this.#kernels.isOnGpu ? 1 : planned.gain;
    this.#tally.countOurs(backend, rule.kernelName, performance.now() - begin, gain);
    return output;
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
    const refused = (reason: string): Planned => ({ plan: undefined, gain: 1, reason });
    const plan = unlessRefused(() => rule.planOf(call, this.#util));
    if (typeof plan === "string") return refused(plan);
    const { backend, minWork } = this.#options;
    const gain = speedUpOf(backend, plan, this.#kernels.handicap);
    if (otherwise === "none") return { plan, gain: 1, reason: undefined };
    if (gain <= 1) return refused("TensorFlow.js' kernel is as fast");
    return plan.flops < minWork ? refused("it has less work than minWork") : { plan, gain, reason: undefined };
  }

  /** The output, or the reason why there is none. */
  #outputOf(planned: Planned, call: TfCall, when: CompileTime): TfTensor | string {
    const { plan, reason } = planned;
    if (!plan || reason !== undefined) return reason ?? UNREACHABLE;
    return this.#ran(plan, call) ?? this.#ranAnew(planned, plan, call, when);
  }

  #ran(plan: CallPlan, call: TfCall): TfTensor | string | undefined {
    const output = unlessRefused(() => this.#kernels.run(plan, call));
    return typeof output === "string" ? UNREACHABLE : output;
  }

  /** The same where there is no kernel yet. */
  #ranAnew(planned: Planned, plan: CallPlan, call: TfCall, when: CompileTime): TfTensor | string {
    const tensors = this.#kernels.madeFor(plan, call);
    if (when === "later") {
      this.#enqueue(planned, plan, tensors);
      return COMPILING;
    }
    const refusal = unlessRefused(() => this.#kernels.make(plan, tensors));
    if (refusal !== undefined) planned.reason = refusal;
    return refusal ?? (this.#ran(plan, call) as TfTensor | string);
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
    try {
      await this.#kernels.makeLater(job.plan, job.tensors);
    } catch (error) {
      job.planned.reason = reasonOf(error);
    } finally {
      this.#jobs.delete(job);
    }
  }
}

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
