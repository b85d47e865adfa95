/** The types of modules that have been loaded to be timed. */
import type { FloatsByName } from "./checkData.js";
import type { Placed } from "./sampling.js";

/** Code to be timed. */
export interface TimedKernel {
  /** An instance. It has new memory if the place of memory matters for the speed; see `takeTurns`. */
  place(): Promise<TimedInstance>;
  /** The kernel's instances must have been disposed of before. */
  dispose(): void;
}

export interface TimedInstance extends Placed {
  /** The outputs of one call, by name. */
  result(): Promise<FloatsByName>;
}
