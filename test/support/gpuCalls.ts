/** Calls on a GPU as users make them, on small-integer data, and what they must give. */
import { compile, interpret, type OpSpec, type WebgpuKernel, type WebgpuOptions, type WebgpuWeights } from "tilewright";
import { elementCount } from "../../src/ir/program.js";
import { toHalves } from "../../src/runtime/webgpu/half.js";
import { smallIntegers } from "./run.js";

export interface GpuData {
  readonly value: Float32Array;
  readonly filters: Float32Array;
  readonly bias: Float32Array | undefined;
  /** By definition. */
  readonly expected: Float32Array;
}

export interface GpuCall extends GpuData {
  readonly kernel: WebgpuKernel;
  readonly weights: WebgpuWeights;
}

function gpuData(spec: OpSpec, outputChannels: number): GpuData {
  const value = smallIntegers(elementCount(spec.value), 1);
  const filters = smallIntegers(elementCount(spec.filters), 2);
  const bias = spec.bias ? smallIntegers(outputChannels, 3) : undefined;
  return { value, filters, bias, expected: Float32Array.from(interpret(spec, value, filters, bias)) };
}

export async function gpuCallOf(spec: OpSpec, options: Omit<WebgpuOptions, "target">): Promise<GpuCall> {
  const kernel = await compile(spec, { target: "webgpu", ...options });
  const data = gpuData(spec, kernel.outputShape[3]);
  return { ...data, kernel, weights: await kernel.prepare(data.filters, data.bias) };
}

const USAGE = 0x80 | 0x4 | 0x8; // STORAGE, COPY_SRC, COPY_DST

/** A buffer with these numbers, or with room for so many. */
export function bufferOf(
  device: GPUDevice,
  content: Float32Array | number,
  { storage = "f32", usage = USAGE }: { readonly storage?: "f32" | "f16"; readonly usage?: number } = {},
): GPUBuffer {
  const values = typeof content === "number" ? new Float32Array(content) : content;
  const data = storage === "f16" ? toHalves(values) : values;
  const buffer = device.createBuffer({ size: Math.max(16, data.byteLength), usage });
  if (usage & 0x8) device.queue.writeBuffer(buffer, 0, data.buffer, data.byteOffset, data.byteLength);
  return buffer;
}

/** The bytes of a buffer, which needs usage COPY_SRC. */
export async function read(device: GPUDevice, buffer: GPUBuffer): Promise<ArrayBuffer> {
  const landing = device.createBuffer({ size: buffer.size, usage: 0x1 | 0x8 });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, landing, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await landing.mapAsync(0x1);
  const bytes = landing.getMappedRange().slice(0);
  landing.destroy();
  return bytes;
}

export const readFloats = async (device: GPUDevice, buffer: GPUBuffer): Promise<Float32Array> =>
  new Float32Array(await read(device, buffer));

/** Records the calls one after the other and submits them together. */
export function submit(device: GPUDevice, ...calls: readonly { encode(encoder: GPUCommandEncoder): void }[]): void {
  const encoder = device.createCommandEncoder();
  for (const call of calls) call.encode(encoder);
  device.queue.submit([encoder.finish()]);
}
