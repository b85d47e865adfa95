/**
 * From spec to program: the definition of each op.
 *
 * Adding an op means one file here and one line below.
 */
import { canonical, type Definition, define } from "../definition.js";
import { failInternally } from "../errors.js";
import type { SpecFacts } from "../module.js";
import type { Program } from "../program.js";
import { atrousConv2dTransposeOp } from "./atrousConv2dTranspose.js";
import { conv2dOp } from "./conv2d.js";
import { type DenseConvolution, denseConvolution } from "./denseConvolution.js";
import { specFactsOf } from "./facts.js";
import type { OpName, Spec } from "./spec.js";
import { isFamily, isFormula } from "./specKind.js";
import { anyLengthWithin, programWithin } from "./specWithProgram.js";

const OPS: Readonly<Record<OpName, DenseConvolution>> = {
  atrousConv2dTranspose: atrousConv2dTransposeOp,
  conv2d: conv2dOp,
};

function fullProgram(spec: Spec): Program {
  const program = programWithin(spec);
  if (program) return program;
  if (isFormula(spec) || isFamily(spec)) return failInternally("a spec that nobody has read");
  return denseConvolution(spec, OPS[spec.op]);
}

/** The program of `definitionOf`: of the longest call, if each call chooses its length. */
export const programOf = (spec: Spec): Program => canonical(fullProgram(spec));

/** `spec` must have been checked. */
export const definitionOf = (spec: Spec): Definition => define(fullProgram(spec), spec, anyLengthWithin(spec));

/** `spec` must have been checked. */
export const specFacts = (spec: Spec): SpecFacts => specFactsOf(spec, fullProgram(spec));
