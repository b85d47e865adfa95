/** Folders with a configuration, as a user has. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { OpSpec } from "tilewright";
import { checkConfig } from "../../src/build/config.js";
import type { Config, KernelChoices } from "../../src/build/defineConfig.js";
import { type KernelPlan, planKernels } from "../../src/build/plan.js";
import { Tuning } from "../../src/build/tuning.js";
import { TilewrightError } from "../../src/ir/errors.js";
import { newFolder } from "../support/folder.js";

/** A folder with these files; the configuration is JSON. */
export function folderWith(config: Config, files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = newFolder();
  writeFiles(folder, { "tilewright.config.json": JSON.stringify(config), ...files });
  return folder;
}

export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** All files below a folder by path, in order. */
export function filesIn(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), "latin1")]));
}

/** Of a kernel that compiles in no time. */
type OpKernel = OpSpec & KernelChoices;

export const tiny = (change: Partial<OpKernel> = {}): OpKernel => ({
  op: "atrousConv2dTranspose",
  value: [1, 4, 5, 2],
  filters: [3, 3, 3, 2],
  rate: 1,
  padding: "SAME",
  ...change,
});

export const planOf = async (config: Config, root = newFolder()): Promise<readonly KernelPlan[]> =>
  (await planKernels({ root, config: await checkConfig(config, "the config") }, Tuning.NONE)).kernels;

/** The sentence with which it is refused. */
export async function refusalOf(attempt: () => unknown): Promise<string> {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof TilewrightError && error.code !== "internal") return error.message;
    throw error;
  }
  throw new Error("nothing was refused");
}
