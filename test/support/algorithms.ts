/** The compiler's questions about programs and algorithms, asked of specs. */
import * as compiler from "../../src/codegen/compile.js";
import { type LoweredProgram, lowerProgram, type Watch } from "../../src/codegen/lowerProgram.js";
import type { Schedule } from "../../src/codegen/schedule.js";
import type { Candidate } from "../../src/codegen/search/approach.js";
import { copyDirectives } from "../../src/codegen/search/copyDirectives.js";
import { launchDirectives } from "../../src/codegen/search/gpuPoints.js";
import type { PointName } from "../../src/codegen/search/space.js";
import type { Target } from "../../src/codegen/target.js";
import { type Access, accessOf, mainStage } from "../../src/ir/access.js";
import type { Facts, SpecFacts } from "../../src/ir/module.js";
import { byDefinition, factsOf } from "../../src/ir/ops/facts.js";
import { definitionOf, programOf } from "../../src/ir/ops/index.js";
import type { OpSpec, Spec } from "../../src/ir/ops/spec.js";
import type { Program } from "../../src/ir/program.js";
import { directRewrite } from "../../src/ir/rewrites/direct.js";
import { type Algorithm, DIRECT, type Rewrite, type WinogradTile } from "../../src/ir/rewrites/rewrite.js";
import type { Wanted } from "../../src/ir/rewrites/wanted.js";
import { type WinogradSizes, winogradRewrite, winogradSizes } from "../../src/ir/rewrites/winograd.js";

export type { Algorithm, Candidate, WinogradSizes, WinogradTile };
export { DIRECT };

// biome-ignore lint/suspicious/noExplicitAny: each rewrite meets only its own algorithms.
const rewriteOf = ({ kind }: Algorithm): Rewrite<any> => (kind === "direct" ? directRewrite : winogradRewrite);

const accessTo = (spec: OpSpec): Access => {
  const program = programOf(spec);
  return accessOf(mainStage(program), program);
};

/** The program of an algorithm that fits. */
export const programWith = (spec: OpSpec, algorithm: Algorithm): Program =>
  rewriteOf(algorithm).apply(programOf(spec), algorithm);

export const errorBound = (spec: OpSpec, algorithm: Algorithm): number =>
  rewriteOf(algorithm).bound(accessTo(spec), algorithm);

export const printAlgorithm = (spec: OpSpec, algorithm: Algorithm): string =>
  rewriteOf(algorithm).describe(accessTo(spec), algorithm);

export const winogradSizesOf = (spec: OpSpec, tile: WinogradTile): WinogradSizes | undefined =>
  winogradSizes(accessTo(spec), tile);

export const winogradTiles = (spec: OpSpec): WinogradTile[] =>
  winogradRewrite.options(accessTo(spec), programOf(spec)).map(({ tile }) => tile);

export const chooseAlgorithm = (spec: OpSpec, target: Target, wanted: Wanted): Candidate =>
  compiler.chooseAlgorithm(programOf(spec), target, wanted);

export const candidates = (spec: OpSpec, target: Target): Candidate[] => compiler.candidates(programOf(spec), target);

export const spaceOf = (spec: Spec, target: Target, wanted: Wanted): Generator<Candidate> =>
  compiler.spaceOf(programOf(spec), target, wanted);

export const findPoint = (spec: Spec, target: Target, wanted: Wanted, name: PointName): Candidate | undefined =>
  compiler.findPoint(programOf(spec), target, wanted, name);

/** The facts of a kernel by definition. */
export const directFacts = (spec: OpSpec, schedule: string): Facts & SpecFacts => {
  const definition = definitionOf(spec);
  return factsOf(definition, byDefinition(definition), schedule) as Facts & SpecFacts;
};

/** Lowered as the target's backend does: on a GPU, the points of a stage without a schedule are shared out. */
export const lowerFor = (program: Program, schedule: Schedule, target: Target, watch?: Watch): LoweredProgram =>
  lowerProgram(program, schedule, target, {
    ...(target.workgroups ? { unscheduled: (stage) => launchDirectives(stage) } : {}),
    ...(target.language === "wasm" ? { unscheduled: copyDirectives } : {}),
    ...(watch ? { watch } : {}),
  });
