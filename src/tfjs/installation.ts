/** An installation: kernels of TensorFlow.js that are replaced, until they are put back. */
import { fail } from "../ir/errors.js";
import { warn } from "../runtime/warn.js";
import { BACKENDS } from "./backends.js";
import type { TfBackendName } from "./gain.js";
import type { OpRule } from "./plan.js";
import { RULES } from "./rules/index.js";
import { type CompileTime, Runner } from "./runner.js";
import { Tally, type TfjsReport } from "./tally.js";
import type { TfCall, TfKernel, TfModule } from "./tf.js";

export interface InstallSettings {
  readonly accuracy: "exact" | "fast";
  readonly minWork: number;
}

/** A page answers its user while kernels are compiled. */
const usualTime = (): CompileTime => (typeof document === "undefined" ? "in place" : "later");

export class Installation {
  readonly tf: TfModule;
  readonly #settings: InstallSettings;
  readonly #tally = new Tally();
  /** By the backend itself: an app may remove one and make another. Null for one that is not as it should be. */
  #runners = new WeakMap<object, Runner | null>();
  readonly #known = new Set<Runner>();
  readonly #undo: (() => void)[] = [];
  #when = usualTime();

  constructor(tf: TfModule, settings: InstallSettings) {
    this.tf = tf;
    this.#settings = settings;
  }

  /** Replaces the kernels of a backend, unless one of its fields is not as it should be. */
  async replaceKernels(name: TfBackendName, backend: object): Promise<void> {
    await BACKENDS[name].get();
    const runner = this.#runnerOf(name, backend);
    if (!runner) return;
    await runner.ready();
    for (const rule of RULES) this.#replace(rule, name);
  }

  /** Something to be undone when kernels are put back. */
  onUninstall(undo: () => void): void {
    this.#undo.push(undo);
  }

  /** Notes a sentence for the report, and says it once. */
  note(sentence: string): void {
    this.#tally.note(sentence);
    warn(`tilewright: ${sentence}`);
  }

  report(): TfjsReport {
    return this.#tally.report();
  }

  /** Runs something that calls kernels of TensorFlow.js, and compiles ours for the same calls afterwards. */
  async warmUp(run: () => Promise<void>): Promise<void> {
    this.#when = "later";
    try {
      await run();
    } finally {
      this.#when = usualTime();
    }
    for (const runner of this.#known) await runner.finish();
  }

  uninstall(): void {
    for (const undo of this.#undo.splice(0).reverse()) undo();
    for (const runner of this.#known) runner.dispose();
    this.#known.clear();
    this.#runners = new WeakMap();
  }

  #replace(rule: OpRule, backendName: TfBackendName): void {
    const { tf } = this;
    const { kernelName } = rule;
    const original = tf.getKernel(kernelName, backendName);
    const kernelFunc = this.#kernelFunc(rule, backendName, original);
    // Registering over a kernel would warn.
    if (original) tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ ...(original ?? { kernelName, backendName }), kernelFunc });
    this.onUninstall(() => {
      tf.unregisterKernel(kernelName, backendName);
      if (original) tf.registerKernel(original);
    });
  }

  #kernelFunc(rule: OpRule, name: TfBackendName, original: TfKernel | undefined): TfKernel["kernelFunc"] {
    if (original) {
      return (call) => {
        const theirs = () => original.kernelFunc(call);
        return this.#runnerOf(name, call.backend)?.serve(rule, call, this.#when, theirs) ?? theirs();
      };
    }
    return (call: TfCall) => {
      const runner = this.#runnerOf(name, call.backend);
      if (runner) return runner.mustServe(rule, call);
      return fail("target-unavailable", `there is no ${rule.kernelName} on this ${name} backend; see the report`);
    };
  }

  #runnerOf(name: TfBackendName, given: unknown): Runner | null {
    const backend = given as object;
    const known = this.#runners.get(backend);
    if (known !== undefined) return known;
    const { tf } = this;
    const kernels = BACKENDS[name].loaded(backend, { tf, ...this.#settings });
    const runner =
      typeof kernels === "string"
        ? null
        : new Runner(kernels, { backend: name, ...this.#settings }, tf.backend_util, this.#tally);
    this.#runners.set(backend, runner);
    if (runner) this.#known.add(runner);
    else {
      this.note(
        `the ${name} backend of this TensorFlow.js has no ${kernels}, as 4.22 has, and is left as it is; ` +
          "take TensorFlow.js 4.22, or a newer tilewright",
      );
    }
    return runner;
  }
}
