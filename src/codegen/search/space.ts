/**
 * The search space: every schedule that the sketches can make of a program on a target.
 *
 * All points are legal by construction. A point is found by its name among the points that are enumerated here. So a
 * name may come from a stranger: it is only compared, and nothing in it reaches the compiler.
 */
import { termsOf } from "../../ir/access.js";
import { canonicalKey } from "../../ir/key.js";
import type { Program } from "../../ir/program.js";
import type { Wanted } from "../../ir/rewrites/wanted.js";
import type { Target } from "../target.js";
import type { Candidate } from "./approach.js";
import { optionsOf, type Search } from "./choose.js";

/** The name of a point, which is plain data and the same in every process. */
export type PointName = Pick<Candidate, "algorithm" | "knobs">;

/** All points for a caller's wishes, algorithm by algorithm. There are none if there is nothing to compute. */
export function* searchSpace(search: Search, program: Program, target: Target, wanted: Wanted): Generator<Candidate> {
  for (const option of optionsOf(search, program, target, wanted)) {
    if (termsOf(option.access.stage) > 0) yield* option.candidates("all");
  }
}

/** The point with this name, or undefined if there is none for the caller's wishes. */
export function pointNamed(
  search: Search,
  program: Program,
  target: Target,
  wanted: Wanted,
  name: PointName,
): Candidate | undefined {
  const [algorithm, knobs] = [canonicalKey(name.algorithm), canonicalKey(name.knobs)];
  const option = optionsOf(search, program, target, wanted).find((one) => canonicalKey(one.algorithm) === algorithm);
  if (!option || termsOf(option.access.stage) === 0) return undefined;
  for (const candidate of option.candidates("all")) {
    if (canonicalKey(candidate.knobs) === knobs) return candidate;
  }
  return undefined;
}
