/** Loads kernels for GPUs that were made ahead of time. */
import { fail } from "../../ir/errors.js";
import type { Shapes } from "../tensor.js";
import { WgslCode } from "../webgpu/code.js";
import type { WebgpuKernel } from "../webgpu/kernel.js";
import { type DeviceOptions, limitsOf, open } from "../webgpu/open.js";
import type { WebgpuDevice } from "../webgpu/types.js";
import type { BuiltWgsl } from "./modules.js";

/** The code of each module, so that kernels from one file share pipelines. */
const codes = new WeakMap<BuiltWgsl, WgslCode>();

/** A kernel whose file for the device is yet to be imported. */
interface Built {
  module(variant: "webgpu" | "webgpu-f16", gpu: string): Promise<BuiltWgsl>;
}

export function loadBuilt<S extends Shapes>(built: Built, options: DeviceOptions): Promise<WebgpuKernel<S>> {
  return open<S>(options, async (device, storage) => {
    // Older browsers do not tell the maker.
    const { vendor = "" } = device.adapterInfo ?? {};
    const module = await built.module(storage === "f16" ? "webgpu-f16" : "webgpu", vendor);
    checkLimits(device, module);
    const code = codes.get(module) ?? new WgslCode(module);
    codes.set(module, code);
    return code;
  });
}

/** Throws if the device offers less than the code needs, as devices of WebGPU's compatibility mode may. */
function checkLimits(device: WebgpuDevice, { limits: needed }: BuiltWgsl): void {
  const offered = limitsOf(device);
  const lacking = Object.entries(needed).find(([name, least]) => {
    const there = [offered[name as keyof typeof offered]].flat();
    return [least].flat().some((size, i) => size > (there[i] as number));
  });
  if (!lacking) return;
  fail(
    "target-unavailable",
    `this kernel was built for GPUs with ${lacking[0]} of at least ${lacking[1]}, which this one does not offer; ` +
      "compile its spec here, for this device, or load it for the CPU",
  );
}
