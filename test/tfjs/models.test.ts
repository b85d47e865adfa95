/** Models: layers with dilations, graphs with detours, and compiling ahead of the first call. */
import * as converter from "@tensorflow/tfjs-converter";
import * as layers from "@tensorflow/tfjs-layers";
import { fused, type InstalledTfjs, install, warmUp } from "tilewright/tfjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, rejectionOf, thrownBy } from "../support/errors.js";
import { distance, elementsOn, expectClose, noise, tf, use } from "../support/tfjs.js";
import { detourModel, type LoadHandler } from "../support/tfjsDetours.js";

const whole = { ...tf, ...converter };

describe("layers.conv2dTranspose with a dilation", () => {
  let installed: InstalledTfjs;
  beforeAll(async () => {
    await use("wasm");
    installed = await install(tf);
  });
  afterAll(() => installed.uninstall());

  test.each([
    ["same", "channelsLast"],
    ["valid", "channelsLast"],
    ["same", "channelsFirst"],
    ["valid", "channelsFirst"],
  ] as const)("%s, %s: is right, knows its shape, and is saved with its rate", async (padding, dataFormat) => {
    const layer = layers.layers.conv2dTranspose({
      ...{ filters: 3, kernelSize: [3, 2], dilationRate: [2, 3], padding, dataFormat, activation: "relu" },
      biasInitializer: "randomNormal",
    });
    const isFirst = dataFormat === "channelsFirst";
    const given = noise(isFirst ? [1, 4, 7, 6] : [1, 7, 6, 4], 1);
    const output = await elementsOn("wasm", [given], (x) => layer.apply(x) as tf.Tensor);
    expect(layer.computeOutputShape(given.shape)).toEqual(output.shape);
    expect(layer.getConfig().dilationRate).toEqual([2, 3]);
    const [kernel, bias] = await Promise.all(
      layer.getWeights().map(async (weight) => ({ shape: weight.shape, data: (await weight.data()) as Float32Array })),
    );
    const taps = kernel?.data as Float32Array;
    const [kh, kw, co, ci] = [3, 2, 3, 4];
    // Zeros between taps, for a convolution that TensorFlow.js has.
    const apart = { shape: [5, 4, co, ci], data: new Float32Array(5 * 4 * co * ci) };
    for (let y = 0; y < kh; y++) {
      for (let x = 0; x < kw; x++) {
        const from = (y * kw + x) * co * ci;
        apart.data.set(taps.subarray(from, from + co * ci), (2 * y * 4 + 3 * x) * co * ci);
      }
    }
    const channelsLast = isFirst ? [1, ...output.shape.slice(2), co] : output.shape;
    const expected = await elementsOn("cpu", [given, apart, bias as typeof apart], (x, filter, add) => {
      const image = isFirst ? tf.transpose(x, [0, 2, 3, 1]) : x;
      const sums = tf.conv2dTranspose(image as tf.Tensor4D, filter, channelsLast as [1, 1, 1, 1], 1, padding);
      const result = tf.relu(tf.add(sums, add));
      return isFirst ? tf.transpose(result, [0, 3, 1, 2]) : result;
    });
    expectClose(output, expected);
    layer.dispose();
  });

  test("without a dilation is TensorFlow.js' own", () => {
    const layer = layers.layers.conv2dTranspose({ filters: 2, kernelSize: 3, strides: 2, padding: "same" });
    expect(layer.computeOutputShape([null, 5, 5, 1])).toEqual([null, 10, 10, 2]);
    expect(layer.getConfig().dilationRate).toBeUndefined();
  });

  test("sizes that are not known stay unknown", () => {
    const layer = layers.layers.conv2dTranspose({ filters: 2, kernelSize: 3, dilationRate: 2, padding: "valid" });
    expect(layer.computeOutputShape([null, null, 5, 1])).toEqual([null, null, 9, 2]);
  });
});

describe("warmUp", () => {
  test("compiles what a model will call, on TensorFlow.js' own kernels", async () => {
    await use("wasm");
    const model = layers.sequential({
      layers: [
        layers.layers.conv2d({ inputShape: [24, 24, 3], filters: 8, kernelSize: 3, activation: "relu" }),
        layers.layers.conv2dTranspose({ filters: 4, kernelSize: 2, strides: 2 }),
      ],
    });
    const installed = await install(tf);
    const before = tf.memory().numTensors;
    await warmUp(model, [1, 24, 24, 3]);
    expect(tf.memory().numTensors).toBe(before);
    const counts = () =>
      Object.fromEntries(installed.report().kernels.map(({ kernel, ours, theirs }) => [kernel, [ours, theirs]]));
    expect(counts()).toMatchObject({ FusedConv2D: [0, 1], Conv2DBackpropInput: [0, 1] });
    const given = noise([1, 24, 24, 3], 5);
    const output = await elementsOn("wasm", [given], (x) => model.predict(x) as tf.Tensor);
    expect(counts()).toMatchObject({ FusedConv2D: [1, 1], Conv2DBackpropInput: [1, 1] });
    installed.uninstall();
    expectClose(output, await elementsOn("wasm", [given], (x) => model.predict(x) as tf.Tensor));
    model.dispose();
  });

  test("needs an installation", async () => {
    expect(errorOf(await rejectionOf(warmUp({ predict: () => [] }, [1, 2])))).toContain("await install(tf) first");
  });
});

describe("fused", () => {
  test.each(["transposed", "convolution", "depthwise", "normalised", "signal", "dilated"] as const)(
    "a detour: %s",
    async (kind) => {
      await use("wasm");
      const { handler, input, isWrongThere } = detourModel(kind);
      const predict = async (loading: LoadHandler) => {
        const { modelTopology } = await loading.load();
        const { node } = modelTopology as { readonly node: readonly { readonly op: string }[] };
        const ops = new Set(node.map(({ op }) => op));
        const model = await converter.loadGraphModel(loading);
        const output = await elementsOn("wasm", [input], (x) => model.predict(x) as tf.Tensor);
        model.dispose();
        return { ops, output };
      };
      const theirs = await predict(handler);
      const installed = await install(whole);
      const ours = await predict(fused(handler) as LoadHandler);
      installed.uninstall();
      expect(ours.ops.has("SpaceToBatchND") || ours.ops.has("BatchToSpaceND")).toBe(false);
      if (isWrongThere) expect(distance(ours.output.data, theirs.output.data)).toBeGreaterThan(0.1);
      else expectClose(ours.output, theirs.output);
    },
  );

  test("refuses what loads no model", async () => {
    await use("wasm");
    const installed = await install(tf);
    expect(errorOf(thrownBy(() => fused({})))).toContain("IOHandler");
    expect(errorOf(thrownBy(() => fused(detourModel("transposed").handler)))).toContain("registerOp");
    installed.uninstall();
  });
});
