/** Where the owners of the family differ, as data: default orders, words for padding, output sizes. */
import type { Convention } from "../ir/ops/familySpec.js";

export interface ConventionRules {
  /** Where channels stand by default. */
  readonly channels: "first" | "last";
  /** Words that say the padding of a forward convolution, and of a transposed one. */
  readonly words: { readonly forward: readonly string[]; readonly transposed: readonly string[] };
  /** Paddings in numbers: none, any, or such that both ends of an axis are padded alike. */
  readonly numbers: "none" | "any" | "alike";
  /** True if callers of transposed convolutions may say the sizes that they want. */
  readonly takesSizes: boolean;
  /** The limit of output paddings; undefined if there are none. */
  readonly outputPaddingBelow: "stride" | "stride or dilation" | undefined;
  /** True if the owner has depthwise convolutions beside those with groups. */
  readonly hasDepthwise: boolean;
}

const SAME_VALID = ["SAME", "VALID"];
const AUTO_PADS = ["SAME_UPPER", "SAME_LOWER", "VALID"];

export const CONVENTIONS: Readonly<Record<Convention, ConventionRules>> = {
  tensorflow: {
    channels: "last",
    words: { forward: SAME_VALID, transposed: SAME_VALID },
    numbers: "any",
    takesSizes: true,
    outputPaddingBelow: undefined,
    hasDepthwise: true,
  },
  keras: {
    channels: "last",
    words: { forward: SAME_VALID, transposed: SAME_VALID },
    numbers: "none",
    takesSizes: false,
    outputPaddingBelow: "stride",
    hasDepthwise: true,
  },
  onnx: {
    channels: "first",
    words: { forward: AUTO_PADS, transposed: AUTO_PADS },
    numbers: "any",
    takesSizes: true,
    outputPaddingBelow: "stride or dilation",
    hasDepthwise: false,
  },
  pytorch: {
    channels: "first",
    words: { forward: SAME_VALID, transposed: [] },
    numbers: "alike",
    takesSizes: true,
    outputPaddingBelow: "stride or dilation",
    hasDepthwise: false,
  },
  webnn: {
    channels: "first",
    words: { forward: [], transposed: [] },
    numbers: "any",
    takesSizes: true,
    outputPaddingBelow: "stride",
    hasDepthwise: false,
  },
};
