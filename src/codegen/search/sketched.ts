/** What sketches give: the best of their schedules, for a stage or for all stages of a program. */
import type { Directive, Schedule } from "../schedule.js";

/** What a sketch leaves open, by name: data that tells its schedules apart. */
export type Knobs = Readonly<Record<string, number | string | boolean>>;

interface Best {
  readonly knobs: Knobs;
  /** Per call, estimated. Of targets without vectors instructions are counted. */
  readonly cycles: number;
}

export interface Sketched extends Best {
  readonly directives: readonly Directive[];
}

export interface SketchedProgram extends Best {
  readonly schedule: Schedule;
}
