/** A kernel on a device, whoever made its code: the device, sizes that fit it, and pipelines. */
import { fail, show } from "../../ir/errors.js";
import type { Shapes } from "../tensor.js";
import type { WebgpuFeatures } from "../wanted.js";
import { checkSizes, type Storage } from "./buffers.js";
import type { WgslCode } from "./code.js";
import { deviceSourceOf } from "./device.js";
import { WebgpuInstance } from "./instance.js";
import { WebgpuKernel } from "./kernel.js";

/** What only kernels on GPUs have. */
export interface DeviceOptions {
  /**
   * The device to run on, or a function that promises one. After a loss a function is asked for another device; an object cannot be
   * replaced. Kernels that share a function share its device. Default: one that the library asks for, once in a process.
   */
  readonly device?: GPUDevice | (() => Promise<GPUDevice>);
  /** The type of tensors in memory; sums are float32 in any case. "f16" needs a device with the feature `shader-f16`. Default "f32". */
  readonly storage?: Storage;
}

/** `codeFor` is asked again where the device had to be replaced. */
export async function open<S extends Shapes>(
  { device: given, storage = "f32" }: DeviceOptions,
  codeFor: (device: GPUDevice, storage: Storage) => Promise<WgslCode>,
): Promise<WebgpuKernel<S>> {
  if (storage !== "f32" && storage !== "f16") {
    fail("invalid-argument", `storage must be "f32" or "f16"; got ${show(storage)}`);
  }
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

function checkFeature({ features }: GPUDevice, storage: Storage): void {
  if (storage === "f32" || features.has("shader-f16")) return;
  fail("target-unavailable", 'storage "f16" needs a device with the feature shader-f16; use "f32", or another device');
}

/** What the device allows one launch. */
export const limitsOf = ({ limits }: GPUDevice): WebgpuFeatures["limits"] => ({
  invocations: limits.maxComputeInvocationsPerWorkgroup,
  invocationsAlong: [limits.maxComputeWorkgroupSizeX, limits.maxComputeWorkgroupSizeY, limits.maxComputeWorkgroupSizeZ],
  workgroupBytes: limits.maxComputeWorkgroupStorageSize,
  workgroupsAlong: limits.maxComputeWorkgroupsPerDimension,
  storageBuffers: limits.maxStorageBuffersPerShaderStage,
});
