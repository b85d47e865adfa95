/** TensorFlow.js on a GPU: ours are recorded among its own kernels, take no memory of its count, and step back when they must. */
import { atrousConv2dTranspose, type InstalledTfjs, install, warmUp } from "tilewright/tfjs";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DRIVER, needs } from "../support/needs.js";
import { distance, elementsOn, expectClose, type Given, noise, tf, use } from "../support/tfjs.js";
import { gpuBackend, hasGpu, refusals, useWebgpu } from "../support/tfjsGpu.js";

const [IMAGE, FILTER, BIAS] = [noise([1, 12, 12, 8], 1), noise([3, 3, 8, 8], 2), noise([8], 3)];

const tensorOf = <R extends tf.Rank>({ shape, data }: Given) => tf.tensor<R>(data, shape as tf.ShapeMap[R]);

/** Three layers that are served by ours: dilated, dilated, transposed. */
function chainOf(image: Given, filter: Given, bias: Given) {
  const x = tensorOf<tf.Rank.R4>(image);
  const filters = [1, 2, 3].map(() => tensorOf<tf.Rank.R4>(filter));
  const biases = [1, 2].map(() => tensorOf<tf.Rank.R1>(bias));
  const predict = () =>
    tf.tidy(() => {
      const [first, second, last] = filters as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
      let y = x;
      for (const [i, one] of [first, second].entries()) {
        const how = { strides: 1, pad: "same", dilations: 2, activation: "relu" } as const;
        y = tf.fused.conv2d({ ...how, x: y, filter: one, bias: biases[i] as tf.Tensor1D }) as tf.Tensor4D;
      }
      return tf.conv2dTranspose(y, last, [1, 24, 24, 8], 2, "same");
    });
  return { predict, dispose: () => tf.dispose([x, filters, biases]) };
}

type Model = ReturnType<typeof chainOf>;

const chain = () => chainOf(IMAGE, FILTER, BIAS);

async function resultOf({ predict }: Pick<Model, "predict">): Promise<Float32Array> {
  const y = predict();
  const data = (await y.data()) as Float32Array;
  y.dispose();
  return data;
}

/** Compiles what a model calls. */
const compiled = (model: Pick<Model, "predict">) => warmUp({ predict: () => model.predict() }, []);

/** What happens on the device during some work: submissions, and buffers that are made and destroyed. */
async function counted(work: () => Promise<unknown>) {
  const { device, queue } = gpuBackend();
  const counts = { submissions: 0, made: 0, destroyed: 0 };
  const { createBuffer } = device;
  const { submit } = queue;
  queue.submit = (commands) => {
    counts.submissions++;
    return submit.call(queue, commands);
  };
  device.createBuffer = (descriptor) => {
    counts.made++;
    const buffer = createBuffer.call(device, descriptor);
    const { destroy } = buffer;
    buffer.destroy = () => {
      counts.destroyed++;
      return destroy.call(buffer);
    };
    return buffer;
  };
  try {
    await work();
  } finally {
    Object.assign(queue, { submit });
    Object.assign(device, { createBuffer });
  }
  return counts;
}

describe("on a GPU", needs({ [DRIVER]: hasGpu }), () => {
  let installed: InstalledTfjs;
  beforeAll(useWebgpu);
  beforeEach(async () => {
    await use("webgpu");
    installed = await install(tf);
  });
  afterEach(() => {
    installed.uninstall();
    expect(refusals).toEqual([]);
  });

  const ours = (): number => installed.report().kernels.reduce((sum, kernel) => sum + kernel.ours, 0);
  const reasons = (): string[] => installed.report().kernels.flatMap((kernel) => Object.keys(kernel.reasons));

  test("TensorFlow.js' own serve until ours are compiled, and one submission is enough for a chain of both", async () => {
    const model = chain();
    const theirs = await resultOf(model);
    expect(ours()).toBe(0);
    expect(new Set(reasons())).toEqual(new Set(["its kernel is being compiled"]));
    await compiled(model);
    // Weights are prepared in front of the first.
    await resultOf(model);
    expect((await counted(() => resultOf(model))).submissions).toBe(1);
    const y = model.predict();
    // Until it is submitted, its buffer is given to nobody else.
    expect(gpuBackend().commandQueueOwnedIds.has(y.dataId)).toBe(true);
    await y.data();
    y.dispose();
    expect(distance(await resultOf(model), theirs)).toBeLessThan(1e-5);
    expect(ours()).toBe(12);
    installed.uninstall();
    expect((await counted(() => resultOf(model))).submissions).toBe(1);
    installed = await install(tf);
    model.dispose();
  });

  test("many predictions make no buffers, and leave tf.memory() as it is", async () => {
    const model = chain();
    await compiled(model);
    await resultOf(model);
    const before = tf.memory();
    const { made } = await counted(async () => {
      for (let i = 0; i < 40; i++) await resultOf(model);
    });
    expect(made).toBe(0);
    expect(tf.memory()).toEqual(before);
    expect(ours()).toBe(3 * 41);
    model.dispose();
  });

  test("commands are submitted a batch at a time, as TensorFlow.js does", async () => {
    const model = chain();
    await compiled(model);
    await resultOf(model);
    const batch = tf.env().getNumber("WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE");
    const predictions = 2 * batch;
    const { submissions } = await counted(async () => {
      const all = Array.from({ length: predictions }, () => model.predict());
      await all.at(-1)?.data();
      tf.dispose(all);
    });
    // Each of the three calls takes a dispatch at least.
    expect(submissions).toBeGreaterThanOrEqual((3 * predictions) / batch);
    expect(submissions).toBeLessThan(3 * predictions);
    model.dispose();
  });

  test("weights that come and go take memory that is given back", async () => {
    const filters = tensorOf<tf.Rank.R4>(FILTER);
    const x = tensorOf<tf.Rank.R4>(IMAGE);
    const step = {
      predict: () =>
        tf.tidy(() => tf.conv2d(x, tf.mul(filters, 0.5) as tf.Tensor4D, 1, "same", "NHWC", 2) as tf.Tensor<tf.Rank.R4>),
    };
    const theirs = await resultOf(step);
    await compiled(step);
    expect(distance(await resultOf(step), theirs)).toBeLessThan(1e-5);
    const { made, destroyed } = await counted(async () => {
      for (let i = 0; i < 20; i++) await resultOf(step);
    });
    expect(made).toBeGreaterThanOrEqual(20);
    expect(made - destroyed).toBeLessThanOrEqual(2);
    expect(distance(await resultOf(step), theirs)).toBeLessThan(1e-5);
    tf.dispose([x, filters]);
  });

  test("a variable that is assigned anew has the new filters at once", async () => {
    const x = tensorOf<tf.Rank.R4>(IMAGE);
    const variable = tf.variable(tensorOf<tf.Rank.R4>(FILTER));
    const model = { predict: () => tf.tidy(() => tf.conv2d(x, variable as tf.Tensor4D, 1, "same", "NHWC", 2)) };
    await compiled(model);
    const first = await resultOf(model);
    tf.tidy(() => variable.assign(tf.mul(variable, 2)));
    expect(
      distance(
        await resultOf(model),
        first.map((value) => 2 * value),
      ),
    ).toBeLessThan(1e-6);
    expect(ours()).toBe(2);
    tf.dispose([x, variable]);
  });

  test("kernels are put back between recording and reading", async () => {
    const model = chain();
    await compiled(model);
    const expected = await resultOf(model);
    const y = model.predict();
    installed.uninstall();
    expect(distance((await y.data()) as Float32Array, expected)).toBe(0);
    installed = await install(tf);
    y.dispose();
    model.dispose();
  });

  test("outputs and biases of one channel, and of three", async () => {
    for (const channels of [1, 3]) {
      const x = tensorOf<tf.Rank.R4>(noise([1, 7, 7, 3], 1));
      const filter = tensorOf<tf.Rank.R4>(noise([3, 3, 3, channels], 2));
      const bias = tensorOf<tf.Rank.R1>(noise([channels], 3));
      const how = { strides: 1, pad: "same", dilations: 2, activation: "elu" } as const;
      const model = { predict: () => tf.fused.conv2d({ ...how, x, filter, bias }) };
      const theirs = await resultOf(model);
      await compiled(model);
      expect(distance(await resultOf(model), theirs)).toBeLessThan(1e-5);
      tf.dispose([x, filter, bias]);
    }
    expect(ours()).toBe(2);
  });

  test("an op that TensorFlow.js lacks runs at once", async () => {
    installed.uninstall();
    installed = await install(tf, { backends: ["webgpu", "cpu"] });
    const resultOn = (backend: "webgpu" | "cpu") =>
      elementsOn(backend, [IMAGE, FILTER], (x, filter) =>
        atrousConv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [1, 12, 12, 8], 2, "same"),
      );
    expectClose(await resultOn("webgpu"), await resultOn("cpu"));
  });

  describe("TensorFlow.js' own serve", () => {
    test("while kernels are timed", async () => {
      const model = chain();
      await compiled(model);
      await tf.time(() => model.predict().dispose());
      expect(ours()).toBe(0);
      expect(reasons()).toContain("each kernel is timed by itself");
      model.dispose();
    });

    test("a tensor whose buffer has other numbers than its type says", async () => {
      const whole = tf.cast(
        tf.tensor4d(
          IMAGE.data.map((value) => Math.round(9 * value)),
          [1, 12, 12, 8],
          "int32",
        ),
        "float32",
      );
      const filter = tensorOf<tf.Rank.R4>(FILTER);
      // It is on the GPU, and still what it was cast from.
      tf.abs(whole).dispose();
      expect(gpuBackend().tensorMap.get(whole.dataId).dtype).toBe("int32");
      const model = { predict: () => tf.conv2d(whole, filter, 1, "same", "NHWC", 2) };
      const theirs = await resultOf(model);
      await compiled(model);
      expect(distance(await resultOf(model), theirs)).toBe(0);
      expect(reasons()).toContain("a tensor lies where the kernel cannot reach it");
      tf.dispose([whole, filter]);
    });
  });
});
