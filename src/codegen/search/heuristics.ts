/**
 * The scheduler: picks tile, unrolling and packing for each stage by cost models, measuring nothing. One sketch, a family of
 * schedules with knobs, covers the convolutions of targets with vectors, another those of targets without.
 */
import type { Program, Stage } from "../../ir/program.js";
import type { Schedule } from "../schedule.js";
import type { Target } from "../target.js";
import { isConvolution } from "./axes.js";
import { scalarSketch } from "./scalarSketch.js";
import { vectorSketch } from "./vectorSketch.js";

/** Directives for every convolution among the stages; other stages run in order. */
export function scheduleFor(program: Program, target: Target): Schedule {
  const sketch = target.lanes > 1 ? vectorSketch : scalarSketch;
  const stages: readonly Stage[] = [...program.prepare, ...program.run].filter(isConvolution);
  return Object.fromEntries(stages.map((stage) => [stage.name, sketch(stage, target)]));
}
