/** Elements that move and stay as they are. */
import { show } from "../ir/errors.js";
import type { FormulaSpec } from "../ir/ops/formulaSpec.js";
import { entryOf } from "../ops/orders.js";
import type { SpecFields } from "./fields.js";
import { imageFrom, pixel, shapeWith } from "./images.js";
import { element, namedAxes, numeral, subscript } from "./text.js";

export const PIXEL_SHUFFLE = ["value", "block", "mode", "layout"];

export function pixelShuffle(fields: SpecFields): FormulaSpec {
  const image = imageFrom(fields, 2, "last");
  const block = fields.integer("block", 1);
  const mode = fields.oneOf("mode", ["DCR", "CRD"], "DCR");
  const inputs = entryOf(image.shape, image.layout, "C");
  const outputs = inputs / block ** 2;
  if (!Number.isInteger(outputs)) {
    fields.refuseShape(`value ${show(image.shape)} must have a multiple of ${block ** 2} channels; it has ${inputs}`);
  }
  const channel = mode === "DCR" ? `${block * outputs}*p + ${outputs}*q + c` : `${block ** 2}*c + ${block}*p + q`;
  const to = pixel("output", image, [`${block}*y + p`, `${block}*x + q`]);
  const larger = image.sizes.map((size) => block * size);
  return {
    name: "pixelShuffle",
    formula: `${to} = ${pixel("value", image, ["y", "x"], channel)} for p < ${block}, q < ${block}, c < ${outputs}`,
    tensors: { value: image.shape, output: shapeWith(image, larger, outputs) },
  };
}

export const PAD = ["value", "padding", "mode", "fill"];

/** So many elements along an axis: where they are written, and which they are. */
interface Part {
  readonly count: number;
  readonly to: string;
  readonly from: string;
  readonly isInside: boolean;
}

type Mode = "constant" | "reflect" | "edge";

/** A line for each way to be before, inside or behind along all axes. */
export function pad(fields: SpecFields): FormulaSpec {
  const value = fields.shape("value");
  const padding = fields.pairs("padding", value.length);
  const mode = fields.oneOf<Mode>("mode", ["constant", "reflect", "edge"], "constant");
  const fill = numeral(fields.number("fill", 0));
  if (mode !== "constant" && fields.has("fill")) fields.refuse(`mode ${mode} of pad has no fill; leave it out`);
  const axes = namedAxes(value);
  const parts = axes.map((axis, i) => {
    const [size, added] = [value[i] as number, padding[i] as readonly [number, number]];
    checkSource(fields, size, added, mode);
    return partsOf(axis, size, added, mode);
  });
  const places = parts.reduce<readonly (readonly Part[])[]>(
    (all, own) => all.flatMap((one) => own.map((part) => [...one, part])),
    [[]],
  );
  const lines = places.map((place) => {
    const list = (text: (part: Part, i: number) => string) => place.map(text);
    const isFilled = mode === "constant" && place.some(({ isInside }) => !isInside);
    const what = isFilled
      ? fill
      : element(
          "value",
          list(({ from }) => from),
        );
    const extents = list(({ count }, i) => `${axes[i]} < ${count}`).join(", ");
    return `${element(
      "output",
      list(({ to }) => to),
    )} = ${what}${extents ? ` for ${extents}` : ""}`;
  });
  const shape = value.map((size, i) => size + (padding[i]?.[0] ?? 0) + (padding[i]?.[1] ?? 0));
  return { name: "pad", formula: lines.join("\n"), tensors: { value, output: shape } };
}

function partsOf(axis: string, size: number, [before, after]: readonly [number, number], mode: Mode): readonly Part[] {
  const isMirror = mode === "reflect";
  const part = (count: number, to: number, from: string, isInside = false): Part => {
    return { count, to: subscript([[1, axis]], to), from, isInside };
  };
  const parts = [
    part(before, 0, isMirror ? `${before} - ${axis}` : "0"),
    part(size, before, axis, true),
    part(after, before + size, isMirror ? `${size - 2} - ${axis}` : `${size - 1}`),
  ];
  return parts.filter(({ count }) => count > 0);
}

/** There must be elements to mirror or to repeat. */
function checkSource(fields: SpecFields, size: number, added: readonly [number, number], mode: Mode): void {
  const most = { constant: Number.POSITIVE_INFINITY, reflect: size - 1, edge: size > 0 ? Number.POSITIVE_INFINITY : 0 };
  if (added.every((count) => count <= Math.max(0, most[mode]))) return;
  fields.refuse(
    `mode ${mode} of pad adds at most ${Math.max(0, most[mode])} to an axis of ${size}; got ${show(added)}`,
  );
}
