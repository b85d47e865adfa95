/** The tools of tuning in Node: threads that compile, a process that measures, and a file of records. */
import { chooseAlgorithm } from "../../codegen/compile.js";
import { JS } from "../../codegen/target.js";
import { programOf } from "../../ir/ops/index.js";
import type { Spec } from "../../ir/ops/spec.js";
import { thisMachine } from "../machine.js";
import type { Tools } from "../ownBench.js";
import { RemoteMeasurer } from "../remote.js";
import { startChild } from "./channel.js";
import { Compilers } from "./compilers.js";
import type { RecordFile } from "./recordFile.js";

const SMALL: Spec = { op: "conv2d", value: [1, 8, 8, 8], filters: [3, 3, 8, 8], rate: 1, padding: "SAME" };

export class Workshop {
  readonly #compilers = new Compilers();
  readonly #measurer = new RemoteMeasurer(startChild);

  /** @param file where records are kept */
  constructor(readonly file: Pick<RecordFile, "append" | "close">) {}

  /** Starts the threads and lets each compile a kernel, so that the first kernel's time does not include the start. */
  async ready(): Promise<void> {
    const { algorithm, plan } = chooseAlgorithm(programOf(SMALL), JS, {});
    const job = { spec: SMALL, target: JS, algorithm, schedule: plan().schedule };
    await this.#compilers.compile(Array.from({ length: this.#compilers.count }, () => job));
  }

  /** `threads` is the number of threads that share a call. */
  tools(threads: number): Tools {
    return {
      machine: thisMachine(threads),
      measurer: this.#measurer,
      compile: ({ spec }, target, candidates) =>
        this.#compilers.compile(
          candidates.map(({ algorithm, plan }) => ({ spec, target, algorithm, schedule: plan().schedule })),
        ),
      keep: (record) => this.file.append(record),
    };
  }

  /** Ends what is in progress at once. Nothing more can be compiled. */
  async interrupt(): Promise<void> {
    this.#measurer.close();
    await this.#compilers.close();
  }

  async close(): Promise<void> {
    await this.interrupt();
    this.file.close();
  }
}
