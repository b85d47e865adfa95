/** What a sketch gives for a stage. */
import type { Directive } from "../schedule.js";

/** The best of its schedules. */
export interface Sketched {
  readonly directives: readonly Directive[];
  /** Per call, estimated. Of targets without vectors instructions are counted. */
  readonly cycles: number;
}
