/** The choice of algorithm for any target: who has all of the compiler at hand need not say what to sketch with. */
import type { OpSpec } from "../../ir/ops/spec.js";
import type { Target } from "../target.js";
import { type Candidate, candidatesOf, choose, type Sketches, type Wanted } from "./choice.js";
import { directOnCpu } from "./directOnCpu.js";
import { gpuSchedule } from "./gpuSketch.js";
import { winogradOnCpu } from "./winogradOnCpu.js";
import { winogradOnGpu } from "./winogradOnGpu.js";

export type { Accuracy, AlgorithmRequest, Candidate, Wanted } from "./choice.js";

const CPU: Sketches = { direct: directOnCpu, winograd: winogradOnCpu };
const GPU: Sketches = { direct: gpuSchedule, winograd: winogradOnGpu };

export const sketchesFor = ({ workgroups }: Target): Sketches => (workgroups ? GPU : CPU);

/** The algorithm for what is wanted; throws `invalid-argument` where the spec has no such algorithm. */
export const chooseAlgorithm = (spec: OpSpec, target: Target, wanted: Wanted): Candidate =>
  choose(sketchesFor(target), spec, target, wanted);

/** Every algorithm that fits, fewest cycles first. */
export const candidates = (spec: OpSpec, target: Target): Candidate[] =>
  candidatesOf(sketchesFor(target), spec, target);
