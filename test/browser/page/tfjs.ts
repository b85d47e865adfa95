/** The page with TensorFlow.js on a GPU: a chain of three layers, without us, while we compile, and on our kernels. */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-webgpu";
import { type InstalledTfjs, install, warmUp } from "tilewright/tfjs";
import type { TfjsPageReport } from "./tfjsReport.js";

interface GpuBackend {
  readonly device: GPUDevice;
}

/** Numbers from -1 to 1, the same each time. */
const numbers = (count: number, step: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => ((i * step) % 41) / 20 - 1);

function layers(): tf.Tensor {
  const x = tf.tensor4d(numbers(16 * 16 * 8, 7), [1, 16, 16, 8]);
  const filter = tf.tensor4d(numbers(3 * 3 * 8 * 8, 11), [3, 3, 8, 8]);
  const bias = tf.tensor1d(numbers(8, 13));
  const how = { filter, bias, strides: 1, pad: "same", dilations: 2, activation: "relu" } as const;
  const first = tf.fused.conv2d({ ...how, x }) as tf.Tensor4D;
  const second = tf.fused.conv2d({ ...how, x: first }) as tf.Tensor4D;
  return tf.conv2dTranspose(second, filter, [1, 32, 32, 8], 2, "same");
}

const predict = () => tf.tidy(layers);

async function resultOf(): Promise<Float32Array> {
  const y = predict();
  const data = (await y.data()) as Float32Array;
  y.dispose();
  return data;
}

const largest = (values: ArrayLike<number>, at: (i: number) => number): number => {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(at(i)));
  return most;
};

const distance = (a: Float32Array, b: Float32Array): number =>
  largest(a, (i) => (a[i] as number) - (b[i] as number)) / largest(b, (i) => b[i] as number);

async function submissionsOf(queue: GPUQueue): Promise<number> {
  const submit = queue.submit.bind(queue);
  let count = 0;
  queue.submit = (commands) => {
    count++;
    submit(commands);
  };
  await resultOf();
  queue.submit = submit;
  return count;
}

const oursOf = (installed: InstalledTfjs): number =>
  installed.report().kernels.reduce((sum, { ours }) => sum + ours, 0);

async function reportOf(): Promise<TfjsPageReport> {
  tf.enableProdMode();
  await tf.setBackend("cpu");
  const expected = await resultOf();
  await tf.setBackend("webgpu");
  const { device } = tf.backend() as unknown as GpuBackend;
  const refusals: string[] = [];
  device.addEventListener("uncapturederror", ({ error }) => refusals.push(error.message));
  const theirs = { distance: distance(await resultOf(), expected), submissions: await submissionsOf(device.queue) };
  const installed = await install(tf);
  const compiling = { distance: distance(await resultOf(), expected), calls: oursOf(installed) };
  await warmUp({ predict }, []);
  const before = oursOf(installed);
  const ours = { distance: distance(await resultOf(), expected), calls: oursOf(installed) - before };
  const submissions = await submissionsOf(device.queue);
  const memory = JSON.stringify(tf.memory());
  for (let i = 0; i < 10; i++) await resultOf();
  const isMemorySame = JSON.stringify(tf.memory()) === memory;
  const { notes } = installed.report();
  installed.uninstall();
  return {
    distances: { theirs: theirs.distance, compiling: compiling.distance, ours: ours.distance },
    calls: { compiling: compiling.calls, ours: ours.calls },
    submissions: { theirs: theirs.submissions, ours: submissions },
    ...{ isMemorySame, refusals, notes, error: null },
  };
}

const report = await reportOf().catch((thrown: unknown) => ({
  error: thrown instanceof Error ? `${thrown.stack}` : String(thrown),
}));
await fetch("/report", { method: "POST", body: JSON.stringify(report) });
