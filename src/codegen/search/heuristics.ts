/** The scheduler of the direct algorithm on CPUs: one sketch, a family of schedules with knobs, for every convolution. */
import type { Program, Stage } from "../../ir/program.js";
import type { Target } from "../target.js";
import { isConvolution } from "./axes.js";
import type { Sketches } from "./choice.js";
import type { Sketched } from "./sketched.js";

type Sketch = (stage: Stage, target: Target) => Sketched;

/** Directives for every convolution among the stages; other stages run in order. */
export const sketchStages =
  (sketchFor: (target: Target) => Sketch): Sketches["direct"] =>
  (program: Program, target: Target) => {
    const stages = [...program.prepare, ...program.run].filter(isConvolution);
    const sketched = stages.map((stage) => [stage.name, sketchFor(target)(stage, target)] as const);
    return {
      knobs: Object.assign({}, ...sketched.map(([, { knobs }]) => knobs)),
      schedule: Object.fromEntries(sketched.map(([name, { directives }]) => [name, directives])),
      cycles: sketched.reduce((sum, [, { cycles }]) => sum + cycles, 0),
    };
  };
