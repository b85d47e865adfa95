// @ts-check
/** Holds a smoothed photograph against what TensorFlow made of the same photograph at the same scale. */
import { readFileSync } from "node:fs";

/**
 * Per scale: the sum of all pixels, and some hundred of them as [row, column, value].
 * @type {{ scales: { rate: number, sum: number, points: [number, number, number][] }[] }}
 */
const recording = JSON.parse(readFileSync(new URL("hubble_tensorflow.json", import.meta.url), "utf8"));

/** Each smoothing sums 25 products: (25 + 2) roundings bound its error, in whatever order it sums. */
const ROUNDINGS = 27 * 2 ** -24;

/**
 * How far our value and TensorFlow's may be apart, as a fraction of the value.
 *
 * The first two smoothings are exact: a pixel has 8 bits and every weight is a multiple of 1/256, so their results
 * have 16 and 24 bits, and 24 is what a float32 holds. Nothing rounds in any order: the two must be equal.
 *
 * Each later smoothing errs by at most ROUNDINGS times the sum of |pixel * weight|. Pixels and weights are never
 * negative, so that sum is the result itself and the error a *fraction* of it; and where all pixels are within some
 * fraction of the truth, so is their smoothing. Hence n inexact smoothings in a row are within (1 + ROUNDINGS)^n.
 * TensorFlow rounds too, so twice that may lie between the two. The same goes for a sum of pixels.
 * @param {number} rate
 */
const tolerance = (rate) => 2 * ((1 + ROUNDINGS) ** Math.max(0, Math.log2(rate) - 1) - 1);

/**
 * @param {number} rate
 * @param {Float32Array} smoothed
 * @param {number} width
 */
export function compare(rate, smoothed, width) {
  const { sum = Number.NaN, points = [] } = recording.scales.find((scale) => scale.rate === rate) ?? {};
  const allowed = tolerance(rate);
  /** @param {number} ours @param {number} theirs */
  const agree = (ours, theirs) => Math.abs(ours - theirs) <= allowed * theirs;

  const total = smoothed.reduce((a, b) => a + b, 0);
  const pairs = points.map(([row, column, value]) => ({ ours: Number(smoothed[row * width + column]), value }));
  const correct = agree(total, sum) && pairs.every(({ ours, value }) => agree(ours, value));
  return {
    correct,
    difference: Math.max(...pairs.map(({ ours, value }) => Math.abs(ours - value))),
    verdict: !correct ? "WRONG" : allowed === 0 ? "equal" : "within its bound",
  };
}
