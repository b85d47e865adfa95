/**
 * The compiler: a definition, a target and a schedule make a kernel module.
 *
 * It is deterministic, touches no file and keeps nothing between calls.
 */

import { type Definition, define } from "../ir/definition.js";
import { fail, reading, show } from "../ir/errors.js";
import { canonicalKey } from "../ir/key.js";
import type { SpecFacts } from "../ir/module.js";
import { definitionOf } from "../ir/ops/index.js";
import type { GivenSpec } from "../ir/ops/spec.js";
import { checkOptions } from "../ir/options.js";
import type { Program, Stage } from "../ir/program.js";
import { checkFilledWanted, type Wanted } from "../ir/rewrites/wanted.js";
import { checkAnySpec } from "../specs/anySpec.js";
import { type Backend, type CompilerOptions, compilePlan, compileWith, type ModuleOf, searchOf } from "./backend.js";
import { JS_BACKEND } from "./backends/js.js";
import { WASM_BACKEND } from "./backends/wasm.js";
import { WGSL_BACKEND } from "./backends/wgsl.js";
import { checkProgram } from "./checkProgram.js";
import { checkSchedule } from "./checkSchedule.js";
import { checkTarget } from "./checkTarget.js";
import { type LoweredProgram, type LowerOptions, lowerProgram, type Watch } from "./lowerProgram.js";
import type { Schedule } from "./schedule.js";
import type { Candidate, Plan } from "./search/approach.js";
import type { Search } from "./search/choose.js";
import * as search from "./search/choose.js";
import type { PointName } from "./search/space.js";
import * as space from "./search/space.js";
import { winogradOnCpu } from "./search/winogradOnCpu.js";
import { winogradOnGpu } from "./search/winogradOnGpu.js";
import type { Language, Target } from "./target.js";

const BACKENDS: { readonly [L in Language]: Backend<L> } = {
  js: JS_BACKEND,
  wasm: WASM_BACKEND,
  wgsl: WGSL_BACKEND,
};

const winogradFor = ({ workgroups }: Target) => (workgroups ? winogradOnGpu : winogradOnCpu);

/** All sketches and approaches for a target. */
const searchFor = (target: Target): Search => searchOf(BACKENDS[target.language], winogradFor(target));

/**
 * Compiles a spec.
 * @throws TilewrightError what `checkAnySpec` throws; `invalid-argument` if an option has no meaning, or the algorithm
 *   does not fit; `invalid-schedule`
 */
export const compileModule = <L extends Language>(
  spec: GivenSpec,
  options: CompilerOptions<L>,
): ModuleOf<L> & SpecFacts => compileDefinition(definitionOf(checkAnySpec(spec)), options) as ModuleOf<L> & SpecFacts;

/**
 * Compiles a program that is not made from a spec. The program must be well-formed: wherever a term counts, its
 * subscripts stay inside their buffers.
 * @throws TilewrightError `invalid-argument`, `too-large`, `invalid-schedule`
 */
export const compileProgram = <L extends Language>(program: Program, options: CompilerOptions<L>): ModuleOf<L> =>
  compileDefinition(define(checkProgram(program)), options);

function compileDefinition<L extends Language>(definition: Definition, given: CompilerOptions<L>): ModuleOf<L> {
  const options = checkCompilerOptions(given);
  const backend: Backend<L> = BACKENDS[options.target.language as L];
  return compileWith(backend, winogradFor(options.target), definition, options);
}

function checkCompilerOptions<L extends Language>(given: CompilerOptions<L>): CompilerOptions<L> {
  const { target, schedule, watch, ...wanted } = checkOptions(given, [
    "target",
    "accuracy",
    "algorithm",
    "schedule",
    "watch",
  ]);
  return {
    target: checkTarget(target),
    ...checkFilledWanted(wanted),
    ...(schedule === undefined ? {} : { schedule: checkSchedule(schedule) }),
    ...(watch === undefined ? {} : { watch: checkFunction("watch", watch) }),
  };
}

const checkFunction = <F>(name: string, given: F): F =>
  typeof given === "function" ? given : fail("invalid-argument", `${name} must be a function; got ${show(given)}`);

/**
 * Lowers a program: see `lowerProgram` in `lowerProgram.ts`, which takes what has been checked.
 * @throws TilewrightError `invalid-argument`, `too-large`, `invalid-schedule`
 */
export function lowerChecked(
  program: Program,
  schedule: Schedule,
  target: Target,
  options: LowerOptions = {},
): LoweredProgram {
  const { unscheduled, watch } = checkOptions(options, ["unscheduled", "watch"]);
  if (unscheduled !== undefined) checkFunction("unscheduled", unscheduled);
  const directives = (stage: Stage) => checkSchedule({ [stage.name]: unscheduled?.(stage) })[stage.name] ?? [];
  return lowerProgram(checkProgram(program), checkSchedule(schedule), checkTarget(target), {
    ...(unscheduled === undefined ? {} : { unscheduled: directives }),
    ...(watch === undefined ? {} : { watch: checkFunction("watch", watch) }),
  });
}

/** The module of a plan that `chooseAlgorithm` gave for the definition's program. */
export const compilePlanned = <L extends Language>(
  definition: Definition,
  plan: Plan,
  target: Target<L>,
  watch?: Watch,
): ModuleOf<L> => compilePlan(BACKENDS[target.language as L] as Backend<L>, definition, plan, target, watch);

/** The function for what a caller hands in, which is checked first. */
const forCallers =
  <T>(find: (search: Search, program: Program, target: Target, wanted: Wanted) => T) =>
  (program: Program, given: Target, wanted: Wanted): T => {
    const target = checkTarget(given);
    return find(searchFor(target), checkProgram(program), target, checkFilledWanted(wanted));
  };

/**
 * The algorithm and schedule for what is wanted.
 * @throws TilewrightError `invalid-argument`, also if the program has no such algorithm; `too-large`
 */
export const chooseAlgorithm = forCallers(search.choose);

const allCandidates = forCallers(search.allCandidates);

/**
 * Every algorithm that fits the program, each with its best schedule, those of fewest cycles first.
 * @throws TilewrightError `invalid-argument`, `too-large`
 */
export const candidates = (program: Program, target: Target, wanted: Wanted = { accuracy: "fast" }): Candidate[] =>
  allCandidates(program, target, wanted);

/**
 * See `searchSpace` in `search/space.ts`.
 * @throws TilewrightError `invalid-argument`, `too-large`
 */
export const spaceOf = forCallers(space.searchSpace);

/**
 * See `pointNamed` in `search/space.ts`.
 * @throws TilewrightError `invalid-argument`, `too-large`
 */
export const findPoint = (program: Program, target: Target, wanted: Wanted, name: PointName): Candidate | undefined =>
  forCallers((...request) => space.pointNamed(...request, checkPointName(name)))(program, target, wanted);

/** The name as a plain copy. It is only compared, so it need not be one. */
const checkPointName = (given: PointName): PointName =>
  reading("a point", () =>
    typeof given === "object" && given !== null
      ? JSON.parse(canonicalKey({ algorithm: given.algorithm, knobs: given.knobs }))
      : fail("invalid-argument", `a point is named by { algorithm, knobs }; got ${show(given)}`),
  );
