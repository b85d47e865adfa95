/**
 * A schedule says how a stage is computed, as plain data. It edits a list of loops and never touches the algorithm, so
 * it changes the speed of an answer but not the answer. It is JSON, comparable, and the unit of tuning.
 *
 * Axes have the names of the stage, or names that a split or a fusion introduces.
 */
import { unreachable } from "../ir/errors.js";
import type { AllocSpace, GpuDimension } from "../ir/stmt.js";

/**
 * The treatment of the last tile if `by` does not divide the extent:
 * - `guard`: points past the end are neither summed nor stored.
 * - `roundUp`: points past the end are summed but not stored. Every read at such a point must stay inside its buffer.
 * - `shiftInwards`: the last tile moves back until it fits, and computes a few points twice.
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
  /** Two adjacent loops become one. Both run over the output, or both are part of the sum. */
  | { readonly do: "fuse"; readonly axes: readonly [string, string]; readonly into: string }
  /** The named loops stand in this order, in the places that they hold now. */
  | { readonly do: "reorder"; readonly axes: readonly string[] }
  /** The body of the loop is written out once for each iteration. */
  | { readonly do: "unroll"; readonly axis: string }
  /** Lane i of vectors does the work of iteration i. A loop that is not as long as a vector is unrolled instead. */
  | { readonly do: "vectorize"; readonly axis: string }
  /** The iterations of this loop over outputs may run side by side. Threads share them if the loop is outermost. */
  | { readonly do: "parallel"; readonly axis: string }
  /** At this loop, tiles that need no guard get a body without guards. */
  | { readonly do: "partition"; readonly axis: string }
  /**
   * As `partition`. In addition, the tiles with guards, before and after the others, are unrolled, so that their guards
   * are decided.
   */
  | { readonly do: "peel"; readonly axis: string }
  /** The iterations of this loop are workgroups along a dimension of a GPU's grid, or invocations of a workgroup. */
  | { readonly do: "bind"; readonly axis: string; readonly to: `${"workgroup" | "invocation"}.${GpuDimension}` }
  /**
   * Sums stay in registers only inside the reduction loop `at`; between its iterations they rest in memory. No sketch
   * makes it: it is for schedules written by hand, such as one that blocks a reduction too long for the cache.
   */
  | { readonly do: "accumulate"; readonly at: string }
  /**
   * Copy `buffer` into an array subscripted by these loops, outermost first: once, in prepare, or on each call right
   * before the stage, where it is not known earlier.
   */
  | { readonly do: "pack"; readonly buffer: string; readonly layout: readonly string[] }
  /**
   * Run the rest of this nest at the top of loop `at` of another stage. The outermost loops of this nest must be those
   * of the other stage down to `at`. The buffer between the two stages shrinks to the box that one iteration fills, and
   * every iteration uses it again.
   */
  | { readonly do: "computeAt"; readonly stage: string; readonly at: string }
  /**
   * At the top of loop `at`, copy the elements of `buffer` that its body reads. Without a `layout` the copy is the box
   * around them. With a `layout` it has one element for each read, subscripted by these loops, outermost first; points
   * that the sum leaves out are zero in the copy. Where a zero makes its terms zero, the sum needs no guard.
   * Sketches always name a layout; the box is for schedules written by hand, which need not list the loops then.
   */
  | {
      readonly do: "cache";
      readonly buffer: string;
      readonly at: string;
      readonly space: Exclude<AllocSpace, "register">;
      readonly layout?: readonly string[];
    };

/** The directives of each stage, by its name. A stage without directives runs its axes in order. */
export type Schedule = Readonly<Record<string, readonly Directive[]>>;

/** A schedule in one row of text, for banners and reports. */
export const printSchedule = (schedule: Schedule): string =>
  Object.entries(schedule)
    .map(([stage, directives]) => `${stage}: ${directives.map(printDirective).join(" ")}`)
    .join(" | ") || "in order";

export function printDirective(directive: Directive): string {
  switch (directive.do) {
    case "split":
      return (
        `split(${directive.axis}=${directive.by}*${directive.into.join("+")}` +
        `${directive.tail === "guard" ? "" : ` ${directive.tail}`})`
      );
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
      return (
        `cache(${directive.buffer} at ${directive.at} in ${directive.space}` +
        `${directive.layout ? `: ${directive.layout.join(" ")}` : ""})`
      );
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

/** The name of the copy that `pack` makes of a buffer that a stage reads. */
export const packedName = (stage: string, buffer: string): string =>
  `${stage}${buffer[0]?.toUpperCase()}${buffer.slice(1)}`;
