/** Points of the search space: legal schedules of a spec, each named by its algorithm and the values of its sketch's knobs. */
import type { Candidate } from "../choice.js";

export type { Knobs } from "../sketched.js";

/** Plain data, the same in every process. */
export type PointName = Pick<Candidate, "algorithm" | "knobs">;

/** Points of one algorithm, of which only those that are asked for are made into schedules. */
export type Points = Iterable<Omit<Candidate, "algorithm">>;
