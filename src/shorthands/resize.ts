/** Images in another size: a line for each axis that changes. */
import { greatestCommonDivisor } from "../ir/affine.js";
import type { FormulaSpec } from "../ir/ops/formulaSpec.js";
import type { SpecFields } from "./fields.js";
import { type ImageTensor, imageFrom, pixel, shapeWith } from "./images.js";
import { element, subscript } from "./text.js";

export const RESIZE = ["value", "size", "method", "coordinates", "layout"];

const COORDINATES = ["halfPixel", "alignCorners", "asymmetric"] as const;
type Coordinates = (typeof COORDINATES)[number];

/** Output `y` lies at `(step*y + shift) / unit` along an axis of the input. */
interface SourcePlace {
  readonly step: number;
  readonly shift: number;
  readonly unit: number;
}

/** More distances between places and pixels than these are not worth a stage each. */
const MOST_DISTANCES = 16;

export function resize(fields: SpecFields): FormulaSpec {
  const image = imageFrom(fields, fields.shape("size", 1).length, "last");
  const size = fields.integers("size", image.sizes.length, 1);
  const isNearest = fields.oneOf("method", ["nearest", "bilinear"]) === "nearest";
  const coordinates = fields.oneOf<Coordinates>("coordinates", COORDINATES, "halfPixel");
  if (image.sizes.includes(0)) fields.refuseShape("an image without pixels has no other size");
  const changed = image.sizes.flatMap((from, axis) => (from === size[axis] ? [] : [axis]));
  const constants: Record<string, readonly number[]> = {};
  const tensors: Record<string, readonly number[]> = { value: image.shape };
  const lines: string[] = [];
  let read = "value";
  for (const axis of changed) {
    const [from, to] = [image.sizes[axis] as number, size[axis] as number];
    const place = placeOf(coordinates, from, to);
    const along = { image, read, axis, from };
    const shares = `shares${axis}`;
    if (!isNearest) Object.assign(tensors, { [shares]: [to, 2] });
    if (!isNearest) constants[shares] = sharesOf(place, from, to);
    const value = isNearest
      ? nearest(along, coordinates === "asymmetric" ? place : halfLater(place))
      : between(along, place, shares);
    const written = axis === changed.at(-1) ? "output" : `along${axis}`;
    lines.push(`${pixel(written, image, image.letters)} = ${value}`);
    const sizes = image.sizes.map((old, i) => (i <= axis ? (size[i] as number) : old));
    Object.assign(tensors, { [written]: shapeWith(image, sizes) });
    read = written;
  }
  const same = `${pixel("output", image, image.letters)} = ${pixel("value", image, image.letters)}`;
  return { name: "resize", formula: lines.length > 0 ? lines.join("\n") : same, tensors, constants };
}

function placeOf(coordinates: Coordinates, from: number, to: number): SourcePlace {
  if (coordinates === "halfPixel") return { step: 2 * from, shift: from - to, unit: 2 * to };
  if (coordinates === "alignCorners") return { step: from - 1, shift: 0, unit: Math.max(1, to - 1) };
  return { step: from, shift: 0, unit: to };
}

const halfLater = ({ step, shift, unit }: SourcePlace): SourcePlace => ({
  step: 2 * step,
  shift: 2 * shift + unit,
  unit: 2 * unit,
});

/** An axis of a tensor that is read. */
interface Along {
  readonly image: ImageTensor;
  readonly read: string;
  readonly axis: number;
  readonly from: number;
}

/** The pixel before a place: by centres, that is the nearest if the place is half a pixel later. */
function nearest(along: Along, place: SourcePlace): string {
  const { over, at } = before(along, place);
  const value = pixelAt(along, at);
  return over ? `sum(${over}: ${value})` : value;
}

/** The pixels before and behind a place, each with its share. */
function between(along: Along, place: SourcePlace, shares: string): string {
  const { over, at } = before(along, place, "t");
  const letter = along.image.letters[along.axis] as string;
  return `sum(t < 2${over ? `, ${over}` : ""}: ${pixelAt(along, at)} * ${element(shares, [letter, "t"])})`;
}

/**
 * The pixel before a place, or a tap behind it: by a division, which makes a stage of each distance between the two, or
 * else by a condition on all pixels. A tap beyond the image does not count.
 */
function before({ image, axis, from }: Along, { step, shift, unit }: SourcePlace, tap?: string) {
  const common = greatestCommonDivisor(greatestCommonDivisor(step, shift), unit);
  const letter = image.letters[axis] as string;
  const whole = unit / common;
  const scaled = subscript([[step / common, letter]], shift / common);
  if (whole > MOST_DISTANCES) {
    const distance = `${scaled} - ${whole}*h${tap ? ` + ${whole}*${tap}` : ""}`;
    return { over: `h < ${from} if 0 <= ${distance} < ${whole}`, at: "h" };
  }
  const place = whole === 1 ? scaled : `floor((${scaled})/${whole})`;
  return { over: "", at: tap ? `${place} + ${tap}` : place };
}

const pixelAt = ({ image, read, axis }: Along, at: string): string =>
  pixel(
    read,
    image,
    image.letters.map((letter, i) => (i === axis ? at : letter)),
  );

/** The shares of the pixels before and behind each place, row by row. Beyond the image its edge goes on. */
function sharesOf({ step, shift, unit }: SourcePlace, from: number, to: number): readonly number[] {
  return Array.from({ length: to }, (_, y) => {
    const place = (step * y + shift) / unit;
    const first = Math.floor(place);
    if (first < 0) return [0, 1];
    return first + 1 >= from ? [1, 0] : [1 - (place - first), place - first];
  }).flat();
}
