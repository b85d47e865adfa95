/** Windows of an image as one number each. */
import { show } from "../ir/errors.js";
import type { AxisPadding, Convention } from "../ir/ops/familySpec.js";
import type { FormulaSpec } from "../ir/ops/formulaSpec.js";
import { CONVENTIONS } from "../ops/conventions.js";
import { type AxisShape, forwardSize, tapReach } from "../ops/sizes.js";
import type { SpecFields } from "./fields.js";
import { type ImageTensor, imageFrom, pixel, shapeWith } from "./images.js";
import { subscript } from "./text.js";

const COMMON = ["value", "window", "strides", "dilations", "padding", "layout", "convention"];
export const MAX_POOL = COMMON;
export const AVERAGE_POOL = [...COMMON, "countPadding"];

const WORDS = ["VALID", "SAME", "SAME_UPPER", "SAME_LOWER"] as const;

export function maxPool(fields: SpecFields): FormulaSpec {
  const { taps, read, formula } = windows(fields);
  return formula(`max(${taps}: ${read})`);
}

export function averagePool(fields: SpecFields): FormulaSpec {
  const { convention, count, taps, read, formula } = windows(fields);
  const isCounted = fields.flag("countPadding", convention === "pytorch");
  return formula(isCounted ? `sum(${taps}: ${read}) / ${count}` : `mean(${taps}: ${read})`);
}

function windows(fields: SpecFields) {
  const convention = fields.oneOf("convention", Object.keys(CONVENTIONS) as Convention[], "tensorflow");
  const rank = fields.shape("window").length;
  const image = imageFrom(fields, rank, CONVENTIONS[convention].channels);
  const window = fields.integers("window", rank, 1);
  const ones = window.map(() => 1);
  const isByOne = convention === "onnx" || convention === "webnn";
  const strides = fields.integers("strides", rank, 1, isByOne ? ones : window);
  const dilations = fields.integers("dilations", rank, 1, ones);
  const shapes = image.sizes.map(
    (size, i): AxisShape => ({
      size,
      kernel: window[i] as number,
      stride: strides[i] as number,
      dilation: dilations[i] as number,
    }),
  );
  const sizes = sizesOf(fields, shapes, image);
  const { letters } = image;
  const at = shapes.map(({ stride, dilation }, i) => {
    const terms = [
      [stride, letters[i] as string],
      [dilation, `k${letters[i]}`],
    ] as const;
    return subscript(terms, -(sizes[i]?.pad as number));
  });
  const formula = (value: string): FormulaSpec => ({
    name: fields.op,
    formula: `${pixel("output", image, letters)} = ${value}`,
    tensors: {
      value: image.shape,
      output: shapeWith(
        image,
        sizes.map(({ output }) => output),
      ),
    },
  });
  return {
    convention,
    formula,
    count: window.reduce((product, size) => product * size, 1),
    taps: window.map((size, i) => `k${letters[i]} < ${size}`).join(", "),
    read: pixel("value", image, at),
  };
}

function sizesOf(fields: SpecFields, shapes: readonly AxisShape[], image: ImageTensor) {
  const padding = paddingsOf(fields, shapes);
  const sizes = shapes.map((shape, i) => {
    const own = padding[i] as (typeof padding)[number];
    const reach = tapReach(shape);
    if (!Number.isSafeInteger(reach + shape.size * shape.stride)) {
      fields.refuseShape(`a window that reaches ${reach} elements spans more than can be counted`);
    }
    if (typeof own === "object" && own.some((more) => more >= reach)) {
      fields.refuse(`padding of ${fields.op} must be less than the window's reach of ${reach}; got ${show(own)}`);
    }
    return forwardSize(shape, own);
  });
  if (sizes.some(({ output }, i) => output < 1 && shapes[i]?.size !== 0)) {
    fields.refuseShape(`the window is larger than value ${show(image.shape)} with its padding`);
  }
  return sizes;
}

function paddingsOf(fields: SpecFields, shapes: readonly AxisShape[]) {
  const none = (): AxisPadding => [0, 0];
  if (!fields.has("padding")) return shapes.map(none);
  if (!fields.isText("padding")) return fields.pairs("padding", shapes.length);
  const word = fields.oneOf("padding", WORDS);
  return shapes.map(() => (word === "VALID" ? none() : word));
}
