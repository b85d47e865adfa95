/** Memory: TensorFlow.js keeps count of its tensors as before, and its heap does not grow with calls. */
import { type InstalledTfjs, install } from "tilewright/tfjs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { wasmHost } from "../../src/tfjs/hosts/wasm.js";
import { errorOf, rejectionOf } from "../support/errors.js";
import { distance, noise, tf, use, wasmBackend } from "../support/tfjs.js";

const [IMAGE, FILTER] = [noise([1, 16, 16, 8], 1), noise([3, 3, 8, 8], 2)];

const tensors = () => ({
  x: tf.tensor4d(IMAGE.data, [1, 16, 16, 8]),
  filter: tf.tensor4d(FILTER.data, [3, 3, 8, 8]),
});

const bytes = (): number => wasmBackend().wasm.HEAPU8.length;

let before: number;
beforeAll(async () => {
  await use("wasm");
  before = tf.memory().numTensors;
});
afterAll(() => expect(tf.memory().numTensors).toBe(before));

describe("installed", () => {
  let installed: InstalledTfjs;
  beforeEach(async () => {
    await use("wasm");
    installed = await install(tf);
  });
  afterEach(() => installed.uninstall());

  const ours = (): number => installed.report().kernels.reduce((sum, kernel) => sum + kernel.ours, 0);

  test("a thousand predictions leave tensors, and the heap, as they are", () => {
    const { x, filter } = tensors();
    const predict = () =>
      tf.tidy(() => void tf.relu(tf.conv2d(tf.conv2d(x, filter, 1, "same"), filter, 1, "same", "NHWC", 2)));
    predict();
    const [counts, heap] = [tf.memory(), bytes()];
    for (let i = 0; i < 1000; i++) predict();
    expect(tf.memory()).toEqual(counts);
    expect(bytes()).toBe(heap);
    expect(ours()).toBe(2002);
    tf.dispose([x, filter]);
  });

  test("filters that come and go take the memory of those that are gone", () => {
    const { x, filter } = tensors();
    const step = () =>
      tf.tidy(() => {
        const fresh = tf.mul(filter, 0.5) as tf.Tensor4D;
        return tf.conv2d(x, fresh, 1, "same").dataSync();
      });
    const half = step();
    const { _malloc, _free } = wasmBackend().wasm;
    const probe = () => {
      const address = _malloc(1 << 20);
      _free(address);
      return address;
    };
    step();
    const place = probe();
    for (let i = 0; i < 500; i++) step();
    expect(probe()).toBe(place);
    expect(distance(step(), half)).toBe(0);
    tf.dispose([x, filter]);
  });

  test("a memory that grows, between calls and in them", () => {
    const { x, filter } = tensors();
    const run = () => tf.tidy(() => tf.conv2d(x, filter, 1, "same").dataSync());
    const expected = run();
    const heap = bytes();
    const large = tf.tidy(() => Array.from({ length: 8 }, () => tf.keep(tf.zeros([1, 1024, 1024]))));
    expect(bytes()).toBeGreaterThan(heap);
    expect(distance(run(), expected)).toBe(0);
    const rate2 = tf.tidy(() => tf.conv2d(x, filter, 1, "same", "NHWC", 2).dataSync());
    expect(Number.isFinite(rate2[0])).toBe(true);
    tf.dispose([x, filter, ...large]);
  });

  test("a variable that is assigned anew has the new filters at once", () => {
    const { x, filter } = tensors();
    const variable = tf.variable(filter);
    const run = () => tf.tidy(() => tf.conv2d(x, variable as tf.Tensor4D, 1, "same").dataSync());
    const first = run();
    tf.tidy(() => variable.assign(tf.mul(filter, 2)));
    expect(
      distance(
        run(),
        first.map((value) => 2 * value),
      ),
    ).toBeLessThan(1e-6);
    tf.dispose([x, filter, variable]);
  });

  test("one filter may serve a convolution and a transposed one, of several sizes", () => {
    const { x, filter } = tensors();
    const results = tf.tidy(() =>
      [1, 2].flatMap((rate) => [
        tf.conv2d(x, filter, 1, "same", "NHWC", rate).dataSync(),
        tf.conv2dTranspose(x, filter, [1, 16, 16, 8], 1, "same").dataSync(),
      ]),
    );
    installed.uninstall();
    const theirs = tf.tidy(() =>
      [1, 2].flatMap((rate) => [
        tf.conv2d(x, filter, 1, "same", "NHWC", rate).dataSync(),
        tf.conv2dTranspose(x, filter, [1, 16, 16, 8], 1, "same").dataSync(),
      ]),
    );
    for (const [i, result] of results.entries()) expect(distance(result, theirs[i] as Float32Array)).toBeLessThan(1e-5);
    tf.dispose([x, filter]);
  });

  test("a backend that is made anew has its own kernels", async () => {
    const run = () =>
      tf.tidy(() => {
        const { x, filter } = tensors();
        return tf.conv2d(x, filter, 1, "same").dataSync();
      });
    const expected = run();
    const factory = tf.findBackendFactory("wasm");
    tf.removeBackend("wasm");
    tf.registerBackend("wasm", factory);
    await use("wasm");
    expect(distance(run(), expected)).toBe(0);
    expect(ours()).toBe(2);
  });
});

describe("uninstall", () => {
  const names = ["Conv2D", "FusedConv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter", "MaxPool", "BatchMatMul"];
  const registry = () => [
    ...names.map((name) => tf.getKernel(name, "wasm")),
    ...["Conv2D", "TilewrightConv2DTranspose"].map((name) => tf.getGradient(name)),
  ];

  test("puts back what there was", async () => {
    const originals = registry();
    const { uninstall } = await install(tf);
    expect(registry()).not.toEqual(originals);
    uninstall();
    const after = registry();
    expect(after.length).toBe(8);
    for (const [i, one] of after.entries()) expect(one).toBe(originals[i]);
  });

  test("gives the memory back", async () => {
    const { _malloc, _free } = wasmBackend().wasm;
    const probe = () => {
      const address = _malloc(64 << 20);
      _free(address);
      return address;
    };
    const place = probe();
    const { uninstall } = await install(tf);
    tf.tidy(() => {
      const { x, filter } = tensors();
      tf.conv2d(x, filter, 1, "same");
    });
    uninstall();
    expect(probe()).toBe(place);
  });
});

describe("a backend that is not as it was", () => {
  const FIELDS = [
    ["makeOutput", () => wasmBackend()],
    ["disposeData", () => wasmBackend()],
    ["dataIdMap", () => wasmBackend()],
    ["_malloc", () => wasmBackend().wasm],
    ["_free", () => wasmBackend().wasm],
    ["asm", () => wasmBackend().wasm],
  ] as const;

  test.each(FIELDS)("without %s: nothing is replaced, and a sentence says so", async (field, ownerOf) => {
    await use("wasm");
    const owner = ownerOf() as unknown as Record<string, unknown>;
    const own = Object.getOwnPropertyDescriptor(owner, field);
    const original = tf.getKernel("Conv2D", "wasm");
    Object.defineProperty(owner, field, { value: undefined, configurable: true, writable: true });
    const { report, uninstall } = await install(tf);
    expect(tf.getKernel("Conv2D", "wasm")).toBe(original);
    expect(tf.getKernel("Conv2DBackpropFilter", "wasm")).toBeUndefined();
    expect(report().notes.join()).toContain(field);
    expect(report().notes.length).toBe(1);
    uninstall();
    if (own) Object.defineProperty(owner, field, own);
    else delete owner[field];
  });
});

test("tensors in shared memory, as the build with threads has them", async () => {
  const memory = new WebAssembly.Memory({ initial: 200, maximum: 400, shared: true });
  let next = 1024;
  const places = new Map<object, { memoryOffset: number }>();
  const backend = {
    wasm: {
      wasmMemory: memory,
      _malloc: (size: number) => {
        const address = next;
        next += Math.ceil(size / 8) * 8;
        return address;
      },
      _free: () => undefined,
      tfjs: { getThreadsCount: () => 2 },
    },
    dataIdMap: places,
    makeOutput(shape: number[], dtype: "float32") {
      const dataId = {};
      const size = shape.reduce((all, one) => all * one, 4);
      places.set(dataId, { memoryOffset: backend.wasm._malloc(size) });
      return { dataId, shape, dtype };
    },
    disposeData: (dataId: object) => places.delete(dataId),
  };
  const host = wasmHost(backend);
  if (typeof host === "string") throw new Error(host);
  expect(host.options.threads).toBe(2);
  expect(host.handicap).toBe(1);
  const { compileSync, ready, interpret } = await import("tilewright");
  await ready({ target: "wasm", threads: 2 });
  const spec = { op: "conv2d", value: [1, 16, 16, 8], filters: [3, 3, 8, 8], rate: 1, padding: "SAME" } as const;
  const kernel = compileSync(spec, host.options);
  const x = backend.makeOutput([1, 16, 16, 8], "float32");
  new Float32Array(memory.buffer, places.get(x.dataId)?.memoryOffset, IMAGE.data.length).set(IMAGE.data);
  const output = host.run(kernel, kernel.prepare(FILTER.data), { value: x }, [1, 16, 16, 8]);
  const expected = interpret(spec, IMAGE.data, FILTER.data);
  expect(distance(host.elementsOf(output), expected)).toBeLessThan(1e-6);
  kernel.dispose();
});

describe("install refuses", () => {
  test.each([
    ["what is no TensorFlow.js", () => install({} as typeof tf)],
    ["an accuracy that there is not", () => install(tf, { accuracy: "best" as "fast" })],
    ["backends that there are not", () => install(tf, { backends: ["webgl" as "wasm"] })],
    ["work that is no number", () => install(tf, { minWork: -1 })],
    ["options that there are not", () => install(tf, { speed: 2 } as object)],
  ])("%s", async (_, attempt) => {
    expect(errorOf(await rejectionOf(attempt()))).toMatchSnapshot();
    expect(tf.getKernel("Conv2DBackpropFilter", "wasm")).toBeUndefined();
  });

  test("to be there twice", async () => {
    const { uninstall } = await install(tf);
    expect(errorOf(await rejectionOf(install(tf)))).toContain("call uninstall() first");
    uninstall();
  });
});
