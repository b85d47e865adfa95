/** Loads kernels for GPUs from modules that the compiler made. */
import { reading } from "../../ir/errors.js";
import type { WgslModule } from "../../ir/module.js";
import { WgslCode } from "./code.js";
import type { WebgpuKernel } from "./kernel.js";
import { type DeviceOptions, open } from "./open.js";

/** The element type of tensors follows from the module. */
export function loadWgsl(module: WgslModule, { device }: Pick<DeviceOptions, "device">): Promise<WebgpuKernel> {
  const { isHalf, code } = reading("this module", () => ({
    isHalf: module.buffers.some(({ role, dtype }) => role === "output" && dtype === "f16"),
    code: new WgslCode(module),
  }));
  return open({ ...(device ? { device } : {}), storage: isHalf ? "f16" : "f32" }, async () => code);
}
