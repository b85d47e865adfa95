/**
 * The compiler: spec + target + schedule -> kernel module. Deterministic, touches no file, keeps nothing.
 */
import { fail, failInternally, unreachable } from "../ir/errors.js";
import { canonicalKey } from "../ir/key.js";
import type { Facts, JsEntry, JsModule, KernelModule, WasmModule, WgslModule } from "../ir/module.js";
import { factsOf } from "../ir/ops/facts.js";
import { checkSpec, type OpSpec } from "../ir/ops/spec.js";
import type { BufferDecl, Program, Stage } from "../ir/program.js";
import type { Kernel } from "../ir/stmt.js";
import { VERSION } from "../ir/version.js";
import { buildKernel } from "./buildKernel.js";
import { checkSchedule } from "./checkSchedule.js";
import { emitJs } from "./emit/js.js";
import { groupNests } from "./group.js";
import { type Lowered, lower } from "./lower.js";
import { renderJsModule } from "./module/render.js";
import { renderWasm } from "./module/wasm.js";
import { renderWgsl } from "./module/wgsl.js";
import { nestStage } from "./nestStage.js";
import { packNest } from "./pack.js";
import { printSchedule, type Schedule } from "./schedule.js";
import { chooseAlgorithm, type Wanted } from "./search/algorithms.js";
import { launchDirectives } from "./search/launch.js";
import type { Language, Target } from "./target.js";

/** Sees every kernel on its road: `pass` is "nest" first, then the name of the pass that has just run. */
export type Watch = (pass: string, kernel: Kernel) => void;

export interface CompileOptions<L extends Language = Language> extends Wanted {
  readonly target: Target<L>;
  /** Of the stages of `algorithm`. Default: the scheduler's pick for this shape and target. */
  readonly schedule?: Schedule;
  readonly watch?: Watch;
}

/** Throws what `checkSpec` throws, and `invalid-schedule` where the schedule does not fit. */
export function compileModule<L extends Language>(
  spec: OpSpec,
  options: CompileOptions<L>,
): Extract<KernelModule, { language: L }>;
export function compileModule(spec: OpSpec, { target, watch, ...options }: CompileOptions): KernelModule {
  const checked = checkSpec(spec);
  const { algorithm, plan } = chooseAlgorithm(checked, target, options);
  const { program: inFloat32, schedule: pick } = plan();
  const program = storedAs(inFloat32, target.storage);
  const schedule = options.schedule ? checkSchedule(options.schedule) : pick;
  const lowered = lowerProgram(program, schedule, target, watch);
  const head = {
    ...factsOf(checked, algorithm, printSchedule(schedule)),
    key: canonicalKey({ version: VERSION, spec: checked, target, algorithm, schedule }),
  };
  switch (target.language) {
    case "js":
      return { ...head, ...jsModule(lowered, head.schedule, target) };
    case "wasm":
      return { ...head, ...wasmModule(program.name, lowered, target) };
    case "wgsl":
      return { ...head, ...wgslModule(lowered, head.schedule, target) };
    default:
      return unreachable(target.language);
  }
}

/** The program with the tensors of its callers in another type. */
function storedAs(program: Program, storage: Target["storage"]): Program {
  const isTensor = ({ role }: BufferDecl) => role === "input" || role === "weights" || role === "output";
  return { ...program, buffers: program.buffers.map((one) => (isTensor(one) ? { ...one, dtype: storage } : one)) };
}

type Body<Module> = Omit<Module, "key" | keyof Facts>;

function jsModule({ buffers, prepare, run }: LoweredProgram, schedule: string, target: Target): Body<JsModule> {
  const entry = (kernel: Kernel): JsEntry => ({
    name: kernel.name,
    buffers: kernel.buffers.map((buffer) => buffer.name),
  });
  const functions = [...prepare, ...run].map(emitJs);
  return {
    language: "js",
    buffers,
    prepare: prepare.map(entry),
    run: run.map(entry),
    code: renderJsModule({ version: VERSION, schedule, arithmetic: target.arithmetic, functions }),
  };
}

function wasmModule(name: string, { prepare, run }: LoweredProgram, target: Target): Body<WasmModule> {
  return {
    language: "wasm",
    vectors: vectorsOf(target),
    prepare: prepare.length > 0 ? renderWasm(`${name} (prepare)`, prepare, false) : null,
    run: renderWasm(name, run, target.threads),
  };
}

function vectorsOf({ lanes, pairs, fma }: Target): string {
  if (lanes === 1) return "no vectors";
  return `vectors of ${pairs ? 256 : 128} bits${fma ? ", fused multiply-add" : ""}`;
}

function wgslModule({ buffers, prepare, run }: LoweredProgram, schedule: string, target: Target): Body<WgslModule> {
  const { workgroupsAlong } = target.workgroups ?? failInternally("WGSL for a target without workgroups");
  const entry = (kernel: Lowered) => renderWgsl(kernel, schedule, workgroupsAlong);
  return { language: "wgsl", buffers, prepare: prepare.map(entry), run: run.map(entry) };
}

export interface LoweredProgram {
  readonly buffers: readonly BufferDecl[];
  readonly prepare: readonly Lowered[];
  readonly run: readonly Lowered[];
}

/** One lowered kernel per stage, and all buffers they use. */
export function lowerProgram(program: Program, schedule: Schedule, target: Target, watch?: Watch): LoweredProgram {
  const buffers = [...program.buffers];
  const prepare: Lowered[] = [];
  const names: string[] = [];
  /** A stage without a schedule: on a GPU, points are shared out all the same. */
  const inOrder = (stage: Stage) => (target.workgroups ? launchDirectives(stage) : []);
  /** One kernel for each group of stages; what packing adds goes to `prepare`. */
  const lowerStages = (stages: readonly Stage[]): Lowered[] => {
    const nests = stages.map((stage) => {
      names.push(stage.name);
      const packed = packNest(nestStage(stage, schedule[stage.name] ?? inOrder(stage)), buffers, target);
      buffers.push(...packed.buffers);
      prepare.push(...lowerStages(packed.prepare));
      return packed.nest;
    });
    return groupNests(nests, buffers).map((group) => {
      const { kernel, scratch } = buildKernel(group, buffers, target);
      buffers.push(...scratch);
      return lower(kernel, target, watch);
    });
  };
  prepare.push(...lowerStages(program.prepare));
  const run = lowerStages(program.run);
  checkStageNames(program, schedule, names);
  const used = new Set([...prepare, ...run].flatMap((kernel) => kernel.buffers.map((buffer) => buffer.name)));
  return { buffers: buffers.filter(({ name }) => used.has(name)), prepare, run };
}

/** A schedule for a stage that does not exist is a mistake, not a wish to be ignored. */
function checkStageNames(program: Program, schedule: Schedule, names: readonly string[]): void {
  const stranger = Object.keys(schedule).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    fail("invalid-schedule", `${program.name} has no stage ${stranger}; it has ${names.join(", ")}`);
  }
}
