/** From spec to program: the definition of an op. Adding an op means one file here and one line below. */
import type { Program } from "../program.js";
import { atrousConv2dTranspose } from "./atrousConv2dTranspose.js";
import { conv2d } from "./conv2d.js";
import { type DenseConvolution, denseConvolution } from "./denseConvolution.js";
import { denseTerms, type OpName, type OpSpec } from "./spec.js";

const OPS: Readonly<Record<OpName, DenseConvolution>> = { atrousConv2dTranspose, conv2d };

/** `spec` must have passed `checkSpec`. */
export const programOf = (spec: OpSpec): Program => denseConvolution(spec, OPS[spec.op]);

/** What a kernel is to compute. */
export interface Definition {
  readonly program: Program;
  /** Terms of all outputs, padding included: how others count work. */
  readonly terms: number;
  /** The spec that the program was made from; left out for a program of one's own. */
  readonly spec?: OpSpec;
}

/** `spec` must have passed `checkSpec`. */
export const definitionOf = (spec: OpSpec): Definition => ({ spec, program: programOf(spec), terms: denseTerms(spec) });
