/** Orders of dimensions: a letter stands for each, so that a layout is the order of letters and nothing else. */
import { failInternally } from "../ir/errors.js";
import type { FamilyOp } from "../ir/ops/familySpec.js";
import type { ConventionRules } from "./conventions.js";

export interface FamilyKind {
  /** The axes of the image: W, HW or DHW. */
  readonly image: string;
  readonly isTransposed: boolean;
  readonly isDepthwise: boolean;
}

export const familyKindOf = (op: FamilyOp): FamilyKind => ({
  image: "DHW".slice(-Number(/\d/.exec(op)?.[0])),
  isTransposed: op.endsWith("Transpose"),
  isDepthwise: op === "depthwiseConv2d",
});

/** The layouts of inputs and outputs: batch, image and channels. */
export const layoutsOf = ({ image }: FamilyKind): readonly string[] => [`N${image}C`, `NC${image}`];

/** The layouts of filters: the taps stay together. Those of a depthwise convolution have channels and multiples. */
export function filterLayoutsOf({ image, isDepthwise }: FamilyKind): readonly string[] {
  const taps = image.toLowerCase();
  if (isDepthwise) return [`${taps}cm`];
  return [`${taps}io`, `${taps}oi`, `io${taps}`, `oi${taps}`, `i${taps}o`, `o${taps}i`];
}

export const defaultLayout = ({ image }: FamilyKind, { channels }: ConventionRules): string =>
  channels === "last" ? `N${image}C` : `NC${image}`;

export function defaultFilterLayout(kind: FamilyKind, { channels }: ConventionRules): string {
  const taps = kind.image.toLowerCase();
  if (kind.isDepthwise) return `${taps}cm`;
  // A transposed convolution takes the filters of the convolution that it transposes, whose outputs are its inputs.
  const last = kind.isTransposed ? "oi" : "io";
  const first = kind.isTransposed ? "io" : "oi";
  return channels === "last" ? `${taps}${last}` : `${first}${taps}`;
}

/** The entry of a dimension. */
export function entryOf<T>(all: readonly T[], layout: string, letter: string): T {
  return all[layout.indexOf(letter)] ?? failInternally(`${layout} has no ${letter}`);
}

/** Entries in the order of a layout. */
export const inOrder = <T>(layout: string, by: Readonly<Record<string, T>>): readonly T[] =>
  [...layout].map((letter) => by[letter] ?? failInternally(`nothing is ${letter} in ${layout}`));
