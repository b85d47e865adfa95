/** A program that has the types of WebGPU as globals: what it gives and gets is of exactly those. */
import { compile, type WebgpuCall } from "tilewright";

const spec = { op: "conv2d", value: [1, 8, 8, 4], filters: [3, 3, 4, 2], rate: 2, padding: "SAME" } as const;

export async function run(given: GPUDevice, value: GPUBuffer): Promise<readonly [GPUDevice, GPUBuffer, GPUBuffer]> {
  const kernel = await compile(spec, { target: "webgpu", device: async () => given });
  const device: GPUDevice = kernel.device;
  const fresh: GPUBuffer = device.createBuffer({ label: "fresh", size: 1024, usage: 0x80 });
  const output: GPUBuffer = await kernel.run(value, await kernel.prepare(fresh));
  return [device, fresh, output];
}

export function record(call: WebgpuCall, encoder: GPUCommandEncoder, pass: GPUComputePassEncoder): void {
  call.encode(encoder);
  call.encode(pass);
}
