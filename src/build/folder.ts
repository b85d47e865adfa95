/** The folder that is written: what in it is ours, what is stale, and changes file by file, each in one step. */
import { constants, type Dirent, existsSync } from "node:fs";
import { access, mkdir, readdir, readFile, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
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

/**
 * `mark`: how the first line of every file of ours begins. Throws `invalid-argument` where somebody else's file has a name that
 * is needed.
 */
export async function compare(folder: string, files: Files, mark: string): Promise<Difference> {
  const stale: string[] = [];
  const fresh: string[] = [];
  for (const [path, content] of files) {
    const there = await contentOf(join(folder, path));
    if (there?.equals(bytesOf(content))) fresh.push(path);
    else {
      if (there && typeof content === "string" && !begins(there, mark)) {
        fail(
          "invalid-argument",
          `${join(folder, path)} was not written by tilewright build; move it, or choose another "out"`,
        );
      }
      stale.push(path);
    }
  }
  return { stale, fresh, left: (await ours(folder, mark)).filter((path) => !files.has(path)) };
}

const bytesOf = (content: string | Uint8Array): Buffer => Buffer.from(content as Uint8Array);

const begins = (content: Buffer, mark: string): boolean => content.toString("latin1", 0, mark.length) === mark;

async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    return fail("invalid-argument", `${path} cannot be read (${code}); move it, or choose another "out"`);
  }
}

/** Files that a build has written: those with the mark, and binaries beside modules of that name. */
async function ours(folder: string, mark: string): Promise<string[]> {
  const top = await entriesOf(folder);
  // Kernels lie one folder deep; whatever is deeper, such as the folder of another configuration, is not looked at.
  const nested = await Promise.all(
    top
      .filter((entry) => entry.isDirectory())
      .map(async ({ name }) => filesOf(await entriesOf(join(folder, name))).map((file) => `${name}/${file}`)),
  );
  const paths = [...filesOf(top), ...nested.flat()];
  const marked = new Set<string>();
  for (const path of paths) {
    if (!/\.(js|d\.ts)$/.test(path)) continue;
    const content = await contentOf(join(folder, path));
    if (content && begins(content, mark)) marked.add(path);
  }
  const binaries = paths.filter((path) => marked.has(path.replace(/\.(prepare|run)\.wasm$/, ".js")));
  return [...new Set([...marked, ...binaries])].sort();
}

const entriesOf = (folder: string): Promise<Dirent[]> =>
  readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);

const filesOf = (entries: readonly Dirent[]): string[] =>
  entries.filter((entry) => entry.isFile()).map((entry) => entry.name);

/** Files that are open at once. */
const AT_ONCE = 32;

/** Writes what is stale and removes what is left over. */
export async function update(folder: string, files: Files, { stale, left }: Difference): Promise<void> {
  if (stale.length + left.length === 0) return;
  try {
    // All folders first: where one cannot be written, nothing is.
    for (const parent of new Set([...stale, ...left].map((path) => dirname(join(folder, path))))) {
      await makeFolder(parent);
      await access(parent, constants.W_OK);
    }
    const { default: writeFileAtomic } = await import("write-file-atomic");
    const write = (path: string) =>
      // What a power cut could lose is written again by the next build.
      writeFileAtomic(join(folder, path), bytesOf(files.get(path) as string | Uint8Array), { fsync: false });
    for (let i = 0; i < stale.length; i += AT_ONCE) await Promise.all(stale.slice(i, i + AT_ONCE).map(write));
    for (const path of left) await rm(join(folder, path));
    for (const parent of new Set(left.map((path) => dirname(join(folder, path))))) await removeEmpty(parent);
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    fail("invalid-argument", `${path ?? folder} cannot be written (${code}); make "out" a folder that can`);
  }
}

/** Step by step: where a file system makes no folders, such as /proc, Node's own way tries for ever. */
async function makeFolder(path: string): Promise<void> {
  if ((await stat(path).catch(() => undefined))?.isDirectory()) return;
  if (!existsSync(dirname(path))) await makeFolder(dirname(path));
  await mkdir(path);
}

async function removeEmpty(folder: string): Promise<void> {
  if (existsSync(folder) && (await readdir(folder)).length === 0) await rmdir(folder);
}
