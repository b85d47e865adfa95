/** Messages between the page and its worker. */
import type { KernelReport } from "tilewright/tfjs";

/** Ways to run the model: on TensorFlow.js' own kernels, or on ours with an accuracy. */
export const WAYS = ["off", "exact", "fast"] as const;
export type Way = (typeof WAYS)[number];

/** A square of red, green, blue and opacity. */
export interface Picture {
  /** Pixels of a side. */
  readonly size: number;
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
}

/** The distance of an output from the one of TensorFlow.js' own kernels. */
export interface Difference {
  /** The largest difference of an element, as a share of the largest element. */
  readonly share: number;
  /** The same in steps of a colour, of which there are 255. */
  readonly steps: number;
  /** Each pixel's difference as a colour. The brightest is the largest difference. */
  readonly picture: Picture;
}

/** To the worker. A newer order ends the one before. */
export interface Order {
  /** Counted by the page. */
  readonly number: number;
  /** The picture to enlarge from now on; left out, it stays. */
  readonly picture?: Picture;
  readonly ways: readonly Way[];
}

/** From the worker, to the order of this number. */
export interface Reply {
  readonly number: number;
  readonly answer: Answer;
}

export type Answer =
  | { readonly kind: "turn"; readonly way: Way }
  | { readonly kind: "time"; readonly way: Way; readonly milliseconds: number }
  | {
      readonly kind: "output";
      readonly way: Way;
      readonly picture: Picture;
      readonly difference: Difference;
      /** Calls in one prediction, if ours are installed. */
      readonly kernels: readonly KernelReport[];
    }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly message: string };
