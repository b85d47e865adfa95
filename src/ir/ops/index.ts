/**
 * From spec to program: the definition of each op.
 *
 * Adding an op means one file here and one line below.
 */
import { canonical, type Definition, define } from "../definition.js";
import type { Program } from "../program.js";
import { atrousConv2dTransposeOp } from "./atrousConv2dTranspose.js";
import { conv2dOp } from "./conv2d.js";
import { type DenseConvolution, denseConvolution } from "./denseConvolution.js";
import { checkSpec, type OpName, type OpSpec } from "./spec.js";

const OPS: Readonly<Record<OpName, DenseConvolution>> = {
  atrousConv2dTranspose: atrousConv2dTransposeOp,
  conv2d: conv2dOp,
};

const fullProgram = (spec: OpSpec): Program => denseConvolution(spec, OPS[spec.op]);

/** The program of `definitionOf`. Throws what `checkSpec` throws. */
export const programOf = (spec: OpSpec): Program => canonical(fullProgram(checkSpec(spec)));

/** `spec` must have passed `checkSpec`. */
export const definitionOf = (spec: OpSpec): Definition => define(fullProgram(spec), spec);
