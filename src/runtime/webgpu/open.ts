/** Opens a kernel on a device: gets the device, checks sizes, and makes pipelines. */
import type { Storage } from "../../ir/dtype.js";
import { fail } from "../../ir/errors.js";
import { checkStorage } from "../../ir/options.js";
import type { Shapes } from "../tensor.js";
import type { WebgpuFeatures } from "../wanted.js";
import { checkSizes } from "./buffers.js";
import type { WgslCode } from "./code.js";
import { deviceSourceOf } from "./device.js";
import { WebgpuInstance } from "./instance.js";
import { WebgpuKernel } from "./kernel.js";
import type { WebgpuDevice } from "./types.js";

/** Options that only kernels on GPUs have. */
export interface DeviceOptions {
  /**
   * The device to run on, or a function that promises one. After a loss the function is called for another device; a
   * device passed as an object cannot be replaced. Kernels with the same function share its device. Default: a device
   * that the library requests, once in a process.
   */
  readonly device?: WebgpuDevice | (() => Promise<WebgpuDevice>);
  /**
   * The element type of tensors in GPU memory. Default "f32". "f16" needs a device with the feature `shader-f16`. Sums
   * are float32 in any case.
   */
  readonly storage?: Storage;
}

/** `codeFor` is called again after a lost device is replaced. */
export async function open<S extends Shapes>(
  { device: given, storage: stored }: DeviceOptions,
  codeFor: (device: WebgpuDevice, storage: Storage) => Promise<WgslCode>,
): Promise<WebgpuKernel<S>> {
  const storage = checkStorage(stored);
  const source = deviceSourceOf(given);
  const install = async (): Promise<WebgpuInstance> => {
    const device = await source.get();
    checkFeature(device, storage);
    const code = await codeFor(device, storage);
    checkSizes(device, code.module.buffers);
    return new WebgpuInstance(device, source, code.module, await code.on(device));
  };
  return new WebgpuKernel<S>(install, await install());
}

function checkFeature({ features }: WebgpuDevice, storage: Storage): void {
  if (storage === "f32" || features.has("shader-f16")) return;
  fail("target-unavailable", 'storage "f16" needs a device with the feature shader-f16; use "f32", or another device');
}

/** The limits of the device that restrict a dispatch. */
export const limitsOf = ({ limits }: WebgpuDevice): WebgpuFeatures["limits"] => ({
  invocations: limits.maxComputeInvocationsPerWorkgroup,
  invocationsAlong: [limits.maxComputeWorkgroupSizeX, limits.maxComputeWorkgroupSizeY, limits.maxComputeWorkgroupSizeZ],
  workgroupBytes: limits.maxComputeWorkgroupStorageSize,
  workgroupsAlong: limits.maxComputeWorkgroupsPerDimension,
  storageBuffers: limits.maxStorageBuffersPerShaderStage,
  bufferBytes: Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize),
});
