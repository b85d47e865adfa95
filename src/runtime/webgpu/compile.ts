/** From a spec to a kernel on a GPU: a device, code for its limits, and pipelines. */
import { fail, show } from "../../ir/errors.js";
import type { OpSpec } from "../../ir/ops/spec.js";
import { type CodeOptions, generateWgsl, type WebgpuFeatures } from "../jit.js";
import { wgslKernels } from "../kernelCache.js";
import { kernelKey } from "../kernelKey.js";
import { checkSizes } from "./buffers.js";
import { WgslCode } from "./code.js";
import { sourceOf } from "./device.js";
import { WebgpuInstance } from "./instance.js";
import { WebgpuKernel } from "./kernel.js";
import { multiprocessorsOf } from "./machineSize.js";
import { type Storage, tensorsOf } from "./tensors.js";

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

/** `spec` and `code` must have been checked. */
export async function compileWebgpu(
  spec: OpSpec,
  code: CodeOptions,
  { device: given, storage = "f32" }: DeviceOptions,
): Promise<WebgpuKernel> {
  if (storage !== "f32" && storage !== "f16") {
    fail("invalid-argument", `storage must be "f32" or "f16"; got ${show(storage)}`);
  }
  const source = sourceOf(given);
  const tensors = tensorsOf(spec, storage);
  const install = async (): Promise<WebgpuInstance> => {
    const device = await source.get();
    const features = featuresOf(device, storage);
    checkSizes(device, Object.values(tensors));
    const key = kernelKey(featuresKey(features), spec, code);
    const wgsl = await wgslKernels.get(key, async () => new WgslCode(await generateWgsl(spec, features, code)));
    checkSizes(device, wgsl.module.buffers);
    return new WebgpuInstance(device, source, wgsl.module, await wgsl.on(device));
  };
  return new WebgpuKernel(spec, tensors, install, await install());
}

function featuresOf(device: GPUDevice, storage: Storage): WebgpuFeatures {
  const { limits, features } = device;
  const multiprocessors = multiprocessorsOf(device);
  if (storage === "f16" && !features.has("shader-f16")) {
    fail(
      "target-unavailable",
      'storage "f16" needs a device with the feature shader-f16; use "f32", or another device',
    );
  }
  return {
    storage,
    ...(multiprocessors === undefined ? {} : { multiprocessors }),
    limits: {
      invocations: limits.maxComputeInvocationsPerWorkgroup,
      invocationsAlong: [
        limits.maxComputeWorkgroupSizeX,
        limits.maxComputeWorkgroupSizeY,
        limits.maxComputeWorkgroupSizeZ,
      ],
      workgroupBytes: limits.maxComputeWorkgroupStorageSize,
      workgroupsAlong: limits.maxComputeWorkgroupsPerDimension,
      storageBuffers: limits.maxStorageBuffersPerShaderStage,
    },
  };
}

const featuresKey = ({ storage, limits, multiprocessors }: WebgpuFeatures): string =>
  `webgpu ${storage} ${Object.values(limits).join(" ")} ${multiprocessors ?? "of any size"}`;
