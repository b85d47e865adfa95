/** Gradients: of dilated convolutions, of our ops, of first and second order; and a network that is trained by them. */
import fc from "fast-check";
import { atrousConv2dTranspose, conv2dTranspose, type InstalledTfjs, install } from "tilewright/tfjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PAIRS, SEED } from "../support/effort.js";
import { errorOf, thrownBy } from "../support/errors.js";
import { elementsOn, expectClose, noise, tf, use } from "../support/tfjs.js";

let installed: InstalledTfjs;
beforeAll(async () => {
  await use("wasm");
  installed = await install(tf);
});
afterAll(() => installed.uninstall());

/** Filters with zeros between their taps, by ops that TensorFlow.js derives: a convolution with them needs no dilations. */
function spread(filter: tf.Tensor4D, [dy, dx]: readonly [number, number]): tf.Tensor4D {
  const [kh, kw, ci, co] = filter.shape;
  const apart = tf.pad(tf.reshape(filter, [kh, 1, kw, 1, ci * co]), [
    [0, 0],
    [0, dy - 1],
    [0, 0],
    [0, dx - 1],
    [0, 0],
  ]);
  const whole = tf.reshape(apart, [kh * dy, kw * dx, ci, co]);
  return tf.slice(whole, [0, 0, 0, 0], [(kh - 1) * dy + 1, (kw - 1) * dx + 1, ci, co]) as tf.Tensor4D;
}

const small = fc.integer({ min: 1, max: 3 });
const calls = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  size: fc.tuple(fc.integer({ min: 7, max: 10 }), fc.integer({ min: 7, max: 10 })),
  taps: fc.tuple(small, small),
  inputs: small,
  outputs: small,
  dilations: fc.tuple(small, small),
  pad: fc.constantFrom("same" as const, "valid" as const),
  seed: fc.nat(),
});

type Op = (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor;

/** `tf.grads` of a function of two images or filters. */
const gradsOf = (op: Op, tensors: readonly [tf.Tensor4D, tf.Tensor4D]) =>
  tf.grads((a, b) => op(a as tf.Tensor4D, b as tf.Tensor4D))([...tensors]);

type Derivative = (op: Op) => Op;

/** The first and second derivatives of a number that an op leads to, by both tensors. */
const derivatives: readonly Derivative[] = [0, 1].flatMap((index) => {
  const first = (op: Op) => (x: tf.Tensor4D, filter: tf.Tensor4D) =>
    gradsOf((a, b) => tf.square(op(a, b)), [x, filter])[index] as tf.Tensor;
  const second = (op: Op) => (x: tf.Tensor4D, filter: tf.Tensor4D) => {
    const slope = (a: tf.Tensor4D, b: tf.Tensor4D) => tf.grad((c) => tf.square(op(c as tf.Tensor4D, b)))(a);
    return gradsOf((a, b) => tf.square(slope(a, b)), [x, filter])[index] as tf.Tensor;
  };
  return [first, second];
});

async function same(
  given: readonly ReturnType<typeof noise>[],
  ours: Op,
  theirs: Op,
  derived: readonly Derivative[] = derivatives,
): Promise<void> {
  expectClose(await elementsOn("wasm", given, ours), await elementsOn("cpu", given, theirs));
  for (const derive of derived) {
    expectClose(await elementsOn("wasm", given, derive(ours)), await elementsOn("cpu", given, derive(theirs)));
  }
}

test("a dilated convolution", async () => {
  console.log(`seed ${SEED}`);
  const holds = fc.asyncProperty(calls, ({ batch, size, taps, inputs, outputs, dilations, pad, seed }) =>
    same(
      [noise([batch, ...size, inputs], seed), noise([...taps, inputs, outputs], seed + 1)],
      (x, filter) => tf.conv2d(x, filter, 1, pad, "NHWC", dilations),
      (x, filter) => tf.conv2d(x, spread(filter, dilations), 1, pad),
    ),
  );
  await fc.assert(holds, { seed: SEED, numRuns: Math.ceil(PAIRS / 6) });
});

test("a dilated depthwise convolution", async () => {
  console.log(`seed ${SEED}`);
  const holds = fc.asyncProperty(calls, ({ batch, size, taps, inputs, outputs, dilations, pad, seed }) =>
    same(
      [noise([batch, ...size, inputs], seed), noise([...taps, inputs, outputs], seed + 1)],
      (x, filter) => tf.depthwiseConv2d(x, filter, 1, pad, "NHWC", dilations),
      (x, filter) => tf.depthwiseConv2d(x, spread(filter, dilations), 1, pad),
      // TensorFlow.js has no second ones of depthwise convolutions.
      [derivatives[0] as Derivative, derivatives[2] as Derivative],
    ),
  );
  await fc.assert(holds, { seed: SEED, numRuns: Math.ceil(PAIRS / 6) });
});

test("atrousConv2dTranspose", async () => {
  console.log(`seed ${SEED}`);
  const holds = fc.asyncProperty(calls, ({ batch, size, taps, inputs, outputs, dilations, pad, seed }) => {
    const grown = size.map((rows, i) =>
      pad === "same" ? rows : rows + ((taps[i] as number) - 1) * (dilations[i] as number),
    );
    const outputShape = [batch, grown[0] as number, grown[1] as number, outputs] as [number, number, number, number];
    return same(
      [noise([batch, ...size, inputs], seed), noise([...taps, outputs, inputs], seed + 1)],
      (x, filter) => atrousConv2dTranspose(x, filter, outputShape, dilations, pad),
      (x, filter) => tf.conv2dTranspose(x, spread(filter, dilations), outputShape, 1, pad),
    );
  });
  await fc.assert(holds, { seed: SEED, numRuns: Math.ceil(PAIRS / 6) });
});

test("conv2dTranspose in groups, with strides", () =>
  same(
    [noise([1, 5, 6, 6], 1), noise([3, 3, 2, 6], 2)],
    (x, filter) => conv2dTranspose(x, filter, { strides: 2, groups: 2, padding: "same" }),
    (x, filter) => {
      const half = (tensor: tf.Tensor4D, i: number) =>
        tf.slice(tensor, [0, 0, 0, 3 * i], [...tensor.shape.slice(0, 3), 3]) as tf.Tensor4D;
      return tf.concat(
        [0, 1].map((i) => tf.conv2dTranspose(half(x, i), half(filter, i), [1, 10, 12, 2], 2, "same")),
        3,
      );
    },
  ));

test("the ops refuse what is illegal, in words", () => {
  const [x, filter] = [tf.zeros([1, 4, 4, 2]) as tf.Tensor4D, tf.zeros([3, 3, 2, 2]) as tf.Tensor4D];
  const refusals = [
    () => atrousConv2dTranspose(x, filter, [1, 5, 4, 2], 2, "same"),
    () => atrousConv2dTranspose(x, filter, [1, 4, 4, 2], 2, "full" as "same"),
    () => conv2dTranspose(x, filter, { groups: 3 }),
    () => conv2dTranspose(x, filter, { rate: 3 } as object),
  ].map((attempt) => errorOf(thrownBy(attempt)));
  expect(refusals).toMatchSnapshot();
  tf.dispose([x, filter]);
});

describe("a small U-Net", () => {
  const STEPS = 100;
  const SHAPES: readonly (readonly number[])[] = [
    [3, 3, 2, 4],
    [3, 3, 4, 6],
    [2, 2, 4, 6],
    [3, 3, 8, 1],
  ];

  /** The loss in each step of its training. */
  async function losses(backend: "wasm" | "cpu"): Promise<readonly number[]> {
    await use(backend);
    const weights = SHAPES.map((shape, i) => {
      const { data } = noise(shape, i);
      return tf.variable(tf.tidy(() => tf.mul(tf.tensor(data, [...shape]), 0.3))) as tf.Variable<tf.Rank.R4>;
    });
    const [x, wanted] = [
      tf.tensor4d(noise([2, 8, 8, 2], 20).data, [2, 8, 8, 2]),
      tf.tensor4d(noise([2, 8, 8, 1], 21).data, [2, 8, 8, 1]),
    ];
    const predict = () => {
      const [first, second, up, last] = weights as unknown as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
      const fine = tf.relu(tf.conv2d(x, first, 1, "same"));
      const pooled = tf.maxPool(fine, 2, 2, "same");
      // TensorFlow.js derives no dilated convolution by itself.
      const dilated =
        backend === "wasm"
          ? tf.conv2d(pooled, second, 1, "same", "NHWC", 2)
          : tf.conv2d(pooled, spread(second, [2, 2]), 1, "same");
      const coarse = tf.relu(dilated);
      const wide = tf.conv2dTranspose(coarse, up, [2, 8, 8, 4], 2, "same");
      return tf.conv2d(tf.concat([fine, wide], 3), last, 1, "same");
    };
    const loss = () => tf.mean(tf.squaredDifference(predict(), wanted)) as tf.Scalar;
    const optimizer = tf.train.sgd(0.1);
    const found: number[] = [];
    for (let step = 0; step < STEPS; step++) {
      const value = optimizer.minimize(loss, true) as tf.Scalar;
      found.push((await value.data())[0] as number);
      value.dispose();
    }
    optimizer.dispose();
    tf.dispose([...weights, x, wanted]);
    return found;
  }

  test("is trained in WebAssembly as in JavaScript", async () => {
    const count = () => installed.report().kernels.find(({ kernel }) => kernel === "Conv2DBackpropFilter")?.ours ?? 0;
    const before = count();
    const ours = await losses("wasm");
    expect(count() - before).toBe(3 * STEPS);
    const theirs = await losses("cpu");
    for (const [i, value] of ours.entries()) expect(Math.abs(value - (theirs[i] as number))).toBeLessThan(1e-4);
    expect(ours.at(-1)).toBeLessThan(0.8 * (ours[0] as number));
  });
});
