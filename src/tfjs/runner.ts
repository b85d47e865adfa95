/** Runs the calls of one backend of TensorFlow.js on our kernels, where they are expected to be faster. */
import { fail, TilewrightError } from "../ir/errors.js";
import { speedUpOf, type TfBackendName } from "./gain.js";
import type { TensorHost } from "./hosts/host.js";
import { type CallPlan, inputOf, type OpRule } from "./plan.js";
import { type CallSizes, hasSizes, sizesKey, sizesOf } from "./sizes.js";
import { type Slot, Slots } from "./slots.js";
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
}

export class Runner {
  readonly #host: TensorHost;
  readonly #options: RunnerOptions;
  readonly #util: TfUtil;
  readonly #tally: Tally;
  readonly #slots: Slots;
  readonly #planned = new Map<string, Planned>();
  /** The last plan for the filters with these data. */
  readonly #last = new WeakMap<object, LastCall>();
  readonly #jobs: CompileJob[] = [];
  #working: Promise<void> | undefined;

  constructor(host: TensorHost, options: RunnerOptions, util: TfUtil, tally: Tally) {
    this.#host = host;
    this.#options = options;
    this.#util = util;
    this.#tally = tally;
    this.#slots = new Slots(host, options.accuracy);
  }

  get threads(): number {
    return this.#host.options.threads ?? 1;
  }

  /** The result of a call; undefined where TensorFlow.js' own kernel is to serve it. */
  serve(rule: OpRule, call: TfCall, when: CompileTime): TfTensor | undefined {
    const begin = performance.now();
    const planned = this.#planFor(rule, call, "theirs");
    return this.#counted(rule, planned, this.#outputOf(planned, call, when), begin);
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
    this.#tally.countOurs(backend, rule.kernelName, performance.now() - begin, planned.gain);
    return output;
  }

  /** Ends when all kernels that calls have asked for so far are compiled. */
  async finish(): Promise<void> {
    await this.#working;
  }

  dispose(): void {
    this.#jobs.length = 0;
    this.#slots.dispose();
    this.#host.dispose();
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
    const gain = speedUpOf(backend, plan, this.#host.handicap);
    if (otherwise === "none") return { plan, gain: 1, reason: undefined };
    if (gain <= 1) return refused("TensorFlow.js' kernel is as fast");
    return plan.flops < minWork ? refused("it has less work than minWork") : { plan, gain, reason: undefined };
  }

  /** The output, or the reason why there is none. */
  #outputOf(planned: Planned, call: TfCall, when: CompileTime): TfTensor | string {
    const { plan, reason } = planned;
    if (!plan || reason !== undefined) return reason ?? UNREACHABLE;
    const tensors = tensorsOf(plan.weights, call);
    const slot = this.#slots.find(plan, tensors) ?? this.#newSlot(planned, plan, tensors, when);
    if (typeof slot === "string") return slot;
    const inputs: Record<string, TfTensor> = {};
    for (const [ours, theirs] of Object.entries(plan.inputs)) inputs[ours] = call.inputs[theirs] as TfTensor;
    const output = unlessRefused(() => this.#host.run(slot.kernel, slot.weights, inputs, [...plan.outputShape]));
    return typeof output === "string" ? UNREACHABLE : output;
  }

  #newSlot(planned: Planned, plan: CallPlan, tensors: readonly TfTensor[], when: CompileTime): Slot | string {
    if (when === "later") {
      this.#enqueue({ planned, plan, tensors });
      return COMPILING;
    }
    const slot = unlessRefused(() => this.#slots.make(plan, tensors));
    if (typeof slot === "string") planned.reason = slot;
    return slot;
  }

  #enqueue(job: CompileJob): void {
    const isKnown = this.#jobs.some(
      ({ plan, tensors }) => plan === job.plan && tensors.every(({ dataId }, i) => dataId === job.tensors[i]?.dataId),
    );
    if (isKnown) return;
    this.#jobs.push(job);
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    try {
      while (this.#jobs[0]) {
        // Between two kernels a page answers its user.
        await new Promise((resolve) => setTimeout(resolve));
        const [job] = this.#jobs;
        if (job) await this.#makeLater(job);
        this.#jobs.shift();
      }
    } finally {
      this.#working = undefined;
    }
  }

  async #makeLater({ planned, plan, tensors }: CompileJob): Promise<void> {
    try {
      await this.#slots.makeLater(plan, tensors);
    } catch (error) {
      planned.reason = reasonOf(error);
    }
  }
}

const tensorsOf = (names: CallPlan["weights"], call: TfCall): TfTensor[] =>
  Object.values(names).map((name) => inputOf(call, name) as TfTensor);

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
