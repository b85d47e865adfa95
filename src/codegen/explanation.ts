/**
 * The explanation of one kernel as data: each step of the compiler, its cost, and the speed to expect.
 *
 * It asks no more of the compiler than to make the one kernel, so that a page loads one backend for it.
 */
import type { Definition } from "../ir/definition.js";
import { failInternally, unreachable } from "../ir/errors.js";
import { byteLengthOf, layOut } from "../ir/layout.js";
import type { KernelModule, WasmPart } from "../ir/module.js";
import type { Spec } from "../ir/ops/spec.js";
import { printKernel, printProgram } from "../ir/print.js";
import type { BufferRole } from "../ir/program.js";
import type { LoopKernel } from "../ir/stmt.js";
import type { Work } from "../ir/work.js";
import { bytesByLine } from "./footprint.js";
import { type LoopWork, loopWork, operationsByLine } from "./loopWork.js";
import type { Watch } from "./lowerProgram.js";
import type { MachineSpeed } from "./machineSpeed.js";
import { estimateRegisters, type RegisterEstimate } from "./registers.js";
import { printSchedule, type Schedule } from "./schedule.js";
import type { Candidate, Plan } from "./search/approach.js";
import type { PointName } from "./search/space.js";
import type { Target } from "./target.js";

export interface Explanation {
  readonly spec: Spec;
  /** [N, OH, OW, Co] */
  readonly outputShape: readonly number[];
  /** In words: `direct`, or `winograd F(4x4, 3x3)`. */
  readonly algorithm: string;
  /** See `Facts`. */
  readonly errorBound: number;
  /** The pick of the cost model, and its estimate of one call; undefined if the caller gave the schedule. */
  readonly pick: (PointName & { readonly cycles: number }) | undefined;
  /** As `printProgram` shows it. */
  readonly program: string;
  readonly schedule: { readonly row: string; readonly target: Target; readonly directives: Schedule };
  readonly kernels: readonly KernelRoad[];
  /** The whole module if it is text. A binary is described by the sizes of its parts. */
  readonly code: string;
  /** The memories of a WebAssembly module. Other modules have none, because their kernels work on arrays. */
  readonly memory: readonly MemoryLayout[];
  readonly work: Work & {
    /** Share of all taps that meet the image, or of all terms of a formula that lie inside, 0..1. */
    readonly liveShare: number;
  };
  readonly registers: readonly RegisterUse[];
  /** The loops of a call with operations of their own, those with most first. */
  readonly loops: readonly LoopShare[];
  readonly roofline: Roofline;
}

export interface LoopShare extends LoopWork {
  /** The share of all operations of a call, 0..1. */
  readonly share: number;
}

/** One kernel, from the nest to the code that the emitter gets. */
export interface KernelRoad {
  readonly name: string;
  /** `prepare` runs once per set of weights, `run` on every call. */
  readonly when: "prepare" | "run";
  /** "nest" (the schedule as loops) first, then each pass that changed something. */
  readonly steps: readonly RoadStep[];
  /** Passes that changed nothing. */
  readonly unchanged: readonly string[];
  /** The operations at and below each line of the nest; see `operationsByLine`. */
  readonly operations: readonly number[];
  /** The bytes that each loop of the nest reaches in one run, by line; see `bytesByLine`. */
  readonly bytes: readonly number[];
}

export interface RoadStep {
  readonly name: string;
  /** As `printKernel` shows it. */
  readonly ir: string;
}

/** One part of a WebAssembly module: its binary, and the memory that the binary works in. */
export interface MemoryLayout {
  readonly when: KernelRoad["when"];
  readonly codeBytes: number;
  /** The size of the block of memory in which the buffers lie. */
  readonly bytes: number;
  /** True if threads share the memory. */
  readonly shared: boolean;
  /** All buffers in order of place, the scratch memory of the kernels included. */
  readonly buffers: readonly PlacedBuffer[];
}

export interface PlacedBuffer {
  readonly name: string;
  readonly role: BufferRole;
  readonly shape: readonly number[];
  /** The byte of the block where it begins. */
  readonly offset: number;
  readonly bytes: number;
}

/** See `estimateRegisters` for the rules of counting. */
export interface RegisterUse extends RegisterEstimate {
  readonly kernel: string;
  /** Accumulators and values together. */
  readonly estimate: number;
  /** Registers of the target. */
  readonly available: number;
}

/** The least time that live FLOPs and bytes allow, whichever takes longer. */
export interface Roofline extends MachineSpeed {
  /** Live FLOP per byte. */
  readonly intensity: number;
  /** FLOP per byte above which arithmetic binds. */
  readonly ridge: number;
  readonly binds: "arithmetic" | "memory";
  readonly milliseconds: number;
  /** GFLOP/s at that time, counting all taps. It exceeds the peak if taps fall in the padding. */
  readonly gflops: number;
}

/** A kernel to explain. */
export interface Explained {
  readonly definition: Definition;
  readonly target: Target;
  /** The plan that is compiled. */
  readonly plan: Plan;
  /** The candidate that the plan follows from, unless the caller gave a schedule. */
  readonly pick: Candidate | undefined;
  readonly machine: MachineSpeed;
  /** Compiles the plan. */
  compile(watch: Watch): KernelModule;
}

/** Throws whatever compiling throws. */
export function explanationOf({ definition, target, plan, pick, machine, compile }: Explained): Explanation {
  const watcher = new RoadWatcher();
  const module = compile((pass, kernel) => watcher.see(pass, kernel));
  const inRun = namesOfRun(module);
  const memory = memoryOf(module);
  const { outputShape = [], algorithm, errorBound, work } = module;
  return {
    spec: definition.spec ?? failInternally("kernels are explained for a spec"),
    outputShape,
    algorithm,
    errorBound,
    pick: pick && pickOf(pick),
    program: printProgram(definition.anyLength?.program ?? plan.program),
    schedule: { row: printSchedule(plan.schedule), target, directives: plan.schedule },
    kernels: watcher.roads(inRun),
    code: codeOf(module, memory),
    memory,
    work: { ...work, liveShare: work.flops === 0 ? 0 : work.liveFlops / work.flops },
    registers: watcher.lowered().flatMap((kernel) => (inRun.has(kernel.name) ? [registerUse(kernel, target)] : [])),
    loops: sharesOf(watcher.nests().flatMap((nest) => (inRun.has(nest.name) ? loopWork(nest) : []))),
    roofline: rooflineOf(work, machine),
  };
}

const pickOf = ({ algorithm, knobs, cycles }: Candidate): Explanation["pick"] => ({ algorithm, knobs, cycles });

function sharesOf(work: readonly LoopWork[]): LoopShare[] {
  const all = work.reduce((sum, { operations }) => sum + operations, 0);
  return work.map((one) => ({ ...one, share: one.operations / all })).sort((a, b) => b.operations - a.operations);
}

/** Remembers every kernel at every step by its name. Kernels of one module have different names. */
class RoadWatcher {
  readonly #seen = new Map<string, { steps: RoadStep[]; unchanged: string[]; first: LoopKernel; last: LoopKernel }>();

  see(name: string, kernel: LoopKernel): void {
    const ir = printKernel(kernel);
    const road = this.#seen.get(kernel.name) ?? { steps: [], unchanged: [], first: kernel, last: kernel };
    if (road.steps.at(-1)?.ir === ir) road.unchanged.push(name);
    else road.steps.push({ name, ir });
    road.last = kernel;
    this.#seen.set(kernel.name, road);
  }

  roads(inRun: ReadonlySet<string>): KernelRoad[] {
    return [...this.#seen].map(([name, { steps, unchanged, first }]) => {
      const when = inRun.has(name) ? "run" : "prepare";
      return { name, when, steps, unchanged, operations: operationsByLine(first), bytes: bytesByLine(first) };
    });
  }

  nests(): LoopKernel[] {
    return [...this.#seen.values()].map(({ first }) => first);
  }

  lowered(): LoopKernel[] {
    return [...this.#seen.values()].map(({ last }) => last);
  }
}

/** Names of the kernels that run on every call. */
function namesOfRun(module: KernelModule): ReadonlySet<string> {
  const entries = module.language === "wasm" ? module.run.entries : module.run;
  // An entry point of WGSL adds "Kernel" to the name of its stage, because a buffer may have that name.
  return new Set(entries.map(({ name }) => (module.language === "wgsl" ? name.replace(/Kernel$/, "") : name)));
}

function codeOf(module: KernelModule, memory: readonly MemoryLayout[]): string {
  switch (module.language) {
    case "js":
      return module.code;
    case "wasm":
      return binaryInWords(memory);
    case "wgsl":
      return [...module.prepare, ...module.run].map(({ code }) => code).join("\n");
    default:
      return unreachable(module);
  }
}

function memoryOf(module: KernelModule): MemoryLayout[] {
  if (module.language !== "wasm") return [];
  const { prepare, run } = module;
  return [...(prepare ? [layoutOf("prepare", prepare)] : []), layoutOf("run", run)];
}

function layoutOf(when: MemoryLayout["when"], { code, shared, buffers }: WasmPart): MemoryLayout {
  const { offsets, bytes } = layOut(buffers);
  const placed = buffers.map((buffer): PlacedBuffer => {
    const { name, role, shape } = buffer;
    return { name, role, shape, offset: offsets.get(name) as number, bytes: byteLengthOf(buffer) };
  });
  return { when, codeBytes: code.length, bytes, shared, buffers: placed.sort((a, b) => a.offset - b.offset) };
}

const binaryInWords = (memory: readonly MemoryLayout[]): string =>
  `binary WebAssembly: ${memory.map(({ when, codeBytes }) => `${codeBytes} bytes for ${when}`).join(", ")}`;

function registerUse(kernel: LoopKernel, target: Target): RegisterUse {
  const estimate = estimateRegisters(kernel, target);
  return {
    kernel: kernel.name,
    ...estimate,
    estimate: estimate.accumulators + estimate.values,
    available: target.registers,
  };
}

function rooflineOf({ flops, liveFlops, bytes }: Work, { peak, bandwidth }: MachineSpeed): Roofline {
  const arithmetic = liveFlops / (peak * 1e9);
  const memory = bytes / (bandwidth * 1e9);
  const seconds = Math.max(arithmetic, memory);
  return {
    peak,
    bandwidth,
    intensity: bytes === 0 ? 0 : liveFlops / bytes,
    ridge: peak / bandwidth,
    binds: arithmetic >= memory ? "arithmetic" : "memory",
    milliseconds: seconds * 1e3,
    gflops: seconds === 0 ? 0 : flops / seconds / 1e9,
  };
}
