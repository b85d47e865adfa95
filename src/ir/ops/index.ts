/** From spec to program: one entry per op. Adding an op means one file here and one line below. */
import type { Program } from "../program.js";
import { atrousConv2dTranspose } from "./atrousConv2dTranspose.js";
import { conv2d } from "./conv2d.js";
import type { OpName, OpSpec } from "./spec.js";

const PROGRAMS: Readonly<Record<OpName, (spec: OpSpec) => Program>> = { atrousConv2dTranspose, conv2d };

/** `spec` must have passed `checkSpec`. */
export const programOf = (spec: OpSpec): Program => PROGRAMS[spec.op](spec);
