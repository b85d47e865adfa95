/**
 * Schedules: how a stage is computed, as plain data. A schedule edits a list of loops and never touches the algorithm,
 * so it can change the speed of an answer but not the answer. It is JSON, comparable, and the unit of tuning.
 *
 * Axis names are the stage's (n oy ox oc ky kx ic) and those that splits introduce.
 */
import { unreachable } from "../ir/errors.js";
import type { AllocSpace, GpuDimension } from "../ir/stmt.js";

/**
 * What happens where `by` does not divide the extent:
 * - `guard`: points past the end are neither summed nor stored;
 * - `roundUp`: they are summed but not stored, which needs every read of theirs to stay inside its buffer;
 * - `shiftInwards`: the last tile moves back until it fits and computes a few points twice.
 */
export type Tail = "guard" | "roundUp" | "shiftInwards";

export type Directive =
  /** `axis` becomes `by*outer + inner` with inner < by. */
  | {
      readonly do: "split";
      readonly axis: string;
      readonly by: number;
      readonly into: readonly [string, string];
      readonly tail: Tail;
    }
  /** Two adjacent loops of the same sort become one. */
  | { readonly do: "fuse"; readonly axes: readonly [string, string]; readonly into: string }
  /** The named loops take, in this order, the places they hold now. */
  | { readonly do: "reorder"; readonly axes: readonly string[] }
  | { readonly do: "unroll"; readonly axis: string }
  | { readonly do: "vectorize"; readonly axis: string }
  | { readonly do: "parallel"; readonly axis: string }
  /** At this loop, tell tiles that need no guard from those that do, and give the former a body without guards. */
  | { readonly do: "partition"; readonly axis: string }
  /** The same, and the tiles before and after those without guards are written out, so that their guards are decided. */
  | { readonly do: "peel"; readonly axis: string }
  | { readonly do: "bind"; readonly axis: string; readonly to: `${"workgroup" | "invocation"}.${GpuDimension}` }
  /** Sums stay in registers only inside reduction loop `at`; between its iterations they rest in memory. */
  | { readonly do: "accumulate"; readonly at: string }
  /**
   * Copy `buffer` into an array subscripted by these loops, outermost first: once, in prepare, or on each call right
   * before the stage, where it is not known earlier.
   */
  | { readonly do: "pack"; readonly buffer: string; readonly layout: readonly string[] }
  /**
   * Run what is left of this nest at the top of loop `at` of another stage, whose loops down to there this nest must have
   * outermost as well. The buffer between the two shrinks to the box that one iteration fills, and is used again in the next.
   */
  | { readonly do: "computeAt"; readonly stage: string; readonly at: string }
  /**
   * At the top of loop `at`, copy what its body reads of `buffer`: the box around it, or with a `layout` each element
   * of its own, subscripted by these loops, outermost first. What the sum leaves out is then zero in the copy; where
   * that makes its terms zero, the sum needs no guard.
   */
  | {
      readonly do: "cache";
      readonly buffer: string;
      readonly at: string;
      readonly space: Exclude<AllocSpace, "register">;
      readonly layout?: readonly string[];
    };

/** Directives by stage name; a stage without any runs its axes in order. */
export type Schedule = Readonly<Record<string, readonly Directive[]>>;

/** The schedule of a stage in one row: the name of a kernel. */
export const printSchedule = (schedule: Schedule): string =>
  Object.entries(schedule)
    .map(([stage, directives]) => `${stage}: ${directives.map(printDirective).join(" ")}`)
    .join(" | ") || "in order";

export function printDirective(directive: Directive): string {
  switch (directive.do) {
    case "split":
      return `split(${directive.axis}=${directive.by}*${directive.into.join("+")}${directive.tail === "guard" ? "" : ` ${directive.tail}`})`;
    case "fuse":
      return `fuse(${directive.axes.join(" ")}=${directive.into})`;
    case "reorder":
      return `order(${directive.axes.join(" ")})`;
    case "bind":
      return `bind(${directive.axis} ${directive.to})`;
    case "accumulate":
      return `accumulate(${directive.at})`;
    case "pack":
      return `pack(${directive.buffer}: ${directive.layout.join(" ")})`;
    case "computeAt":
      return `at(${directive.stage} ${directive.at})`;
    case "cache":
      return `cache(${directive.buffer} at ${directive.at} in ${directive.space}${directive.layout ? `: ${directive.layout.join(" ")}` : ""})`;
    case "unroll":
    case "vectorize":
    case "parallel":
    case "partition":
    case "peel":
      return `${directive.do}(${directive.axis})`;
    default:
      return unreachable(directive);
  }
}
