/**
 * Our speed as a multiple of that of TensorFlow.js' own kernels, by kinds of work. A call goes to ours where that is
 * more than 1.
 *
 * The figures decide who serves a call; a report claims less (`runner.ts`). They are measured ones (`bench/tfjs`), of
 * one thread, and low rather than high. Those of WebGPU are guesses, as no GPU has been measured: ours are taken where
 * TensorFlow.js' own have no tiles, and for dilated convolutions, where ours were several times as fast on a software
 * renderer.
 */
import { elementCount } from "../ir/shape.js";
import type { CallPlan, WorkKind } from "./plan.js";

export type TfBackendName = "wasm" | "cpu" | "webgpu";

/** `threads` is how many of theirs share a call for each one of ours. */
type Gain = (plan: CallPlan, threads: number) => number;

const always =
  (gain: number): Gain =>
  () =>
    gain;

const activationOf = ({ spec }: CallPlan) => ("activation" in spec ? spec.activation : undefined);

/**
 * True where XNNPACK has nothing to give: it has no elu, and may write no output, without a word, where a convolution
 * skips pixels. It does so for padding "same" if no tap reads the last ones; a single tap is another path.
 */
function isBeyondXnnpack(plan: CallPlan): boolean {
  const activation = activationOf(plan);
  return plan.skipsPixels === true || (typeof activation === "object" && activation.kind === "elu");
}

/** XNNPACK has a sigmoid of vectors. In our kernels one takes as long as some hundred multiply-adds. */
const isMostlySigmoid = (plan: CallPlan): boolean =>
  activationOf(plan) === "sigmoid" && plan.flops < 1000 * elementCount(plan.outputShape);

function isDilated({ spec }: CallPlan): boolean {
  const { rate, dilations } = spec as {
    readonly rate?: number | readonly number[];
    readonly dilations?: readonly number[];
  };
  return [rate ?? dilations ?? 1].flat().some((step) => step > 1);
}

/** The least work stays there: a call of ours may save microseconds, and compiling its kernel takes milliseconds. */
const besideXnnpack =
  (gain: number, least: number, leastPixels = 1): Gain =>
  (plan, threads) => {
    if (isBeyondXnnpack(plan)) return gain;
    if (isMostlySigmoid(plan)) return 0.9;
    return plan.flops >= least && plan.pixels >= leastPixels ? gain / threads : 0.9;
  };

const GAINS: Readonly<Record<TfBackendName, Readonly<Record<WorkKind, Gain>>>> = {
  wasm: {
    taps: besideXnnpack(1.4, 1e5),
    // A product of few rows only reads its factor, as fast as that can be read.
    pointwise: besideXnnpack(1.3, 1e5, 16),
    product: besideXnnpack(1.2, 2e5, 16),
    depthwise: besideXnnpack(1.8, 1.2e5),
    // These are plain loops there, of one thread.
    transposed: always(10),
    filterGradient: always(10),
    products: always(6),
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
  webgpu: {
    taps: (plan) => (isDilated(plan) ? 2 : 0.9),
    // One invocation makes one pixel there, walks the whole window, and reads all that it multiplies from memory. With
    // a stride ours take several dispatches, and leave lanes empty where channels are few.
    transposed: ({ flops, outputShape }) => (flops >= 1e5 && (outputShape.at(-1) as number) >= 4 ? 2 : 0.9),
    // There is a loop over all pixels there, with two numbers from memory for each product.
    filterGradient: always(2),
    pointwise: always(0.9),
    product: always(0.9),
    products: always(0.9),
    depthwise: always(0.9),
    pool: always(0.9),
  },
};

/** Our speed as a multiple of theirs. */
export const speedUpOf = (backend: TfBackendName, plan: CallPlan, threads: number): number =>
  GAINS[backend][plan.kind](plan, threads);
