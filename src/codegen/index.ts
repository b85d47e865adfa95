/** The compiler, for those who want its parts: schedules, targets, lowering. */

export type { JsModule, KernelModule, WasmModule, WgslDispatch, WgslEntry, WgslModule } from "../ir/module.js";
export type { Axis, BufferDecl, Program, Stage } from "../ir/program.js";
export type { Accuracy, AlgorithmRequest, Wanted } from "../ir/rewrites/wanted.js";
export { programOfAny as programOf } from "../specs/anySpec.js";
export type { CompilerOptions as CompileOptions } from "./backend.js";
export { checkSchedule, printChecked as printSchedule } from "./checkSchedule.js";
export {
  checkedTargetOf as targetOf,
  checkedWasmTarget as wasmTarget,
  checkedWgslTarget as wgslTarget,
} from "./checkTarget.js";
export {
  candidates,
  chooseAlgorithm,
  compileModule,
  compileProgram,
  findPoint,
  lowerChecked as lowerProgram,
  spaceOf,
} from "./compile.js";
export { DEFAULT_TARGET, type ExplainOptions, explain } from "./explain.js";
export type {
  Explanation,
  KernelRoad,
  MemoryLayout,
  PlacedBuffer,
  RegisterUse,
  RoadStep as Step,
  Roofline,
} from "./explanation.js";
export { type Lowered, lower, PASSES, type Pass } from "./lower.js";
export type { LoweredProgram, LowerOptions, Watch } from "./lowerProgram.js";
export { type MachineSpeed as Machine, typicalMachine } from "./machineSpeed.js";
export type { Directive, Schedule, Tail } from "./schedule.js";
export type { Candidate, Plan } from "./search/approach.js";
export type { Knobs } from "./search/sketch.js";
export type { PointName } from "./search/space.js";
export {
  DEFAULT_LIMITS,
  type Features,
  JS,
  type Language,
  type Target,
  type WasmFeatures,
  type WebgpuFeatures,
  type WorkgroupLimits,
} from "./target.js";
