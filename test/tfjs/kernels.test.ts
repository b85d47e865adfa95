/** Every kernel that is replaced: random calls equal those of TensorFlow.js' own backend in JavaScript. */
import fc from "fast-check";
import { type InstalledTfjs, install } from "tilewright/tfjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PAIRS, SEED } from "../support/effort.js";
import { elementsOn, expectClose, type Given, noise, tf, use } from "../support/tfjs.js";

const RUNS = Math.ceil(PAIRS / 3);

const small = fc.integer({ min: 1, max: 3 });
const padding = fc.oneof(fc.constantFrom("same", "valid"), fc.integer({ min: 0, max: 2 }));

const convolutions = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  height: fc.integer({ min: 7, max: 12 }),
  width: fc.integer({ min: 7, max: 12 }),
  taps: fc.tuple(small, small),
  inputs: fc.integer({ min: 1, max: 9 }),
  outputs: fc.integer({ min: 1, max: 9 }),
  strides: fc.tuple(small, small),
  dilations: fc.tuple(small, small),
  isDilated: fc.boolean(),
  padding,
  seed: fc.nat(),
});

type Convolution = typeof convolutions extends fc.Arbitrary<infer T> ? T : never;

/** TensorFlow.js takes strides or dilations, and not both. */
const attributesOf = ({ strides, dilations, isDilated, padding }: Convolution) =>
  [isDilated ? 1 : strides, padding as "same", "NHWC", isDilated ? dilations : 1] as const;

const imageOf = ({ batch, height, width, inputs, seed }: Convolution): Given =>
  noise([batch, height, width, inputs], seed);

const filterOf = ({ taps, inputs, outputs, seed }: Convolution): Given => noise([...taps, inputs, outputs], seed + 1);

const ACTIVATIONS = ["linear", "relu", "relu6", "sigmoid", "elu", "leakyrelu", "prelu"] as const;

let installed: InstalledTfjs;

const oursOf = (kernel: string): number =>
  installed.report().kernels.find((one) => one.kernel === kernel)?.ours ?? 0;

/** Holds for random calls, and at least one of them ran on our kernels. */
async function holds<T>(
  kernel: string,
  calls: fc.Arbitrary<T>,
  make: (call: T) => readonly [readonly Given[], (...tensors: tf.Tensor4D[]) => tf.Tensor],
): Promise<void> {
  console.log(`seed ${SEED}`);
  const before = oursOf(kernel);
  const property = fc.asyncProperty(calls, async (call) => {
    const [given, run] = make(call);
    const expected = await elementsOn("cpu", given, run);
    expectClose(await elementsOn("wasm", given, run), expected);
  });
  await fc.assert(property, { seed: SEED, numRuns: RUNS });
  expect(oursOf(kernel)).toBeGreaterThan(before);
}

describe("in WebAssembly", () => {
  beforeAll(async () => {
    await use("wasm");
    installed = await install(tf);
  });
  afterAll(() => installed.uninstall());

  test("Conv2D", () =>
    holds("Conv2D", convolutions, (call) => [
      [imageOf(call), filterOf(call)],
      (x, filter) => tf.conv2d(x, filter, ...attributesOf(call)),
    ]));

  test.each(ACTIVATIONS)("FusedConv2D, %s", (activation) =>
    holds("FusedConv2D", fc.tuple(convolutions, fc.boolean()), ([call, hasBias]) => {
      const [strides, pad, dataFormat, dilations] = attributesOf(call);
      const channels = [noise([call.outputs], call.seed + 2), noise([call.outputs], call.seed + 3)];
      return [
        [imageOf(call), filterOf(call), ...channels],
        (x, filter, bias, alpha) =>
          tf.fused.conv2d({
            ...{ x, filter, strides, pad, dataFormat, dilations, activation, leakyreluAlpha: 0.3 },
            ...(hasBias ? { bias } : {}),
            ...(activation === "prelu" ? { preluActivationWeights: alpha as tf.Tensor } : {}),
          }),
      ];
    }),
  );

  test("Conv2DBackpropInput", () =>
    holds("Conv2DBackpropInput", convolutions, (call) => {
      const [strides, pad] = attributesOf({ ...call, isDilated: false });
      const x = imageOf(call);
      const { outShape } = tf.backend_util.computeConv2DInfo(
        x.shape as [number, number, number, number],
        filterOf(call).shape as [number, number, number, number],
        strides as [number, number],
        1,
        pad,
      );
      return [
        [noise(outShape, call.seed), filterOf(call)],
        (dy, filter) => tf.conv2dTranspose(dy, filter, x.shape as [number, number, number, number], strides, pad),
      ];
    }));

  test("Conv2DBackpropFilter", () =>
    holds("Conv2DBackpropFilter", convolutions, (call) => [
      [imageOf(call), filterOf(call)],
      (x, filter) => {
        const attributes = attributesOf({ ...call, isDilated: false });
        return tf.grads((a: tf.Tensor4D, b: tf.Tensor4D) => tf.conv2d(a, b, ...attributes).square())([
          x,
          filter,
        ])[1] as tf.Tensor;
      },
    ]));

  const multiplier = fc.integer({ min: 1, max: 2 });
  const depthwiseFilter = (call: Convolution, times: number) =>
    noise([...call.taps, call.inputs, times], call.seed + 1);

  test("DepthwiseConv2dNative", () =>
    holds("DepthwiseConv2dNative", fc.tuple(convolutions, multiplier), ([call, times]) => [
      [imageOf(call), depthwiseFilter(call, times)],
      (x, filter) => tf.depthwiseConv2d(x, filter, ...attributesOf(call)),
    ]));

  test.each(ACTIVATIONS)("FusedDepthwiseConv2D, %s", (activation) =>
    holds("FusedDepthwiseConv2D", fc.tuple(convolutions, multiplier), ([call, times]) => {
      const [strides, pad, dataFormat, dilations] = attributesOf(call);
      const channels = [noise([call.inputs * times], call.seed + 2), noise([call.inputs * times], call.seed + 3)];
      return [
        [imageOf(call), depthwiseFilter(call, times), ...channels],
        (x, filter, bias, alpha) =>
          tf.fused.depthwiseConv2d({
            ...{ x, filter, strides, pad, dataFormat, dilations, activation, leakyreluAlpha: 0.3 },
            bias: bias as tf.Tensor,
            ...(activation === "prelu" ? { preluActivationWeights: alpha as tf.Tensor } : {}),
          }),
      ];
    }),
  );

  test.each([
    ["DepthwiseConv2dNativeBackpropInput", 0],
    ["DepthwiseConv2dNativeBackpropFilter", 1],
  ] as const)("%s", (kernel, index) =>
    holds(kernel, fc.tuple(convolutions, multiplier), ([call, times]) => [
      [imageOf(call), depthwiseFilter(call, times)],
      (x, filter) => {
        const loss = (a: tf.Tensor4D, b: tf.Tensor4D) => tf.depthwiseConv2d(a, b, ...attributesOf(call)).square();
        return tf.grads(loss)([x, filter])[index] as tf.Tensor;
      },
    ]),
  );

  const products = fc.record({
    batches: fc.constantFrom([[], []], [[3], [3]], [[1], [2]], [[2], [1]]),
    sizes: fc.tuple(...[1, 1, 1].map((min) => fc.integer({ min, max: 70 }))),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    seed: fc.nat(),
  });

  test("BatchMatMul", () =>
    holds("BatchMatMul", products, ({ batches, sizes, transposeA, transposeB, seed }) => {
      const [rows, depth, columns] = sizes;
      const [inA = [], inB = []] = batches;
      return [
        [
          noise([...inA, ...(transposeA ? [depth, rows] : [rows, depth])], seed),
          noise([...inB, ...(transposeB ? [columns, depth] : [depth, columns])], seed + 1),
        ],
        (a, b) => tf.matMul(a, b, transposeA, transposeB),
      ];
    }));

  test("_FusedMatMul", () =>
    holds("_FusedMatMul", products, ({ sizes, transposeB, seed }) => {
      const [rows, depth, columns] = sizes;
      return [
        [
          noise([depth, rows], seed),
          noise(transposeB ? [columns, depth] : [depth, columns], seed + 1),
          noise([columns], seed + 2),
        ],
        (a, b, bias) =>
          tf.fused.matMul({ ...{ a, b, transposeA: true, transposeB }, bias: bias as tf.Tensor, activation: "relu" }),
      ];
    }));
});
