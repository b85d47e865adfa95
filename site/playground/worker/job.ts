/** From a job of the page to what the compiler takes. */
import { type Backend, compilePlan, searchOf } from "../../../src/codegen/backend.js";
import { checkSchedule } from "../../../src/codegen/checkSchedule.js";
import { checkedTargetOf } from "../../../src/codegen/checkTarget.js";
import type { Watch } from "../../../src/codegen/lowerProgram.js";
import type { Candidate, Plan } from "../../../src/codegen/search/approach.js";
import { choose, type Search } from "../../../src/codegen/search/choose.js";
import { type PointName, pointNamed, searchSpace } from "../../../src/codegen/search/space.js";
import type { Language, Target } from "../../../src/codegen/target.js";
import type { Definition } from "../../../src/ir/definition.js";
import { fail } from "../../../src/ir/errors.js";
import type { KernelModule } from "../../../src/ir/module.js";
import { definitionOf } from "../../../src/ir/ops/index.js";
import { loadSpec } from "../../../src/runtime/specs.js";
import type { Job } from "../messages.js";
import { backendFor, winogradFor } from "./backends.js";

export interface Opened {
  readonly backend: Backend<Language>;
  readonly search: Search;
  readonly definition: Definition;
  readonly target: Target;
  readonly wanted: { readonly accuracy: Job["accuracy"]; readonly algorithm: "auto" };
  /** The point that the job names, or the model's pick. */
  readonly candidate: Candidate;
  /** The candidate's plan, or that with the job's own schedule. */
  readonly plan: Plan;
}

/**
 * Throws what the compiler throws of specs and schedules, and `invalid-argument` if the job's point is none of this
 * space.
 */
export async function openJob({ spec, features, accuracy, point, schedule }: Job): Promise<Opened> {
  const definition = definitionOf(await loadSpec(spec));
  const { language } = features;
  const gpu = language === "wgsl" ? await (await import("./gpu.js")).gpuHere() : undefined;
  const target = checkedTargetOf(features, gpu);
  const backend = await backendFor(language);
  const search = searchOf(backend, accuracy === "fast" ? await winogradFor(language) : undefined);
  const wanted = { accuracy, algorithm: "auto" } as const;
  const candidate = point
    ? (pointNamed(search, definition.program, target, wanted, point) ?? refusePoint(point))
    : choose(search, definition.program, target, wanted);
  const plan = candidate.plan();
  const own = schedule ? { ...plan, schedule: checkSchedule(schedule) } : plan;
  return { backend, search, definition, target, wanted, candidate, plan: own };
}

const refusePoint = ({ knobs }: PointName): never =>
  fail(
    "invalid-argument",
    `this kernel has no schedule ${JSON.stringify(knobs)}; go back to the model's pick, or turn another knob`,
  );

export const moduleOf = ({ backend, definition, plan, target }: Opened, watch?: Watch): KernelModule =>
  compilePlan(backend, definition, plan, target, watch);

/** Points of the job's space, at most so many. */
export function pointsOf({ search, definition, target, wanted }: Opened, most: number): Candidate[] {
  const points: Candidate[] = [];
  for (const point of searchSpace(search, definition.program, target, wanted)) {
    if (points.push(point) === most) break;
  }
  return points;
}
