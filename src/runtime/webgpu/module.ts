/** Kernels for GPUs out of modules that the compiler has made. */
import type { WgslModule } from "../../ir/module.js";
import { WgslCode } from "./code.js";
import type { WebgpuKernel } from "./kernel.js";
import { type DeviceOptions, open } from "./open.js";

/** The type of tensors in memory is the module's. */
export function loadWgsl(module: WgslModule, { device }: Pick<DeviceOptions, "device">): Promise<WebgpuKernel> {
  const isHalf = module.buffers.some(({ role, dtype }) => role === "output" && dtype === "f16");
  const code = new WgslCode(module);
  return open({ ...(device ? { device } : {}), storage: isHalf ? "f16" : "f32" }, async () => code);
}
