/**
 * How far a float32 result may be from the definition, whatever the data, as long as no number on the way leaves the range of
 * float32 (for Winograd, those are up to `growth` times as large as what is summed):
 *
 *     |sum - exact sum| <= bound * max |value| * (sum of |filters| over one output channel)
 *
 * for the sum before bias and activation. Every product on the way is rounded at most `roundings` times, by 2^-24 each, and
 * Winograd's transforms make the numbers in between larger by their growth.
 */
import { type Algorithm, winogradSizesOf } from "./index.js";
import { geometryOf, type OpSpec } from "./spec.js";

const UNIT_ROUNDOFF = 2 ** -24;

export function errorBound(spec: OpSpec, algorithm: Algorithm): number {
  const { inputChannels, y, x } = geometryOf(spec);
  if (algorithm.kind === "direct") return accumulated(inputChannels * y.kernel * x.kernel + 2);
  const sizes = winogradSizesOf(spec, algorithm.tile);
  if (!sizes) return 0; // nothing is summed
  const axes = [sizes.y, sizes.x];
  // Filters: taps and a scale. Input and output: one product and one sum for each number of a tile's row.
  const transforms = axes.reduce((sum, { taps, products }) => sum + taps + 1 + 4 * products, 0);
  return accumulated(inputChannels + 1 + transforms) * sizes.y.growth * sizes.x.growth;
}

/** The relative error of a product that is rounded so many times. */
const accumulated = (roundings: number): number => (roundings * UNIT_ROUNDOFF) / (1 - roundings * UNIT_ROUNDOFF);
