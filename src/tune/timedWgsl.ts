/** Loads kernels for GPUs to be timed, by the GPU's own clock if it has one. */
import type { WgslModule } from "../ir/module.js";
import type { BufferDecl } from "../ir/program.js";
import { USAGE } from "../runtime/webgpu/flags.js";
import { bytesOf } from "../runtime/webgpu/layout.js";
import { loadWgsl as loadKernel } from "../runtime/webgpu/module.js";
import type { WebgpuBuffer } from "../runtime/webgpu/types.js";
import type { CheckData } from "./checkData.js";
import type { TimedKernel } from "./timed.js";

export async function timedWgsl(module: WgslModule, { given }: CheckData): Promise<TimedKernel> {
  const kernel = await loadKernel(module, {});
  const some = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, given.get(name) as Float32Array]));
  const inputs = some(kernel.inputNames);
  const weights = await kernel.prepare(some(kernel.weightNames));
  const tensors = module.buffers.filter(({ role }) => role === "input" || role === "output");
  const create = (buffer: BufferDecl) => kernel.device.createBuffer({ size: bytesOf(buffer), usage: USAGE.storage });
  const buffers = new Map(tensors.map((buffer) => [buffer.name, create(buffer)]));
  const buffersOf = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, buffers.get(name) as WebgpuBuffer]));
  const call = await kernel.bind(buffersOf(kernel.inputNames), weights, buffersOf(kernel.outputNames));
  // Two readings may be multiples of several steps, so the least step that was seen is nearest to the true one.
  let leastStep = Number.POSITIVE_INFINITY;
  // The place of memory does not matter on a GPU, and placing a kernel takes long. So there is one instance.
  const instance = {
    async sample(calls: number) {
      const { milliseconds, step } = await call.time({ calls });
      leastStep = Math.min(leastStep, step);
      return milliseconds;
    },
    // Browsers round the GPU's timestamps otherwise than they round the clock of the page.
    clockStep: () => leastStep,
    result: async () => new Map(Object.entries(await kernel.run(inputs, weights))),
    dispose: () => undefined,
  };
  return {
    place: async () => instance,
    dispose() {
      kernel.dispose();
      for (const one of buffers.values()) one.destroy();
    },
  };
}
