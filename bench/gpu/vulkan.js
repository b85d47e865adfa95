// @ts-check
/** Chromium's GPU in software, as the Vulkan driver of a process that has no other. */
import { existsSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { findChromium } from "./findChromium.js";

/**
 * Environment variables for a process that shall compute on SwiftShader, or on the driver that VK_DRIVER_FILES names. They must
 * be set before the process starts, as its Vulkan loader reads them then.
 * @returns {NodeJS.ProcessEnv}
 */
export function softwareVulkan() {
  const driver = process.env.VK_DRIVER_FILES ?? findSwiftShader();
  return {
    XDG_RUNTIME_DIR: tmpdir(), // drivers complain where there is none
    ...process.env,
    ...(driver === undefined ? {} : { VK_DRIVER_FILES: driver }),
  };
}

function findSwiftShader() {
  const chromium = findChromium();
  if (chromium === undefined) return undefined;
  const path = realpathSync(chromium);
  // What is in the path may be a script that starts the one in a folder of its own.
  const folders = [dirname(path), join(dirname(path), "..", "lib", basename(path))];
  return folders.map((folder) => join(folder, "vk_swiftshader_icd.json")).find(existsSync);
}
