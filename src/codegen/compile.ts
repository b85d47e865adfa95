/**
 * The compiler: a definition, a target and a schedule make a kernel module.
 *
 * It is deterministic, touches no file and keeps nothing between calls.
 */

import { type Definition, define } from "../ir/definition.js";
import type { SpecFacts } from "../ir/module.js";
import { definitionOf } from "../ir/ops/index.js";
import type { Spec } from "../ir/ops/spec.js";
import type { Program } from "../ir/program.js";
import { checkAnySpec } from "../ops/anySpec.js";
import { type Backend, type CompilerOptions, compilePlan, compileWith, type ModuleOf, searchOf } from "./backend.js";
import { JS_BACKEND } from "./backends/js.js";
import { WASM_BACKEND } from "./backends/wasm.js";
import { WGSL_BACKEND } from "./backends/wgsl.js";
import { checkProgram } from "./checkProgram.js";
import { checkSchedule } from "./checkSchedule.js";
import type { Watch } from "./lowerProgram.js";
import type { Candidate, Plan } from "./search/approach.js";
import type { Search, Wanted } from "./search/choose.js";
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
 * Compiles a spec. Throws what `checkAnySpec` throws, and `invalid-argument` or `invalid-schedule` if the algorithm or the
 * schedule does not fit.
 */
export const compileModule = <L extends Language>(spec: Spec, options: CompilerOptions<L>): ModuleOf<L> & SpecFacts =>
  compileDefinition(definitionOf(checkAnySpec(spec)), options) as ModuleOf<L> & SpecFacts;

/**
 * Compiles a program that is not made from a spec. The program must be well-formed: wherever a term counts, its
 * subscripts stay inside their buffers.
 * @throws TilewrightError `invalid-argument`, `too-large`, `invalid-schedule`
 */
export const compileProgram = <L extends Language>(program: Program, options: CompilerOptions<L>): ModuleOf<L> =>
  compileDefinition(define(checkProgram(program)), options);

function compileDefinition<L extends Language>(
  definition: Definition,
  { schedule, ...options }: CompilerOptions<L>,
): ModuleOf<L> {
  const { target } = options;
  const backend: Backend<L> = BACKENDS[target.language as L];
  const checked = schedule ? { schedule: checkSchedule(schedule) } : {};
  return compileWith(backend, winogradFor(target), definition, { ...options, ...checked });
}

/** The module of a plan that `chooseAlgorithm` gave for the definition's program. */
export const compilePlanned = <L extends Language>(
  definition: Definition,
  plan: Plan,
  target: Target<L>,
  watch?: Watch,
): ModuleOf<L> => compilePlan(BACKENDS[target.language as L] as Backend<L>, definition, plan, target, watch);

/** The algorithm and schedule for what is wanted. Throws `invalid-argument` if the program has no such algorithm. */
export const chooseAlgorithm = (program: Program, target: Target, wanted: Wanted): Candidate =>
  search.choose(searchFor(target), program, target, wanted);

/** Every algorithm that fits the program, each with its best schedule, those of fewest cycles first. */
export const candidates = (program: Program, target: Target, wanted: Wanted = { accuracy: "fast" }): Candidate[] =>
  search.allCandidates(searchFor(target), program, target, wanted);

/** See `searchSpace` in `search/space.ts`. */
export const spaceOf = (program: Program, target: Target, wanted: Wanted): Generator<Candidate> =>
  space.searchSpace(searchFor(target), program, target, wanted);

/** See `pointNamed` in `search/space.ts`. */
export const findPoint = (program: Program, target: Target, wanted: Wanted, name: PointName): Candidate | undefined =>
  space.pointNamed(searchFor(target), program, target, wanted, name);
