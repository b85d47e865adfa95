/**
 * Sketches: families of schedules with knobs. A sketch reads a stage by what its axes do, lists what its knobs can be, says what each
 * setting costs and which directives it stands for. A backend has a list of them; of all that can read a stage the fastest is
 * taken, so a new family is one more entry.
 */
import type { Access } from "../../ir/access.js";
import type { Directive } from "../schedule.js";
import type { Target } from "../target.js";

/** The values that a sketch leaves open, by name: data that tells its schedules apart. */
export type Knobs = Readonly<Record<string, number | string | boolean>>;

/** One way to see a stage. */
export interface View {
  /** Tells the views of one stage apart, as a knob. */
  readonly name: string;
  readonly access: Access;
}

/** A sketch as it is written: `V` is how it sees a stage, `K` are its knobs. */
export interface Family<V extends View, K extends object> {
  readonly name: string;
  /** A schedule must be estimated so many times as fast as one of a simpler sketch to be worth what it needs. Default 1. */
  readonly handicap?: number;
  /** None where the sketch does not fit. */
  read(access: Access, target: Target): readonly V[];
  /** Settings among which the cost model picks. */
  picks(view: V, target: Target): Iterable<K>;
  /** The search space: all settings, those of `picks` among them, in the same order each time. */
  all(view: V, target: Target): Iterable<K>;
  /** Per call, estimated, on one core; instructions where the target has no vectors. */
  cycles(knobs: K, view: V, target: Target): number;
  /** The same for settings of `all`, which may need more registers, or read more often, than those of `picks`. Default: `cycles`. */
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

/** A sketch as a list holds it. */
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
