/** Instances of WebAssembly kernels whose calls are shared between threads. */
import { fail } from "../../ir/errors.js";
import type { Tensors } from "../tensors.js";
import { forgetCode, type KnownCode, runShared, runSharedSync } from "../threads/pool.js";
import { whenAbandoned } from "./abandoned.js";
import type { CompiledPart, LinkedEntry } from "./arena.js";
import type { Heap } from "./heap.js";
import type { Arrays, Prepared } from "./loaded.js";
import { WasmInstance } from "./wasmInstance.js";

export { startWorkers, threadsOf } from "../threads/pool.js";

/** Code in a memory, until the last kernel that uses it is gone. */
interface UsedCode extends KnownCode {
  users: number;
}

const used: UsedCode[] = [];
let count = 0;

function use(module: WebAssembly.Module, memory: WebAssembly.Memory): UsedCode {
  let code = used.find((one) => one.module === module && one.memory === memory);
  if (!code) {
    code = { id: count++, module, memory, users: 0 };
    used.push(code);
  }
  code.users++;
  return code;
}

function leave(code: UsedCode): void {
  code.users--;
  if (code.users > 0) return;
  used.splice(used.indexOf(code), 1);
  forgetCode(code.id);
}

const abandoned = whenAbandoned<UsedCode>(leave);

export class SharedInstance extends WasmInstance {
  readonly #threads: number;
  readonly #code: UsedCode;
  /** Memory of its own, as each job in progress needs one. */
  readonly #counter = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  /** Ends when all earlier calls have ended: the memory serves one call at a time. Undefined if none is under way. */
  #queue: Promise<unknown> | undefined;

  constructor(prepare: CompiledPart | null, run: CompiledPart, tensors: Tensors, heap: Heap, threads: number) {
    super(prepare, run, tensors, heap);
    this.#threads = threads;
    this.#code = use(run.module, this.arena.memory);
    abandoned.register(this, this.#code, this);
  }

  override prepare(weights: Arrays): Prepared {
    this.#checkIdle();
    return super.prepare(weights);
  }

  override run(weights: Prepared, inputs: Arrays, outputs: Arrays, units?: number): void {
    this.#checkIdle();
    super.run(weights, inputs, outputs, units);
  }

  override runAt(weights: Prepared, addresses: ReadonlyMap<string, number>, units?: number): void {
    this.#checkIdle();
    super.runAt(weights, addresses, units);
  }

  /** Blocks, with parked workers. */
  protected override runEntries(entries: readonly LinkedEntry[]): void {
    for (const { name, parameters, iterations, run, runPart } of entries) {
      if (iterations === null) run();
      else runSharedSync(this.#code, { name, addresses: parameters, iterations }, this.#threads, runPart);
    }
  }

  /** Calls wait for each other. */
  override async runThreaded(weights: Prepared, inputs: Arrays, outputs: Arrays, units?: number): Promise<void> {
    const turn = Promise.resolve(this.#queue).then(async () => {
      this.moveIn(weights, inputs, units);
      for (const entry of this.entriesFor(units)) await this.#runEntry(entry);
      this.moveOut(outputs, units);
    });
    const ended = turn.catch(() => undefined); // the caller of `turn` gets the error
    this.#queue = ended;
    await turn.finally(() => {
      if (this.#queue === ended) this.#queue = undefined;
    });
  }

  /** Runs an entry, on all threads if it can be shared. */
  async #runEntry({ name, parameters, iterations, run, runPart }: LinkedEntry): Promise<void> {
    if (iterations === null) run();
    else {
      const loop = { name, addresses: parameters, iterations, counter: this.#counter };
      await runShared(this.#code, loop, this.#threads, runPart);
    }
  }

  override dispose(): void {
    abandoned.unregister(this);
    const end = () => {
      leave(this.#code);
      super.dispose();
    };
    // Calls that are under way keep their memory and their workers to the end.
    if (this.#queue) void this.#queue.then(end);
    else end();
  }

  #checkIdle(): void {
    if (this.#queue)
      fail("invalid-argument", "a run() of this kernel is still under way in its memory; await it first");
  }
}
