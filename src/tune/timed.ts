/** What is made of modules to be timed. */
import type { FloatsByName } from "./checkData.js";
import type { Placed } from "./sampling.js";

/** Code, of which each instance has memory of its own, where that matters. */
export interface TimedKernel {
  place(): Promise<TimedInstance>;
  /** Its instances are gone by then. */
  dispose(): void;
}

export interface TimedInstance extends Placed {
  /** The outputs of one call by name. */
  result(): Promise<FloatsByName>;
}
