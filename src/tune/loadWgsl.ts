/** Kernels for GPUs, timed on the GPU: by its own clock where it has one. */
import type { WgslModule } from "../ir/module.js";
import { WgslCode } from "../runtime/webgpu/code.js";
import { USAGE } from "../runtime/webgpu/flags.js";
import { open } from "../runtime/webgpu/open.js";
import type { CheckData } from "./checkData.js";
import type { Loaded } from "./loaded.js";

export async function loadWgsl(module: WgslModule, { value, filters, bias }: CheckData): Promise<Loaded> {
  const storage = module.buffers.some(({ role, dtype }) => role === "input" && dtype === "f16") ? "f16" : "f32";
  const kernel = await open(module, { storage }, async () => new WgslCode(module));
  const weights = await kernel.prepare(filters, bias);
  const bytes = storage === "f16" ? 2 : 4;
  const count = kernel.outputShape.reduce((product, size) => product * size, 1);
  const buffer = (elements: number) =>
    kernel.device.createBuffer({ size: 4 * Math.ceil((elements * bytes) / 4), usage: USAGE.storage });
  const buffers = [buffer(value.length), buffer(count)] as const;
  const call = await kernel.bind(buffers[0], weights, buffers[1]);
  // A GPU's memory is no matter of luck, and to place a kernel there takes long: once is enough.
  const instance = {
    sample: async (calls: number) => (await call.time({ calls })).milliseconds,
    result: async () => (await kernel.run(value, weights)) as Float32Array,
    dispose: () => undefined,
  };
  return {
    place: async () => instance,
    dispose() {
      kernel.dispose();
      for (const one of buffers) one.destroy();
    },
  };
}
