/** What is made of modules to be timed. */
import type { Placed } from "./sampling.js";

/** Code, of which each instance has memory of its own, where that matters. */
export interface Loaded {
  place(): Promise<Instance>;
  /** Its instances are gone by then. */
  dispose(): void;
}

export interface Instance extends Placed {
  /** Of one call. */
  result(): Promise<Float32Array>;
}
