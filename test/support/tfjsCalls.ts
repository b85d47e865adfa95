/** Random calls of every kernel of TensorFlow.js that ours take the place of. */
import fc from "fast-check";
import { type Given, noise, tf } from "./tfjs.js";

const small = fc.integer({ min: 1, max: 3 });
const ends = fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 }));
/** One number for all sides is not drawn: for filters that are not square TensorFlow.js then writes beyond its outputs. */
const padding = fc.oneof(
  fc.constantFrom("same" as const, "valid" as const),
  fc.tuple(ends, ends).map(([rows, columns]): tf.backend_util.ExplicitPadding => [[0, 0], rows, columns, [0, 0]]),
);

const convolutions = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  height: fc.integer({ min: 7, max: 20 }),
  width: fc.integer({ min: 7, max: 20 }),
  taps: fc.tuple(small, small),
  inputs: fc.integer({ min: 1, max: 40 }),
  outputs: fc.integer({ min: 1, max: 40 }),
  strides: fc.tuple(small, small),
  dilations: fc.tuple(small, small),
  isDilated: fc.boolean(),
  padding,
  seed: fc.nat(),
});

type Convolution = typeof convolutions extends fc.Arbitrary<infer T> ? T : never;

/** TensorFlow.js takes strides or dilations, and not both. */
const attributesOf = ({ strides, dilations, isDilated, padding }: Convolution) =>
  [isDilated ? 1 : strides, padding, "NHWC", isDilated ? dilations : 1] as const;

const imageOf = ({ batch, height, width, inputs, seed }: Convolution): Given =>
  noise([batch, height, width, inputs], seed);

const filterOf = ({ taps, inputs, outputs, seed }: Convolution): Given => noise([...taps, inputs, outputs], seed + 1);

/** Enough work for kernels of ours, which random calls may not have. */
const LARGE: Convolution = {
  ...{ batch: 1, height: 20, width: 19, taps: [3, 3], inputs: 60, outputs: 20, strides: [1, 1], dilations: [2, 2] },
  ...{ isDilated: false, padding: "same", seed: 1 },
};

/** No tap reads the last columns: TensorFlow.js' own kernel then writes nothing, so that ours takes even the least work. */
const SKIPPING: Convolution = {
  ...{ batch: 1, height: 7, width: 9, taps: [1, 2], inputs: 1, outputs: 1, strides: [1, 3], dilations: [1, 1] },
  ...{ isDilated: false, padding: "same", seed: 0 },
};

type Sizes = [number, number, number, number];

/** A tensor of the shape of the output, without dilations. */
function outputOf(call: Convolution, filter: Given, isDepthwise: boolean): Given {
  const [strides, pad] = attributesOf({ ...call, isDilated: false });
  const { computeConv2DInfo } = tf.backend_util;
  const [image, taps] = [imageOf(call).shape as Sizes, filter.shape as Sizes];
  const { outShape } = computeConv2DInfo(image, taps, strides as 1, 1, pad, undefined, isDepthwise);
  return noise(outShape, call.seed + 4);
}

export const ACTIVATIONS = ["linear", "relu", "relu6", "sigmoid", "elu", "leakyrelu", "prelu"] as const;

/** What is called, and on which tensors. */
type Prepared = readonly [readonly Given[], (...tensors: tf.Tensor4D[]) => tf.Tensor];

export interface KernelCalls {
  readonly kernel: string;
  readonly calls: fc.Arbitrary<unknown>;
  /** Calls with enough work for kernels of ours, which random ones may not have. */
  readonly examples: readonly unknown[];
  readonly make: (call: unknown) => Prepared;
}

const callsOf = <T>(
  kernel: string,
  calls: fc.Arbitrary<T>,
  make: (call: T) => Prepared,
  examples: readonly NoInfer<T>[] = [],
): KernelCalls => ({ kernel, calls, examples, make: make as KernelCalls["make"] });

const conv2d = callsOf(
  "Conv2D",
  convolutions,
  (call) => [[imageOf(call), filterOf(call)], (x, filter) => tf.conv2d(x, filter, ...attributesOf(call))],
  [LARGE, SKIPPING],
);

export const fusedConv2d = (activation: (typeof ACTIVATIONS)[number]): KernelCalls =>
  callsOf(
    "FusedConv2D",
    fc.tuple(convolutions, fc.boolean()),
    ([call, hasBias]) => {
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
    },
    [
      [LARGE, true],
      [SKIPPING, true],
    ],
  );

const backpropInput = callsOf("Conv2DBackpropInput", convolutions, (call) => {
  const [strides, pad] = attributesOf({ ...call, isDilated: false });
  const shape = imageOf(call).shape as Sizes;
  return [
    [outputOf(call, filterOf(call), false), filterOf(call)],
    (dy, filter) => tf.conv2dTranspose(dy, filter, shape, strides, pad),
  ];
});

const backpropFilter = callsOf("Conv2DBackpropFilter", convolutions, (call) => {
  const attributes = attributesOf({ ...call, isDilated: false });
  return [
    [imageOf(call), filterOf(call), outputOf(call, filterOf(call), false)],
    (x, filter, dy) => tf.grad((a) => tf.conv2d(x, a as tf.Tensor4D, ...attributes))(filter, dy),
  ];
});

const multiplier = fc.integer({ min: 1, max: 2 });
const depthwiseFilter = (call: Convolution, times: number) => noise([...call.taps, call.inputs, times], call.seed + 1);

const depthwise = callsOf(
  "DepthwiseConv2dNative",
  fc.tuple(convolutions, multiplier),
  ([call, times]) => [
    [imageOf(call), depthwiseFilter(call, times)],
    (x, filter) => tf.depthwiseConv2d(x, filter, ...attributesOf(call)),
  ],
  [[LARGE, 1]],
);

export const fusedDepthwise = (activation: (typeof ACTIVATIONS)[number]): KernelCalls =>
  callsOf(
    "FusedDepthwiseConv2D",
    fc.tuple(convolutions, multiplier),
    ([call, times]) => {
      const [strides, pad, dataFormat, dilations] = attributesOf(call);
      const channels = [noise([call.inputs * times], call.seed + 2), noise([call.inputs * times], call.seed + 3)];
      return [
        [imageOf(call), depthwiseFilter(call, times), ...channels],
        (x, filter, bias, alpha) =>
          tf.fused.depthwiseConv2d({
            // Its type knows words alone.
            ...{ x, filter, strides, pad: pad as "same", dataFormat, dilations, activation, leakyreluAlpha: 0.3 },
            bias: bias as tf.Tensor,
            ...(activation === "prelu" ? { preluActivationWeights: alpha as tf.Tensor } : {}),
          }),
      ];
    },
    [[LARGE, 1]],
  );

const depthwiseGradient = (kernel: string, index: 0 | 1): KernelCalls =>
  callsOf(kernel, fc.tuple(convolutions, multiplier), ([call, times]) => {
    const attributes = attributesOf({ ...call, isDilated: false });
    const filters = depthwiseFilter(call, times);
    const convolve = (a: tf.Tensor, b: tf.Tensor) =>
      tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, ...attributes);
    return [
      [imageOf(call), filters, outputOf(call, filters, true)],
      (x, filter, dy) => tf.grads(convolve)([x, filter], dy)[index] as tf.Tensor,
    ];
  });

const length = fc.integer({ min: 1, max: 70 });
const products = fc.record({
  batches: fc.constantFrom([[], []], [[3], [3]], [[1], [2]], [[2], [1]]),
  sizes: fc.tuple(length, length, length),
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  seed: fc.nat(),
});

const matmul = callsOf("BatchMatMul", products, ({ batches, sizes, transposeA, transposeB, seed }) => {
  const [rows, depth, columns] = sizes;
  const [inA = [], inB = []] = batches;
  return [
    [
      noise([...inA, ...(transposeA ? [depth, rows] : [rows, depth])], seed),
      noise([...inB, ...(transposeB ? [columns, depth] : [depth, columns])], seed + 1),
    ],
    (a, b) => tf.matMul(a, b, transposeA, transposeB),
  ];
});

const fusedMatmul = callsOf("_FusedMatMul", products, ({ sizes, transposeB, seed }) => {
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
});

/** All kernels without an activation of their own. */
export const KERNELS: readonly KernelCalls[] = [
  conv2d,
  backpropInput,
  backpropFilter,
  depthwise,
  depthwiseGradient("DepthwiseConv2dNativeBackpropInput", 0),
  depthwiseGradient("DepthwiseConv2dNativeBackpropFilter", 1),
  matmul,
  fusedMatmul,
];
