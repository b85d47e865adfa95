/**
 * The scheduler of the direct algorithm: picks tile, unrolling and packing by cost models, measuring nothing. One sketch, a
 * family of schedules with knobs, covers targets with vectors, another those without, and one GPUs.
 */
import type { Program } from "../../ir/program.js";
import type { Schedule } from "../schedule.js";
import type { Target } from "../target.js";
import { isConvolution } from "./axes.js";
import { gpuSchedule } from "./gpuSketch.js";
import { scalarSketch } from "./scalarSketch.js";
import { vectorSketch } from "./vectorSketch.js";

/** Directives for every convolution among the stages; other stages run in order. */
export function sketchDirect(program: Program, target: Target): { schedule: Schedule; cycles: number } {
  if (target.workgroups) return gpuSchedule(program, target);
  const sketch = target.lanes > 1 ? vectorSketch : scalarSketch;
  const stages = [...program.prepare, ...program.run].filter(isConvolution);
  const sketched = stages.map((stage) => [stage.name, sketch(stage, target)] as const);
  return {
    schedule: Object.fromEntries(sketched.map(([name, { directives }]) => [name, directives])),
    cycles: sketched.reduce((sum, [, { cycles }]) => sum + cycles, 0),
  };
}
