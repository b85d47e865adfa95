/** Checks that the parts of a spec fit each other, and finds the sizes of all axes. Nothing is allocated here. */
import { mostStages } from "../ir/derive/phaseAxis.js";
import { fail, show } from "../ir/errors.js";
import type { AxisPadding, FamilySpec } from "../ir/ops/familySpec.js";
import { MAX_STAGES } from "../ir/phases.js";
import { checkSize } from "../ir/size.js";
import { type FamilyFields, fieldsOf } from "./fields.js";
import type { FamilyConvolution } from "./forward.js";
import { defaultFilterLayout, defaultLayout, entryOf, inOrder } from "./orders.js";
import { type AxisShape, type AxisSize, forwardSize, tapReach, transposedSize } from "./sizes.js";

export interface CheckedFamily {
  /** In canonical form: known keys only, without defaults. */
  readonly spec: FamilySpec;
  /** The forward convolution, or the one that is transposed. */
  readonly convolution: FamilyConvolution;
  readonly isTransposed: boolean;
}

const refuse = (why: string): never => fail("invalid-shape", why);

/** Throws `invalid-spec`, `invalid-shape`, `too-large`. */
export function checkFamily(given: Readonly<Record<string, unknown>>): CheckedFamily {
  const fields = fieldsOf(given);
  const { op, kind, value, filters, layout, filterLayout } = fields;
  const channels = channelsOf(fields);
  checkGates(fields, channels);
  const made = fields.around.activation === "glu" ? channels.outputs / 2 : channels.outputs;
  const shapes = axesOf(fields);
  const { sizes, asked } = kind.isTransposed ? transposedSizes(fields, shapes, made) : forwardSizes(fields, shapes);
  const outputs = sizes.map(({ output }) => output);
  const batch = entryOf(value, layout, "N");
  const outputShape = shapeOf(fields, outputs, channels.outputs);
  for (const [name, shape] of [
    ["value", value],
    ["filters", filters],
    ["the output", outputShape],
  ] as const) {
    checkSize(name, shape);
  }
  const axes = shapes.map(({ size, ...shape }, i) => {
    const { output, pad } = sizes[i] as AxisSize;
    const [from, to] = kind.isTransposed ? [output, size] : [size, output];
    return { ...shape, input: from, output: to, pad };
  });
  const { groups } = channels;
  const [inputs, outputsOfGroup] = [channels.inputs / groups, channels.outputs / groups];
  const convolution: FamilyConvolution = {
    ...{ name: op, batch, groups, axes, layout, filters },
    // Of a transposed convolution the names are those that its callers have for its channels.
    ...(kind.isTransposed
      ? { inputs: outputsOfGroup, outputs: inputs, channelNames: ["oc", "ic"] }
      : { inputs, outputs: outputsOfGroup, channelNames: ["ic", "oc"] }),
    filterLayout: kind.isTransposed ? turned(filterLayout) : filterLayout,
  };
  return { spec: canonicalSpec(fields, asked), convolution, isTransposed: kind.isTransposed };
}

/** Input channels of a transposed convolution are output channels of the one that it transposes. */
const turned = (filterLayout: string): string =>
  filterLayout.replace(/[io]/g, (letter) => (letter === "i" ? "o" : "i"));

/** All channels, and the groups that they are in. */
function channelsOf(fields: FamilyFields) {
  const { op, kind, value, filters, layout, filterLayout, groups } = fields;
  const inputs = entryOf(value, layout, "C");
  const [read, made] = [...(kind.isDepthwise ? "cm" : "io")].map((letter) => entryOf(filters, filterLayout, letter));
  const [expected, outputs] = kind.isDepthwise
    ? [inputs, inputs * (made as number)]
    : kind.isTransposed
      ? [inputs, (made as number) * groups]
      : [inputs / groups, made as number];
  if (inputs % groups !== 0) {
    refuse(`groups must divide the channels of value, of which there are ${inputs}; got ${groups}`);
  }
  if (read !== expected) {
    refuse(
      `filters ${show(filters)} in the order ${filterLayout} must read ${expected} channels, as value ` +
        `${show(value)} has ${inputs}${groups > 1 ? ` in ${groups} groups` : ""}; they read ${read}`,
    );
  }
  if (outputs % groups !== 0) {
    refuse(`groups must divide the output channels of filters, of which there are ${outputs}; got ${groups}`);
  }
  if (outputs < 1) refuse(`${op} needs at least one output channel; filters are ${show(filters)} in ${filterLayout}`);
  return { inputs, outputs, groups: kind.isDepthwise ? inputs : groups };
}

function checkGates({ op, around }: FamilyFields, { outputs, groups }: { outputs: number; groups: number }): void {
  if (around.activation !== "glu") return;
  if (groups > 1) refuse(`glu takes a ${op} of one group; got ${groups}`);
  if (outputs % 2 !== 0) refuse(`glu halves the output channels, of which there are ${outputs}; make them even`);
}

function axesOf({
  kind,
  value,
  filters,
  layout,
  filterLayout,
  strides,
  dilations,
}: FamilyFields): readonly AxisShape[] {
  const shapes = [...kind.image].map((letter, i): AxisShape => {
    const kernel = entryOf(filters, filterLayout, letter.toLowerCase());
    const size = entryOf(value, layout, letter);
    return { size, kernel, stride: strides[i] as number, dilation: dilations[i] as number };
  });
  for (const shape of shapes) {
    const { size, kernel, stride, dilation } = shape;
    if (kernel < 1) refuse(`filters need a tap along each axis; got ${show(filters)} in the order ${filterLayout}`);
    if (Number.isSafeInteger(tapReach(shape) + size * stride)) continue;
    fail("too-large", `${kernel} taps at dilation ${dilation} and stride ${stride} span more than can be counted`);
  }
  return shapes;
}

/** The padding of one axis. */
const paddingAt = ({ padding }: FamilyFields, axis: number) =>
  typeof padding === "object" ? (padding[axis] as AxisPadding) : padding;

const shapeOf = ({ value, layout }: FamilyFields, image: readonly number[], channels: number): readonly number[] => {
  const sizes = Object.fromEntries(image.map((size, i) => ["DHW".slice(-image.length)[i], size]));
  return inOrder(layout, { N: entryOf(value, layout, "N"), C: channels, ...sizes });
};

interface Sizes {
  readonly sizes: readonly AxisSize[];
  /** The sizes that were asked for, if they are not those that there would be anyway. */
  readonly asked?: readonly number[];
}

function forwardSizes(fields: FamilyFields, shapes: readonly AxisShape[]): Sizes {
  const { padding, convention, strides } = fields;
  if (convention === "pytorch" && padding === "SAME" && strides.some((stride) => stride > 1)) {
    fail("invalid-spec", `padding "SAME" in the convention pytorch takes strides of 1; got ${show(strides)}`);
  }
  const sizes = shapes.map((shape, i) => forwardSize(shape, paddingAt(fields, i) ?? [0, 0]));
  if (sizes.some(({ output }) => output < 0)) {
    const least = shapes.map((shape) => tapReach(shape));
    refuse(`the taps span ${least.join("x")}, more than value ${show(fields.value)} with its padding has`);
  }
  return { sizes };
}

function transposedSizes(fields: FamilyFields, shapes: readonly AxisShape[], channels: number): Sizes {
  const { convention, outputShape, outputPadding: more, rules, strides } = fields;
  checkAsked(fields);
  const wanted = imageOf(fields, channels);
  const sized = (sizes: readonly number[] | undefined) =>
    shapes.map((shape, i) =>
      transposedSize(convention, shape, paddingAt(fields, i), { size: sizes?.[i], more: more?.[i] }),
    );
  const sizes = sized(wanted);
  const bad = sizes.find(({ output, least, most }) => {
    const isLimited = wanted !== undefined || convention === "keras";
    return output < 0 || (isLimited && (output < least || output > most));
  });
  if (bad) {
    const legal = sizes.map(({ least, most }) => rangeText(least, most)).join(" x ");
    const given = sizes.map(({ output }) => output).join("x");
    refuse(
      `no output of ${given} leads to value ${show(fields.value)} with strides ${show(strides)} and this padding; ` +
        `the output may be ${legal}${outputShape || !rules.takesSizes ? "" : ", as outputShape can say"}`,
    );
  }
  const stages = sizes.reduce((count, { output }, i) => {
    const { stride, dilation } = shapes[i] as AxisShape;
    return count * Math.min(Math.max(1, output), mostStages(stride, dilation));
  }, 1);
  if (stages > MAX_STAGES) {
    const given = `strides ${show(strides)} with dilations ${show(fields.dilations)}`;
    fail("too-large", `${given} make ${stages} stages; there may be ${MAX_STAGES}`);
  }
  const usual = sized(undefined);
  const isUsual = sizes.every(({ output }, i) => output === usual[i]?.output);
  return { sizes, ...(wanted && !isUsual ? { asked: wanted } : {}) };
}

const rangeText = (least: number, most: number): string =>
  least === most
    ? `${least}`
    : most < least
      ? "nothing"
      : most === Number.POSITIVE_INFINITY
        ? "any"
        : `${least}..${most}`;

/** Output paddings and shapes that cannot be. */
function checkAsked({
  convention,
  rules,
  outputShape,
  outputPadding,
  padding,
  strides,
  dilations,
}: FamilyFields): void {
  if (outputShape && outputPadding) {
    fail("invalid-spec", "outputShape and outputPadding both say the output's size; leave one of them out");
  }
  if (convention === "onnx" && outputShape && typeof padding === "object") {
    fail("invalid-spec", "with an outputShape, the convention onnx computes the padding; leave one of them out");
  }
  const isStride = rules.outputPaddingBelow === "stride";
  const limits = strides.map((stride, i) => (isStride ? stride : Math.max(stride, dilations[i] as number)));
  if (outputPadding?.some((rows, i) => rows >= (limits[i] as number))) {
    fail(
      "invalid-spec",
      `outputPadding must be less than the ${rules.outputPaddingBelow}, here ${show(limits)}; ` +
        `got ${show(outputPadding)}`,
    );
  }
}

/** The sizes of the image that are asked for. A whole shape must have the batch and the channels that there are. */
function imageOf(fields: FamilyFields, channels: number): readonly number[] | undefined {
  const { outputShape: asked, layout, kind } = fields;
  if (!asked || asked.length === kind.image.length) return asked;
  const image = [...kind.image].map((letter) => entryOf(asked, layout, letter));
  const legal = shapeOf(fields, image, channels);
  if (asked.some((size, i) => size !== legal[i])) {
    refuse(
      `outputShape must have the batch of value and the channels of filters, as ${show(legal)}; got ${show(asked)}`,
    );
  }
  return image;
}

function canonicalSpec(fields: FamilyFields, asked: readonly number[] | undefined): FamilySpec {
  const { op, kind, convention, rules, value, filters, strides, dilations, groups, padding, around } = fields;
  const { layout, filterLayout, outputPadding } = fields;
  const isOnes = (all: readonly number[]) => all.every((one) => one === 1);
  // In Keras an output padding of 0 is another than none.
  const hasMore = outputPadding && (convention === "keras" || outputPadding.some((rows) => rows > 0));
  return {
    ...{ op, value, filters },
    ...(isOnes(strides) ? {} : { strides }),
    ...(isOnes(dilations) ? {} : { dilations }),
    ...(groups === 1 ? {} : { groups }),
    ...(padding === undefined ? {} : { padding }),
    ...(asked ? { outputShape: Object.freeze(asked) } : {}),
    ...(hasMore ? { outputPadding } : {}),
    ...around,
    ...(layout === defaultLayout(kind, rules) ? {} : { layout: layout as FamilySpec["layout"] & string }),
    ...(filterLayout === defaultFilterLayout(kind, rules)
      ? {}
      : { filterLayout: filterLayout as FamilySpec["filterLayout"] & string }),
    ...(convention === "tensorflow" ? {} : { convention }),
  };
}
