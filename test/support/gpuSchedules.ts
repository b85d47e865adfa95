/** Random schedules for GPUs: tiles of all sizes, also such as no sketch would choose, and launches of any loops. */
import fc from "fast-check";
import type { Directive, Schedule } from "../../src/codegen/schedule.js";
import { directDirectives, sharedDirectives } from "../../src/codegen/search/gpuDirectives.js";
import { matrixViews, type ProductView } from "../../src/codegen/search/productView.js";
import { accessOf } from "../../src/ir/access.js";
import type { Program, Stage } from "../../src/ir/program.js";
import { ScheduleBuilder } from "./arbitraries.js";

/** The directives of a tile. */
type Tiling = (view: ProductView) => readonly Directive[];

const sharedTiles: fc.Arbitrary<Tiling> = fc
  .record({
    rows: fc.integer({ min: 1, max: 5 }),
    columns: fc.constantFrom(4, 8, 12),
    teamRows: fc.integer({ min: 1, max: 9 }),
    teamColumns: fc.integer({ min: 1, max: 5 }),
    depth: fc.constantFrom(4, 8, 12),
  })
  .map((tile) => (view) => sharedDirectives(tile, view));

const directTiles: fc.Arbitrary<Tiling> = fc
  .record({ vectors: fc.integer({ min: 1, max: 3 }), team: fc.integer({ min: 1, max: 60 }) })
  .map((tile) => (view) => directDirectives(tile, view));

const tilings: fc.Arbitrary<Tiling> = fc.oneof(sharedTiles, directTiles);

/** For the first stage that runs; more often than not it fits. */
export function gpuSchedule(program: Program, draw: fc.GeneratorValue): Schedule {
  const conv = program.run[0] as Stage;
  const [view] = matrixViews(accessOf(conv, program));
  if (!view || draw(fc.integer, { min: 0, max: 2 }) === 0)
    return { conv: new ScheduleBuilder(draw, conv, true).build() };
  const directives = draw(() => tilings);
  return { conv: directives(view) };
}
