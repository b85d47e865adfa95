/**
 * Sketches: families of schedules with knobs.
 *
 * A sketch reads a stage by the roles of its axes. It lists the settings of its knobs, and gives the cost and the
 * directives of each setting. A backend has a list of sketches. The fastest schedule of all that can read a stage is
 * taken, so a new family is one more entry of the list.
 */
import type { Access } from "../../ir/access.js";
import type { Directive } from "../schedule.js";
import type { Target } from "../target.js";

/** A setting: the values that a sketch leaves open, by name. Settings tell schedules apart and are plain data. */
export type Knobs = Readonly<Record<string, number | string | boolean>>;

/** A way to see a stage. */
export interface View {
  /** Tells the views of one stage apart, as a knob. */
  readonly name: string;
  readonly access: Access;
}

/** The definition of a sketch. `V` is its view of a stage, `K` are its knobs. */
export interface Family<V extends View, K extends object> {
  readonly name: string;
  /** The factor by which a schedule must be estimated to be faster than one of an earlier sketch. Default 1. */
  readonly handicap?: number;
  /** The views of a stage, none if the sketch does not fit it. */
  read(access: Access, target: Target): readonly V[];
  /** The settings among which the cost model picks. */
  picks(view: V, target: Target): Iterable<K>;
  /** The search space: all settings, those of `picks` among them, in the same order each time. */
  all(view: V, target: Target): Iterable<K>;
  /** Estimated cycles per call on one core, or instructions if the target has no vectors. */
  cycles(knobs: K, view: V, target: Target): number;
  /**
   * Estimated cycles for settings of `all`, which may need more registers, or read more often, than those of `picks`.
   * Default: `cycles`.
   */
  refined?(knobs: K, view: V, target: Target): number;
  directives(knobs: K, view: V, target: Target): readonly Directive[];
}

/** A schedule of one stage. */
export interface StagePoint {
  readonly knobs: Knobs;
  readonly cycles: number;
  directives(): readonly Directive[];
}

/** A stage as one view of a sketch shows it. */
export interface Reading {
  picks(): Iterable<StagePoint>;
  all(): Iterable<StagePoint>;
}

/** A sketch without the types of its view and knobs, as an entry of a list. */
export interface Sketch {
  readonly name: string;
  readonly handicap: number;
  read(access: Access, target: Target): readonly Reading[];
}

export function sketchOf<V extends View, K extends object>(family: Family<V, K>): Sketch {
  const { name, handicap = 1 } = family;
  const reading = (view: V, target: Target): Reading => {
    function* points(settings: Iterable<K>, cyclesOf: Family<V, K>["cycles"]): Generator<StagePoint> {
      for (const setting of settings)
        yield {
          knobs: { sketch: name, view: view.name, ...setting },
          cycles: cyclesOf(setting, view, target),
          directives: () => family.directives(setting, view, target),
        };
    }
    return {
      picks: () => points(family.picks(view, target), family.cycles),
      all: () => points(family.all(view, target), family.refined ?? family.cycles),
    };
  };
  return {
    name,
    handicap,
    read: (access, target) => family.read(access, target).map((view) => reading(view, target)),
  };
}
