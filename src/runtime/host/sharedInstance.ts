/** Instances of WebAssembly kernels whose calls are shared between threads. */
import { fail } from "../../ir/errors.js";
import type { Tensors } from "../tensors.js";
import { forgetInstance, type KnownInstance, runShared } from "../threads/pool.js";
import type { CompiledPart } from "./arena.js";
import type { Arrays, Prepared } from "./loaded.js";
import { WasmInstance } from "./wasmInstance.js";

let count = 0;

export class SharedInstance extends WasmInstance {
  readonly #threads: number;
  /** The instance as the workers know it. */
  readonly #known: KnownInstance;
  /** Ends when all earlier calls have ended: the memory serves one call at a time. Undefined if none is under way. */
  #queue: Promise<unknown> | undefined;

  constructor(prepare: CompiledPart | null, run: CompiledPart, tensors: Tensors, threads: number) {
    super(prepare, run, tensors);
    this.#threads = threads;
    this.#known = {
      id: count++,
      module: run.module,
      memory: this.arena.memory,
      counter: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
    };
  }

  override prepare(weights: Arrays): Prepared {
    this.#checkIdle();
    return super.prepare(weights);
  }

  override run(weights: Prepared, inputs: Arrays, outputs: Arrays): void {
    this.#checkIdle();
    super.run(weights, inputs, outputs);
  }

  /** Calls wait for each other. */
  override async runThreaded(weights: Prepared, inputs: Arrays, outputs: Arrays): Promise<void> {
    const turn = Promise.resolve(this.#queue).then(async () => {
      this.moveIn(weights, inputs);
      await this.#runEntries();
      this.moveOut(outputs);
    });
    const ended = turn.catch(() => undefined); // the caller of `turn` gets the error
    this.#queue = ended;
    await turn.finally(() => {
      if (this.#queue === ended) this.#queue = undefined;
    });
  }

  /** Runs one entry after the other, each on all threads if it can be shared. */
  async #runEntries(): Promise<void> {
    for (const entry of this.arena.part.entries) {
      const { name, iterations } = entry;
      const here = (begin?: number, end?: number) => this.arena.runEntry(entry, begin, end);
      if (iterations === null) here();
      else await runShared(this.#known, { name, iterations }, this.#threads, here);
    }
  }

  dispose(): void {
    // Calls that are under way keep their memory and their workers to the end.
    if (this.#queue) void this.#queue.then(() => forgetInstance(this.#known.id));
    else forgetInstance(this.#known.id);
  }

  #checkIdle(): void {
    if (this.#queue)
      fail("invalid-argument", "a run() of this kernel is still under way in its memory; await it first");
  }
}
