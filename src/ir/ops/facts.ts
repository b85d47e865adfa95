/** The facts about a kernel, for hosts that do not know its definition or algorithm. */
import type { Definition } from "../definition.js";
import type { Facts, SpecFacts } from "../module.js";
import { type BufferDecl, onlyOutput, type Program } from "../program.js";
import { boundOfStages } from "../rewrites/rewrite.js";
import { workOf } from "../work.js";
import type { Spec } from "./spec.js";
import { isFormula } from "./specKind.js";
import { anyLengthWithin } from "./specWithProgram.js";

/** How sums are computed, in words, and a bound of their error (see `Rewrite`). */
export interface Method {
  readonly described: string;
  readonly bound: number;
}

export const factsOf = (definition: Definition, { described, bound }: Method, schedule: string): Facts => ({
  ...headOf(definition),
  algorithm: described,
  errorBound: bound,
  schedule,
  work: workOf(definition),
});

/** The method of the definition itself. */
export const byDefinition = ({ program }: Definition): Method => ({
  described: "direct",
  bound: boundOfStages(program.run),
});

const headOf = ({ spec, program }: Definition): Pick<Facts, "spec" | "outputShape" | "parameter" | "tensors"> =>
  spec ? specFactsOf(spec, program) : { tensors: tensorNames(program) };

const tensorNames = ({ buffers }: Program): string[] => buffers.filter(isTensor).map(({ name }) => name);

export function specFactsOf(spec: Spec, program: Program): SpecFacts {
  const outputShape = onlyOutput(program)?.shape;
  const parameter = anyLengthWithin(spec)?.parameter;
  return {
    spec,
    ...(outputShape ? { outputShape } : {}),
    ...(parameter ? { parameter } : {}),
    ...(isFormula(spec) ? { tensors: tensorNames(program) } : {}),
  };
}

/** True if callers give or get the buffer. */
const isTensor = ({ role }: BufferDecl): boolean => role === "input" || role === "weights" || role === "output";
