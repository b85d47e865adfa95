/** Schedules of a program, stage by stage: each stage by the sketches that can read it. */
import { type Access, accessOf, mainStage } from "../../ir/access.js";
import { failInternally } from "../../ir/errors.js";
import type { Program, Stage } from "../../ir/program.js";
import type { Schedule } from "../schedule.js";
import type { Target } from "../target.js";
import type { Knobs, Sketch, StagePoint } from "./sketch.js";

/** A schedule of a program, named by the knobs of its main stage. */
export interface ProgramPoint {
  readonly knobs: Knobs;
  /** Estimated cycles per call. */
  readonly cycles: number;
  schedule(): Schedule;
}

/** `pick` is only the schedule that the cost model prefers, `all` is the search space in the same order each time. */
export type Breadth = "pick" | "all";

/** Schedules of a program: every point of the main stage, or its best one, each with the best points of all others. */
export function* programPoints(
  sketches: readonly Sketch[],
  program: Program,
  target: Target,
  breadth: Breadth,
): Generator<ProgramPoint> {
  const main = mainStage(program);
  const others = picksBeside(main, sketches, program, target);
  for (const { knobs, cycles, directives } of stagePoints(sketches, main, program, target, breadth)) {
    yield others.with({ knobs, cycles, schedule: () => ({ [main.name]: directives() }) });
  }
}

/** The best points of all stages but one; `with` puts them beside a point of that one. */
export interface PicksBeside {
  with(point: ProgramPoint): ProgramPoint;
}

export function picksBeside(main: Stage, sketches: readonly Sketch[], program: Program, target: Target): PicksBeside {
  const stages = [...program.prepare, ...program.run];
  const others = stages.filter((stage) => stage !== main);
  const picks = new Map(others.map((stage) => [stage.name, bestPoint(sketches, accessOf(stage, program), target)]));
  const rest = program.run.reduce((sum, { name }) => sum + (picks.get(name)?.cycles ?? 0), 0);
  /** Stages in the program's order, and behind them what the point has instead of the one. */
  const together = (own: Schedule): Schedule => {
    const known = stages.flatMap(({ name }) => {
      const directives = picks.get(name)?.directives() ?? own[name];
      return directives ? [[name, directives] as const] : [];
    });
    return { ...Object.fromEntries(known), ...own };
  };
  return {
    with: ({ knobs, cycles, schedule }) => {
      return { knobs, cycles: cycles + rest, schedule: () => together(schedule()) };
    },
  };
}

function* stagePoints(
  sketches: readonly Sketch[],
  stage: Stage,
  program: Program,
  target: Target,
  breadth: Breadth,
): Generator<StagePoint> {
  const access = accessOf(stage, program);
  if (breadth === "pick") yield bestPoint(sketches, access, target);
  else yield* allPoints(sketches, access, target);
}

/** The readings of all sketches but the last one. The last sketch reads any stage, and serves if no other can. */
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

/** The schedule that the cost models prefer; the first one on a tie. */
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
