/** The names of the stages of the road, and the part of an explanation that belongs to one stage. */
import type { Explanation, RoadStep } from "../codegen/explanation.js";
import { PASSES } from "../codegen/lower.js";
import { fail } from "../ir/errors.js";
import { meant } from "../ir/meant.js";

const BEFORE = ["spec", "algorithm", "program", "schedule"] as const;
const AFTER = ["code", "memory", "work", "registers", "loops", "roofline"] as const;
const STEPS: readonly string[] = ["nest", ...PASSES.map((pass) => pass.name)];
/** The input of the emitter: the step of the last pass that changed something. */
const LOWERED = "lowered";

/** All stages in the order of the road. */
export const STAGES: readonly string[] = [...BEFORE, ...STEPS, LOWERED, ...AFTER];

/** Refuses a name that is no stage, before anything is compiled. */
export function checkStage(stage: string): string {
  if (STAGES.includes(stage)) return stage;
  return fail(
    "invalid-argument",
    `there is no stage "${stage}"; there are ${STAGES.join(", ")}${meant(stage, STAGES)}`,
  );
}

/** The part of an explanation about one stage. A step keeps the kernels around it. */
export function onlyStage(explanation: Explanation, stage: string): Partial<Explanation> {
  const field = [...BEFORE, ...AFTER].find((name) => name === stage);
  if (field !== undefined) return { [field]: explanation[field] };
  const isStage = (step: RoadStep, i: number, { length }: readonly RoadStep[]) =>
    stage === LOWERED ? i === length - 1 : step.name === stage;
  return {
    kernels: explanation.kernels.map(({ steps, unchanged, ...kernel }) => ({
      ...kernel,
      steps: steps.filter(isStage),
      unchanged: unchanged.filter((name) => name === stage),
    })),
  };
}
