/** Programs that this machine may have. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Some systems have a file of that name which only says how to get the real one. */
export const canRun = (path: string): boolean =>
  existsSync(path) && spawnSync(path, ["--version"], { stdio: "ignore", timeout: 30_000 }).status === 0;

/** The path of a program that runs, by the first of the names that the path or one of these folders has. */
export const findProgram = (names: readonly string[], folders: readonly string[] = []): string | undefined =>
  names
    .flatMap((name) => [...folders, ...(process.env.PATH ?? "").split(delimiter)].map((folder) => join(folder, name)))
    .find(canRun);
