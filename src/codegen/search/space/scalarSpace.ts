/** All that the sketch for targets without vectors can make of a convolution: more sums, and every combination of its knobs. */
import type { Program, Stage } from "../../../ir/program.js";
import type { Target } from "../../target.js";
import { costOf, scalarDirectives, scalarTiles, termsPerPoint } from "../scalarSketch.js";
import type { Points } from "./point.js";

/** A sum that waits in memory costs less than it seems where the processor has something else to do. */
const SPARE_REGISTERS = 3;

export function* scalarSpace(program: Program, stage: Stage, target: Target): Points {
  const terms = termsPerPoint(stage);
  for (const one of scalarTiles(stage, target.registers + SPARE_REGISTERS))
    for (const edges of ["tiles", "taps"] as const)
      for (const outside of ["channels", "rows"] as const) {
        const tile = { ...one, edges, outside };
        const plan = () => ({ program, schedule: { [stage.name]: scalarDirectives(tile, stage) } });
        yield { knobs: { ...tile }, cycles: costOf(tile, stage, terms, target), plan };
      }
}
