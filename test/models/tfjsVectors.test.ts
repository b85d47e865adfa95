/** Recorded calls of TensorFlow, each as a graph model: what a reader makes of it computes what TensorFlow computed. */
import { expect, test } from "vitest";
import { interpretProgram } from "../../src/ir/interpret.js";
import { programOfAny } from "../../src/specs/anySpec.js";
import { integers, type TfjsFile } from "../support/tfjsModel.js";
import { type RecordedCall, recorded } from "../support/vectors.js";
import { onlyOne, readTfjsFile } from "./support.js";

interface Attributes {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: string | readonly (readonly number[])[];
  readonly outputShape?: readonly number[];
}

const OPS: Readonly<Record<string, string>> = {
  conv2d: "Conv2D",
  depthwise_conv2d: "DepthwiseConv2dNative",
  conv_transpose2d: "Conv2DBackpropInput",
};

function modelOf({ op, attrs, input, filter }: RecordedCall<Attributes>): TfjsFile {
  const { strides, dilations, padding, outputShape } = attrs;
  const node = {
    ...{ name: "c", op: OPS[op] as string, inputs: outputShape ? ["sizes", "filters", "x"] : ["x", "filters"] },
    attributes: {
      strides: { list: [1, ...strides, 1] },
      dilations: { list: [1, ...dilations, 1] },
      ...(typeof padding === "string"
        ? { padding }
        : { padding: "EXPLICIT", explicit_paddings: { list: padding.flat() } }),
    },
  };
  const constants = { filters: { shape: filter.shape }, ...(outputShape ? { sizes: integers(outputShape) } : {}) };
  return { inputs: { x: input.shape }, constants, nodes: [node] };
}

const FILES = ["tf_conv2d.json", "tf_conv2d_depthwise.json", "tf_conv2d_transpose.json"];

test.each(FILES)("%s", async (file) => {
  for (const call of recorded<RecordedCall<Attributes>>(file)) {
    const spec = onlyOne(await readTfjsFile(modelOf(call)));
    if (!("op" in spec)) throw new Error(`${call.name}: ${spec.join("; ")}`);
    const given = new Map(Object.entries({ value: call.input.data, filters: call.filter.data }));
    const result = interpretProgram(programOfAny(spec), given).get("output") as Float64Array;
    expect(result.length, call.name).toBe(call.expected.data.length);
    const off = call.expected.data.map((one, i) => Math.abs(one - (result[i] as number)) / Math.max(1, Math.abs(one)));
    expect(Math.max(...off), `${call.name} as ${JSON.stringify(spec)}`).toBeLessThan(1e-5);
  }
});
