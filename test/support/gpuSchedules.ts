/** Random schedules for GPUs: tiles of all sizes, also such as no sketch would choose, and launches of any loops. */
import fc from "fast-check";
import type { Schedule } from "../../src/codegen/schedule.js";
import { productOf } from "../../src/codegen/search/gpuSketch.js";
import { type GpuTile, tileDirectives } from "../../src/codegen/search/gpuTiles.js";
import { elementCount, type Program, type Stage } from "../../src/ir/program.js";
import { ScheduleBuilder } from "./arbitraries.js";

const tiles: fc.Arbitrary<GpuTile> = fc.oneof(
  fc.record({
    kind: fc.constant("shared" as const),
    rows: fc.integer({ min: 1, max: 5 }),
    columns: fc.constantFrom(4, 8, 12),
    teamRows: fc.integer({ min: 1, max: 9 }),
    teamColumns: fc.integer({ min: 1, max: 5 }),
    depth: fc.constantFrom(4, 8, 12),
  }),
  fc.record({
    kind: fc.constant("direct" as const),
    vectors: fc.integer({ min: 1, max: 3 }),
    team: fc.integer({ min: 1, max: 60 }),
  }),
);

/** For the first stage that runs; more often than not it fits. */
export function gpuSchedule(program: Program, draw: fc.GeneratorValue): Schedule {
  const conv = program.run[0] as Stage;
  const isEmpty = elementCount([...conv.space, ...conv.reduce].map(({ extent }) => extent)) === 0;
  if (isEmpty || draw(fc.integer, { min: 0, max: 2 }) === 0)
    return { conv: new ScheduleBuilder(draw, conv, true).build() };
  return {
    conv: tileDirectives(
      draw(() => tiles),
      productOf(conv),
    ),
  };
}
