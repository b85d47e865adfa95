/** Facts about a kernel in words that fit its spec: a convolution has filters and an image, and a formula has terms. */
import type { Facts } from "../module.js";
import type { Spec } from "./spec.js";
import { isFormula } from "./specKind.js";

interface Bounded extends Pick<Facts, "algorithm" | "errorBound"> {
  readonly spec: Spec;
}

/** How far a sum may be from the exact one. */
export function boundInWords({ spec, algorithm, errorBound }: Bounded): string {
  const share = errorBound.toExponential(1);
  if (!isFormula(spec)) return `at most ${share} * max |value| * (sum of |filters| over the output channel)`;
  const size = algorithm.startsWith("winograd") ? "max |image| * (sum of |taps|)" : "the sum of its terms' magnitudes";
  return `a sum is within ${share} of ${size}; functions, and terms of more than a product, are not counted`;
}

/** The things by which operations are counted. */
export const countedInWords = (spec: Facts["spec"]): "taps" | "terms" => (spec && !isFormula(spec) ? "taps" : "terms");

/** The share of the operations that count, 0..1, where that says something; else nothing. */
export function liveInWords(spec: Facts["spec"], share: number, shown: string): string {
  if (countedInWords(spec) === "taps") return `, of which ${shown} meet the image`;
  return share === 1 ? "" : `, of which ${shown} lie inside`;
}
