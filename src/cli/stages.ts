/** The stages of the road by name, and the part of an explanation that belongs to one of them. */
import type { Explanation, Step } from "../codegen/explain.js";
import { PASSES } from "../codegen/lower.js";
import { fail } from "../ir/errors.js";

const BEFORE = ["spec", "algorithm", "program", "schedule"] as const;
const AFTER = ["code", "memory", "work", "registers", "roofline"] as const;
const STEPS: readonly string[] = ["nest", ...PASSES.map((pass) => pass.name)];
/** What the emitter gets: the step of whichever pass was the last to change something. */
const LOWERED = "lowered";

/** In the order of the road. */
export const STAGES: readonly string[] = [...BEFORE, ...STEPS, LOWERED, ...AFTER];

/** Checked before anything is compiled. */
export function checkStage(stage: string): string {
  if (STAGES.includes(stage)) return stage;
  return fail("invalid-argument", `there is no stage "${stage}"; there are ${STAGES.join(", ")}`);
}

/** The explanation with nothing but one stage; a step comes with the kernels that have it. */
export function onlyStage(explanation: Explanation, stage: string): Partial<Explanation> {
  const field = [...BEFORE, ...AFTER].find((name) => name === stage);
  if (field !== undefined) return { [field]: explanation[field] };
  const isStage = (step: Step, i: number, { length }: readonly Step[]) =>
    stage === LOWERED ? i === length - 1 : step.name === stage;
  return {
    kernels: explanation.kernels.map(({ steps, unchanged, ...kernel }) => ({
      ...kernel,
      steps: steps.filter(isStage),
      unchanged: unchanged.filter((name) => name === stage),
    })),
  };
}
