/** Tensors as images: which of their dimensions are the batch, the axes of the image and the channels. */
import { show } from "../ir/errors.js";
import { entryOf, inOrder } from "../ops/orders.js";
import type { SpecFields } from "./fields.js";
import { element } from "./text.js";

export interface ImageTensor {
  readonly shape: readonly number[];
  readonly layout: string;
  /** Sizes of the axes of the image, and the letters that formulas have for them. */
  readonly sizes: readonly number[];
  readonly letters: readonly string[];
}

const IMAGE = ["W", "HW", "DHW"];

/** `axes` is how many axes the image has. */
export function imageFrom(fields: SpecFields, axes: number, channels: "first" | "last"): ImageTensor {
  const shape = fields.shape("value");
  const image = IMAGE[axes - 1] ?? fields.refuse(`${fields.op} takes images of 1 to 3 axes; got ${axes}`);
  const last = `N${image}C`;
  const first = `NC${image}`;
  const layout = fields.oneOf("layout", [last, first], channels === "last" ? last : first);
  if (shape.length !== layout.length) {
    fields.refuseShape(`value must have the ${layout.length} dimensions of ${layout}; got ${show(shape)}`);
  }
  const sizes = [...image].map((letter) => entryOf(shape, layout, letter));
  return { shape, layout, sizes, letters: [..."zyx"].slice(-axes) };
}

/** An element of the image, at these places. */
export const pixel = (tensor: string, { layout }: ImageTensor, at: readonly string[], channel = "c"): string =>
  element(tensor, inOrder(layout, { N: "n", C: channel, ...byLetter(at) }));

/** The shape of an image of other sizes. */
export const shapeWith = ({ shape, layout }: ImageTensor, sizes: readonly number[], channels?: number) =>
  inOrder(layout, {
    N: entryOf(shape, layout, "N"),
    C: channels ?? entryOf(shape, layout, "C"),
    ...byLetter(sizes),
  });

const byLetter = <T>(all: readonly T[]): Readonly<Record<string, T>> =>
  Object.fromEntries(all.map((one, i) => ["DHW"[3 - all.length + i], one]));
