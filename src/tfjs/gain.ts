/**
 * How much faster our kernels are expected to be than those of TensorFlow.js, by kinds of work. A call goes to ours
 * where that is more than nothing.
 *
 * The figures are measured ones (`bench/tfjs`), of one thread, and low rather than high.
 */
import type { CallPlan, WorkKind } from "./plan.js";

export type TfBackendName = "wasm" | "cpu";

type Gain = (plan: CallPlan) => number;

const always = (gain: number): Gain => () => gain;

/** XNNPACK computes a product of few rows, or of short sums, as fast as anything can. */
const pointwise: Gain = ({ depth, pixels }) => (depth >= 16 && pixels >= 50 ? 1.2 : 0.9);

const GAINS: Readonly<Record<TfBackendName, Readonly<Record<WorkKind, Gain>>>> = {
  wasm: {
    taps: always(1.3),
    pointwise,
    depthwise: always(1.1),
    // These are plain loops there.
    transposed: always(6),
    filterGradient: always(6),
    products: always(4),
    product: always(0.9),
    // They only move numbers.
    pool: always(0.9),
  },
  // All of these are plain loops, in JavaScript.
  cpu: {
    taps: always(10),
    pointwise: always(10),
    depthwise: always(5),
    transposed: always(10),
    filterGradient: always(10),
    products: always(5),
    product: always(5),
    pool: always(2),
  },
};

/** Our speed as a multiple of theirs. */
export const gainOf = (backend: TfBackendName, plan: CallPlan): number => GAINS[backend][plan.kind](plan);
