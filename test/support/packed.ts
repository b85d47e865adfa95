/** The package as npm packs it, in the folder of a program that has installed it and nothing else. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newFolder } from "./folder.js";

export const repository = fileURLToPath(new URL("../..", import.meta.url));
export const manifest = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));

/** Tests of what is published need `npm run build`. */
export const isBuilt = existsSync(join(repository, "dist/cli/main.js"));

/** Packs the package into a folder, and returns the tarball's path. */
export function pack(folder: string): string {
  // Not `prepack`, which would build the folder that other tests read at the same time.
  npm(repository, "pack", "--ignore-scripts", "--pack-destination", folder);
  return join(folder, `tilewright-${manifest.version}.tgz`);
}

/** A folder in which the package is installed, without a network. */
export function installPacked(): string {
  const folder = newFolder();
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  npm(folder, "install", "--offline", "--no-audit", "--no-fund", pack(folder));
  return folder;
}

function npm(cwd: string, ...command: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync("npm", command, { cwd, encoding: "utf8", shell: true });
  if (status !== 0) throw new Error(`npm ${command.join(" ")} fails:\n${stdout}\n${stderr}`);
}
