/** Where Dawn finds a Vulkan driver: the environment of the processes that run tests. */
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";

/** SwiftShader, which comes with Chromium and Chrome. */
const SWIFTSHADER = ["chromium", "chromium-browser", "../../opt/google/chrome"].map(
  (folder) => `/usr/lib/${folder}/vk_swiftshader_icd.json`,
);

/** Where Linux keeps the loader, which finds drivers. */
const LOADERS = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"].map(
  (folder) => `${folder}/libvulkan.so.1`,
);

/**
 * The driver that TILEWRIGHT_VULKAN_ICD names, else SwiftShader, on which everybody's tests compute the same; nothing where there
 * is neither, or where somebody has chosen already. Must be set before a process starts, as its loader reads it then.
 */
export function vulkanEnvironment(): Record<string, string> {
  const {
    TILEWRIGHT_VULKAN_ICD: named,
    VK_DRIVER_FILES: chosen,
    LD_LIBRARY_PATH: path,
    XDG_RUNTIME_DIR: runtime,
  } = process.env;
  const driver = named || chosen || SWIFTSHADER.find(existsSync);
  if (driver === undefined) return {};
  const beside = `${dirname(driver)}/libvulkan.so.1`;
  const needsLoader = !LOADERS.some(existsSync) && existsSync(beside);
  return {
    VK_DRIVER_FILES: driver,
    XDG_RUNTIME_DIR: runtime ?? tmpdir(), // drivers complain where there is none
    ...(needsLoader ? { LD_LIBRARY_PATH: [dirname(beside), ...(path ? [path] : [])].join(":") } : {}),
  };
}
