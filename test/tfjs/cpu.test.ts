/** The backend in JavaScript: kernels on copies, with the results of TensorFlow.js' own. */
import { type InstalledTfjs, install } from "tilewright/tfjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { elementsOn, expectClose, type Given, noise, tf, use } from "../support/tfjs.js";

type Case = readonly [string, readonly Given[], (...tensors: tf.Tensor4D[]) => tf.Tensor];

const [IMAGE, FILTER, DEPTHWISE] = [noise([2, 9, 8, 5], 1), noise([3, 3, 5, 6], 2), noise([3, 3, 5, 2], 3)];
const [BIAS, SLOPES] = [noise([6], 4), noise([6], 5)];

const CASES: readonly Case[] = [
  ["Conv2D", [IMAGE, FILTER], (x, filter) => tf.conv2d(x, filter, 2, "same")],
  [
    "FusedConv2D",
    [IMAGE, FILTER, BIAS, SLOPES],
    (x, filter, bias, slopes) =>
      tf.fused.conv2d({
        ...{ x, filter, strides: 1, pad: "same", dilations: 2, activation: "prelu" },
        ...{ bias: bias as tf.Tensor, preluActivationWeights: slopes as tf.Tensor },
      }),
  ],
  [
    "Conv2DBackpropInput",
    [noise([2, 5, 4, 6], 6), FILTER],
    (dy, filter) => tf.conv2dTranspose(dy, filter, [2, 9, 8, 5], 2, "same"),
  ],
  [
    "Conv2DBackpropFilter",
    [IMAGE, FILTER],
    (x, filter) => tf.grad((a) => tf.square(tf.conv2d(x, a as tf.Tensor4D, 1, "same")))(filter),
  ],
  ["DepthwiseConv2dNative", [IMAGE, DEPTHWISE], (x, filter) => tf.depthwiseConv2d(x, filter, 1, "valid")],
  ["AvgPool", [IMAGE], (x) => tf.avgPool(x, [2, 3], 1, "same")],
  ["BatchMatMul", [noise([3, 5, 4], 7), noise([3, 4, 6], 8)], (a, b) => tf.matMul(a, b)],
];

describe("on the backend in JavaScript", () => {
  let installed: InstalledTfjs;
  const expected = new Map<string, Given>();
  beforeAll(async () => {
    for (const [kernel, given, make] of CASES) expected.set(kernel, await elementsOn("cpu", given, make));
    installed = await install(tf);
  });
  afterAll(async () => {
    installed.uninstall();
    await use("wasm");
  });

  test.each(CASES)("%s", async (kernel, given, make) => {
    const before = tf.memory().numTensors;
    expectClose(await elementsOn("cpu", given, make), expected.get(kernel) as Given);
    expect(tf.memory().numTensors).toBe(before);
    expect(installed.report().kernels.find((one) => one.kernel === kernel)?.ours).toBeGreaterThan(0);
  });
});

test("a backend that is brought up for its kernels leaves the one in use as it is", async () => {
  await use("wasm");
  const { report, uninstall } = await install(tf, { backends: ["cpu"] });
  expect(tf.getBackend()).toBe("wasm");
  const [kernel, given, make] = CASES[0] as Case;
  await elementsOn("wasm", given, make);
  expect(report().kernels).toEqual([]);
  await elementsOn("cpu", given, make);
  expect(report().kernels.map(({ backend, kernel, ours }) => [backend, kernel, ours])).toEqual([["cpu", kernel, 1]]);
  uninstall();
  await use("wasm");
});
