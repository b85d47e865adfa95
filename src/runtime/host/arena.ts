/** An instance of a compiled part of a WebAssembly module, in a linear memory of its own. */
import { fail, failInternally } from "../../ir/errors.js";
import { PAGE_BYTES, type WasmEntry, type WasmPart } from "../../ir/module.js";
import { elementCount } from "../../ir/shape.js";

export interface CompiledPart extends WasmPart {
  readonly module: WebAssembly.Module;
}

/** An entry. If it can be shared between threads, it runs the iterations begin .. end-1. */
type Run = (begin?: number, end?: number) => void;

export class Arena {
  readonly part: CompiledPart;
  readonly memory: WebAssembly.Memory;
  readonly #functions: Readonly<Record<string, Run>>;

  constructor(part: CompiledPart) {
    this.part = part;
    this.memory = allocateMemory(part);
    for (const { name, values } of part.buffers) if (values) this.view(name).set(values);
    const env = { memory: this.memory, exp: Math.exp, tanh: Math.tanh };
    this.#functions = new WebAssembly.Instance(part.module, { env }).exports as Record<string, Run>;
  }

  get names(): string[] {
    return this.part.buffers.map((buffer) => buffer.name);
  }

  /** The elements of a buffer, in place. */
  view(name: string): Float32Array {
    const buffer = this.part.buffers.find((candidate) => candidate.name === name);
    if (!buffer) return failInternally(`no buffer ${name} in memory`);
    return new Float32Array(this.memory.buffer, buffer.address, elementCount(buffer.shape));
  }

  /** Runs the entries one after the other on the calling thread. */
  run(): void {
    for (const entry of this.part.entries) this.runEntry(entry);
  }

  /** Runs the iterations begin .. end-1 of one entry, by default all. */
  runEntry({ name, iterations }: WasmEntry, begin = 0, end = iterations ?? 0): void {
    const run = this.#functions[name] ?? failInternally(`the module exports no ${name}`);
    if (iterations === null) run();
    else run(begin, end);
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
