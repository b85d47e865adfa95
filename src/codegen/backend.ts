/** What is a language's own in compiling, and the compiling that all languages share. */
import { canonicalKey } from "../ir/key.js";
import type { Facts, KernelModule } from "../ir/module.js";
import { factsOf } from "../ir/ops/facts.js";
import { checkSpec, type OpSpec } from "../ir/ops/spec.js";
import type { BufferDecl, Program } from "../ir/program.js";
import { VERSION } from "../ir/version.js";
import { type LoweredProgram, lowerProgram, type Watch } from "./lowerProgram.js";
import { printSchedule, type Schedule } from "./schedule.js";
import { choose, type Sketches, type Wanted } from "./search/choice.js";
import type { Language, Target } from "./target.js";

export type ModuleOf<L extends Language> = Extract<KernelModule, { language: L }>;

/** What a language adds to the facts. */
export type Body<L extends Language> = Omit<ModuleOf<L>, "key" | keyof Facts>;

/** A page that compiles for one language loads one of these. */
export interface Backend<L extends Language> {
  readonly direct: Sketches["direct"];
  /** The code, laid out. `name`: of the program; `schedule`: in one row. */
  render(name: string, lowered: LoweredProgram, schedule: string, target: Target): Body<L>;
}

export interface CompileOptions<L extends Language = Language> extends Wanted {
  readonly target: Target<L>;
  /** Of the stages of `algorithm`. Default: the scheduler's pick for this shape and target. */
  readonly schedule?: Schedule;
  readonly watch?: Watch;
}

/** `winograd`: undefined where its algorithm is not wanted. The schedule must have the form of one. Throws what `checkSpec` throws, and `invalid-schedule` where the schedule does not fit. */
export function compileWith<L extends Language>(
  { direct, render }: Backend<L>,
  winograd: Sketches["winograd"],
  spec: OpSpec,
  { target, watch, ...options }: CompileOptions<L>,
): ModuleOf<L> {
  const checked = checkSpec(spec);
  const { algorithm, plan } = choose({ direct, winograd }, checked, target, options);
  const { program: inFloat32, schedule: pick } = plan();
  const program = storedAs(inFloat32, target.storage);
  const schedule = options.schedule ?? pick;
  const row = printSchedule(schedule);
  return {
    ...factsOf(checked, algorithm, row),
    key: canonicalKey({ version: VERSION, spec: checked, target, algorithm, schedule }),
    ...render(program.name, lowerProgram(program, schedule, target, watch), row, target),
  } as ModuleOf<L>;
}

/** The program with the tensors of its callers in another type. */
function storedAs(program: Program, storage: Target["storage"]): Program {
  const isTensor = ({ role }: BufferDecl) => role === "input" || role === "weights" || role === "output";
  return { ...program, buffers: program.buffers.map((one) => (isTensor(one) ? { ...one, dtype: storage } : one)) };
}
