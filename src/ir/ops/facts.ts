/** What follows from spec and algorithm, for those who call kernels and know neither. */
import type { Facts, SpecFacts } from "../module.js";
import { workOf } from "../work.js";
import { errorBound } from "./errorBound.js";
import { type Algorithm, printAlgorithm, programOf } from "./index.js";
import { denseTerms, geometryOf, type OpSpec } from "./spec.js";

/** `spec` must have passed `checkSpec`. */
export const factsOf = (spec: OpSpec, algorithm: Algorithm, schedule: string): Facts & SpecFacts => ({
  spec,
  outputShape: geometryOf(spec).outputShape,
  algorithm: printAlgorithm(spec, algorithm),
  errorBound: errorBound(spec, algorithm),
  schedule,
  work: workOf(programOf(spec), denseTerms(spec)),
});
