/**
 * Algorithms: other programs with the same meaning.
 *
 * Each algorithm is a rewrite of the stage that computes most.
 */
import { type Access, pointsOf } from "../access.js";
import type { Program, Stage } from "../program.js";

/** Outputs of one of Winograd's tiles, in rows and columns. */
export type WinogradTile = readonly [rows: number, columns: number];

/**
 * - `direct`: every sum by definition. With `parts`, for GPUs, a second stage adds up so many partial sums.
 * - `winograd`: minimal filtering, in tiles of so many outputs.
 */
export type Algorithm =
  | { readonly kind: "direct"; readonly parts?: number }
  | { readonly kind: "winograd"; readonly tile: WinogradTile };

export type AlgorithmKind = Algorithm["kind"];

export type AlgorithmOf<K extends AlgorithmKind> = Extract<Algorithm, { kind: K }>;

export const DIRECT: AlgorithmOf<"direct"> = { kind: "direct" };

/** One algorithm. `access` is always the access of the program's main stage (see `mainStage`). */
export interface Rewrite<K extends AlgorithmKind> {
  readonly kind: K;
  /** Every option that may pay, in order of preference on a tie. None if the stage does not have the form. */
  options(access: Access, program: Program): readonly AlgorithmOf<K>[];
  /** True if `apply` can serve an option that somebody asked for by name. */
  fits(access: Access, program: Program, option: AlgorithmOf<K>): boolean;
  /** The program with the main stage replaced. The option must fit. */
  apply(program: Program, option: AlgorithmOf<K>): Program;
  /**
   * A bound of the error of a float32 result, as a share of max |first factor| times the sum of |second factor| over
   * one output, before `finish`. It holds for all data, as long as no intermediate number leaves the range of float32.
   */
  bound(access: Access, option: AlgorithmOf<K>): number;
  /** For people: `direct`, or `winograd F(4x4, 3x3)`. */
  describe(access: Access, option: AlgorithmOf<K>): string;
}

/** The bound of sums by definition: each product is rounded, and so is every addition of a term. */
export const boundOfSum = ({ reduce }: Pick<Stage, "reduce">): number => accumulated(pointsOf(reduce) + 2);

/** The bound of every sum of these stages by definition. A maximum rounds nothing. */
export const boundOfStages = (stages: readonly Stage[]): number =>
  Math.max(...stages.map(({ combine = "sum", reduce }) => boundOfSum({ reduce: combine === "sum" ? reduce : [] })));

const UNIT_ROUNDOFF = 2 ** -24;

/** The relative error of a product that is rounded to float32 this many times. */
export const accumulated = (roundings: number): number => (roundings * UNIT_ROUNDOFF) / (1 - roundings * UNIT_ROUNDOFF);

/** The program with one stage of `run` replaced by several. */
export const replaceStage = (program: Program, name: string, by: Program["run"]): Program => ({
  ...program,
  run: program.run.flatMap((stage) => (stage.name === name ? by : [stage])),
});
