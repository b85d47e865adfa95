/** Schedules of a program stage by stage: each by the sketch that makes the fastest of it, all settings of one or the best. */
import { type Access, accessOf, mainStage } from "../../ir/access.js";
import { failInternally } from "../../ir/errors.js";
import type { Program, Stage } from "../../ir/program.js";
import type { Schedule } from "../schedule.js";
import type { Target } from "../target.js";
import type { Knobs, Sketch, StagePoint } from "./sketch.js";

/** A schedule of a program, named by the knobs of its main stage. */
export interface ProgramPoint {
  readonly knobs: Knobs;
  /** Per call, estimated. */
  readonly cycles: number;
  schedule(): Schedule;
}

/** `pick`: what the cost model likes best, alone. `all`: the search space, in the same order each time. */
export type Breadth = "pick" | "all";

/** Of the main stage every setting (or the best one), of the others the best. */
export function* programPoints(
  sketches: readonly Sketch[],
  program: Program,
  target: Target,
  extent: Breadth,
): Generator<ProgramPoint> {
  const main = mainStage(program);
  const stages = [...program.prepare, ...program.run];
  const others = stages.filter((stage) => stage !== main);
  const picks = new Map(others.map((stage) => [stage.name, bestPoint(sketches, accessOf(stage, program), target)]));
  const rest = program.run.reduce((sum, { name }) => sum + (picks.get(name)?.cycles ?? 0), 0);
  for (const { knobs, cycles, directives } of stagePoints(sketches, main, program, target, extent)) {
    const schedule = () =>
      Object.fromEntries(stages.map(({ name }) => [name, picks.get(name)?.directives() ?? directives()] as const));
    yield { knobs, cycles: cycles + rest, schedule };
  }
}

function* stagePoints(
  sketches: readonly Sketch[],
  stage: Stage,
  program: Program,
  target: Target,
  extent: Breadth,
): Generator<StagePoint> {
  const access = accessOf(stage, program);
  if (extent === "pick") yield bestPoint(sketches, access, target);
  else yield* allPoints(sketches, access, target);
}

/** The last of the sketches reads any stage, and serves those that no other can. */
function readingsOf(sketches: readonly Sketch[], access: Access, target: Target) {
  const read = (some: readonly Sketch[]) =>
    some.flatMap((sketch) => sketch.read(access, target).map((reading) => ({ sketch, reading })));
  const readings = read(sketches.slice(0, -1)).filter(({ reading }) => !isEmpty(reading.picks()));
  return readings.length > 0 ? readings : read(sketches.slice(-1));
}

const isEmpty = (points: Iterable<unknown>): boolean => {
  for (const _ of points) return false;
  return true;
};

/** The schedule that the cost models like best; of equals the first. */
export function bestPoint(sketches: readonly Sketch[], access: Access, target: Target): StagePoint {
  let best: { sketch: Sketch; point: StagePoint } | undefined;
  for (const { sketch, reading } of readingsOf(sketches, access, target)) {
    for (const point of reading.picks()) {
      const counted = best && best.sketch !== sketch ? point.cycles * sketch.handicap : point.cycles;
      if (best === undefined || counted < best.point.cycles) best = { sketch, point };
    }
  }
  return best?.point ?? failInternally(`no sketch reads ${access.stage.name}`);
}

/** Every setting of every sketch that can read the stage. */
export function* allPoints(sketches: readonly Sketch[], access: Access, target: Target): Generator<StagePoint> {
  for (const { reading } of readingsOf(sketches, access, target)) yield* reading.all();
}
