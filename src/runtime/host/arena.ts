/** A compiled part of a WebAssembly module in a linear memory of its own. */
import { fail, failInternally } from "../../ir/errors.js";
import { PAGE_BYTES, type WasmEntry, type WasmPart } from "../../ir/module.js";
import { elementCount } from "../../ir/program.js";
import type { SharedInstance } from "../threads/pool.js";

export interface CompiledPart extends WasmPart {
  readonly module: WebAssembly.Module;
}

type Functions = Readonly<Record<string, (begin?: number, end?: number) => void>>;

let arenas = 0;

/** Loaded with the first call that shares its work: most pages have one thread and do without. */
const loadPool = () => import("../threads/pool.js");

export class Arena {
  readonly #part: CompiledPart;
  readonly #functions: Functions;
  readonly #memory: WebAssembly.Memory;
  /** The entries, one after the other, on the calling thread. */
  readonly #calls: readonly (() => void)[];
  #shared: SharedInstance | undefined;

  constructor(part: CompiledPart) {
    this.#part = part;
    this.#memory = allocateMemory(part);
    for (const { name, values } of part.buffers) if (values) this.view(name).set(values);
    const env = { memory: this.#memory, exp: Math.exp, tanh: Math.tanh };
    this.#functions = new WebAssembly.Instance(part.module, { env }).exports as Functions;
    this.#calls = part.entries.map((entry) => this.#alone(entry));
  }

  get names(): string[] {
    return this.#part.buffers.map((buffer) => buffer.name);
  }

  get isShared(): boolean {
    return this.#part.shared;
  }

  /** The elements of a buffer, in place. */
  view(name: string): Float32Array {
    const buffer = this.#part.buffers.find((candidate) => candidate.name === name);
    if (!buffer) return failInternally(`no buffer ${name} in memory`);
    return new Float32Array(this.#memory.buffer, buffer.address, elementCount(buffer.shape));
  }

  run(): void {
    for (const call of this.#calls) call();
  }

  /** One entry after the other, each on all threads. */
  async runThreaded(threads: number): Promise<void> {
    const { runShared } = await loadPool();
    for (const entry of this.#part.entries) {
      const { name, iterations } = entry;
      if (iterations === null) this.#alone(entry)();
      else await runShared(this.#asShared(), { name, iterations }, threads, this.#function(name));
    }
  }

  dispose(): void {
    const id = this.#shared?.id;
    if (id !== undefined) void loadPool().then(({ forgetInstance }) => forgetInstance(id));
  }

  #alone({ name, iterations }: WasmEntry): () => void {
    const run = this.#function(name);
    return iterations === null ? run : () => run(0, iterations);
  }

  #function(name: string): (begin?: number, end?: number) => void {
    return this.#functions[name] ?? failInternally(`the module exports no ${name}`);
  }

  #asShared(): SharedInstance {
    this.#shared ??= {
      id: arenas++,
      module: this.#part.module,
      memory: this.#memory,
      counter: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
    };
    return this.#shared;
  }
}

function allocateMemory({ pages, shared }: WasmPart): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory(shared ? { initial: pages, maximum: pages, shared } : { initial: pages });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const bytes = pages * PAGE_BYTES;
    return fail("too-large", `the kernel needs ${bytes} bytes of memory, which cannot be allocated`, bytes);
  }
}
