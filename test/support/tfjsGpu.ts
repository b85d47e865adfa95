/** TensorFlow.js' WebGPU backend in this process, on Dawn: what it expects a browser to have, and fields that tests look at. */
import { globals } from "webgpu";
import { tf, use } from "./tfjs.js";
import { gpu, gpuDevice } from "./webgpu.js";

/** Whether there is a GPU, or a renderer that stands for one. */
export const hasGpu = (await gpuDevice()) !== undefined;

/** Fields of the backend. */
export interface GpuBackend {
  readonly device: GPUDevice;
  readonly queue: GPUQueue;
  readonly tensorMap: { get(dataId: object): { readonly dtype: string; readonly resource: GPUBuffer } };
  readonly commandQueueOwnedIds: WeakSet<object>;
}

export const gpuBackend = (): GpuBackend => tf.backend() as unknown as GpuBackend;

/** What the device has refused, and nobody was asked about. */
export const refusals: string[] = [];

const watched = new WeakSet<GPUDevice>();

/** Registers the backend and uses it. It looks for `navigator.gpu` when it is imported. */
export async function useWebgpu(): Promise<void> {
  Object.assign(globalThis, globals);
  // Node 20 has no navigator.
  Object.defineProperty(globalThis, "navigator", { value: { gpu, userAgent: "" }, configurable: true });
  await import("@tensorflow/tfjs-backend-webgpu");
  await use("webgpu");
  const { device } = gpuBackend();
  if (watched.has(device)) return;
  watched.add(device);
  device.addEventListener("uncapturederror", (event) =>
    refusals.push((event as GPUUncapturedErrorEvent).error.message),
  );
}
