/** The folder that is written: what in it is ours, what is stale, and changes file by file, each in one step. */
import { type Dirent, existsSync } from "node:fs";
import { mkdir, open, readdir, readFile, rm, rmdir } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { fail } from "../ir/errors.js";
import type { Files } from "./files.js";

/** Paths in the folder, with forward slashes. */
export interface Difference {
  /** Missing, or with other bytes. */
  readonly stale: readonly string[];
  readonly fresh: readonly string[];
  /** Of earlier builds, and no longer wanted. */
  readonly left: readonly string[];
}

/** `mark`: how the first line of every file of ours begins. */
export async function compare(folder: string, files: Files, mark: string): Promise<Difference> {
  const stale: string[] = [];
  const fresh: string[] = [];
  for (const [path, content] of files) {
    const there = await contentOf(join(folder, path));
    (there?.equals(Buffer.from(content as Uint8Array)) ? fresh : stale).push(path);
  }
  return { stale, fresh, left: (await ours(folder, mark)).filter((path) => !files.has(path)) };
}

async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    return fail("invalid-argument", `${path} cannot be read (${code})`);
  }
}

/** Files that a build has written: those with the mark, and binaries beside modules of that name. */
async function ours(folder: string, mark: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((): Dirent[] => []);
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const marked = new Set<string>();
  for (const path of paths) if (/\.(js|d\.ts)$/.test(path) && (await beginsWith(path, mark))) marked.add(path);
  const binaries = paths.filter((path) => marked.has(path.replace(/\.(prepare|run)\.wasm$/, ".js")));
  return [...new Set([...marked, ...binaries])].map((path) => relative(folder, path).replaceAll(sep, "/")).sort();
}

async function beginsWith(path: string, text: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(text.length) });
    return buffer.toString("latin1", 0, bytesRead) === text;
  } finally {
    await file.close();
  }
}

/** Writes what is stale and removes what is left over. */
export async function update(folder: string, files: Files, { stale, left }: Difference): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const path of stale) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFileAtomic(join(folder, path), Buffer.from(files.get(path) as Uint8Array));
    }
    for (const path of left) await rm(join(folder, path));
    for (const parent of new Set(left.map((path) => dirname(join(folder, path))))) await removeEmpty(parent);
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    fail("invalid-argument", `${path ?? folder} cannot be written (${code}); make "out" a folder that can`);
  }
}

async function removeEmpty(folder: string): Promise<void> {
  if (existsSync(folder) && (await readdir(folder)).length === 0) await rmdir(folder);
}
