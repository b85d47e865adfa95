/** Compares the folder of generated files with the files of a build, and updates it. Each file changes in one step. */
import { constants, type Dirent, existsSync } from "node:fs";
import { access, mkdir, readdir, readFile, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fail } from "../ir/errors.js";
import type { Files } from "./files.js";

/** The state of a folder. Paths are relative to the folder, with forward slashes. */
export interface Difference {
  /** Files that are missing or have other bytes. */
  readonly stale: readonly string[];
  readonly fresh: readonly string[];
  /** Files of earlier builds that are no longer needed. */
  readonly left: readonly string[];
}

/**
 * Compares a folder with the files that it should hold. Throws `invalid-argument` if a file that the build did not
 * write is in the way.
 * @param marks the beginnings of files that a build writes
 */
export async function compare(folder: string, files: Files, marks: readonly string[]): Promise<Difference> {
  const stale: string[] = [];
  const fresh: string[] = [];
  for (const [path, content] of files) {
    const there = await contentOf(join(folder, path));
    if (there?.equals(bytesOf(content))) fresh.push(path);
    else {
      if (there && typeof content === "string" && !begins(there, marks)) {
        fail(
          "invalid-argument",
          `${join(folder, path)} was not written by tilewright build; move it, or choose another "out"`,
        );
      }
      stale.push(path);
    }
  }
  return { stale, fresh, left: (await ours(folder, marks)).filter((path) => !files.has(path)) };
}

const bytesOf = (content: string | Uint8Array): Buffer => Buffer.from(content as Uint8Array);

const begins = (content: Buffer, marks: readonly string[]): boolean =>
  marks.some((mark) => content.toString("latin1", 0, mark.length) === mark);

async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    return fail("invalid-argument", `${path} cannot be read (${code}); move it, or choose another "out"`);
  }
}

/** The files that a build has written: files that begin with the mark, and the binaries of such modules. */
async function ours(folder: string, marks: readonly string[]): Promise<string[]> {
  const top = await entriesOf(folder);
  // Kernels lie one folder deep. Deeper folders, and those with a registry, belong to another configuration.
  const nested = await Promise.all(
    top
      .filter((entry) => entry.isDirectory())
      .map(async ({ name }) => {
        const files = filesOf(await entriesOf(join(folder, name)));
        return files.includes("registry.js") ? [] : files.map((file) => `${name}/${file}`);
      }),
  );
  const paths = [...filesOf(top), ...nested.flat()];
  const marked = new Set<string>();
  for (const path of paths) {
    if (!/\.(js|d\.ts)$|^package\.json$/.test(path)) continue;
    const content = await contentOf(join(folder, path));
    if (content && begins(content, marks)) marked.add(path);
  }
  const binaries = paths.filter((path) => marked.has(path.replace(/\.(prepare|run)\.wasm$/, ".js")));
  return [...new Set([...marked, ...binaries])].sort();
}

const entriesOf = (folder: string): Promise<Dirent[]> =>
  readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);

const filesOf = (entries: readonly Dirent[]): string[] =>
  entries.filter((entry) => entry.isFile()).map((entry) => entry.name);

/** The most files that are open at once. */
const AT_ONCE = 32;

/** Writes the stale files and removes those that are left over. */
export async function update(
  folder: string,
  files: Files,
  { stale, left }: Pick<Difference, "stale" | "left">,
): Promise<void> {
  if (stale.length + left.length === 0) return;
  try {
    // All folders come first: if one of them cannot be written, then no file is written either.
    for (const parent of parentsOf(folder, stale)) {
      await makeFolder(parent);
      await access(parent, constants.W_OK);
    }
    for (const parent of parentsOf(folder, left)) {
      await access(parent, constants.W_OK).catch((error) => {
        // Another build may have removed the same folder since.
        if (error.code !== "ENOENT") throw error;
      });
    }
    const { default: writeFileAtomic } = await import("write-file-atomic");
    const write = (path: string) =>
      // No fsync: if a power cut loses a file, the next build writes it again.
      writeFileAtomic(join(folder, path), bytesOf(files.get(path) as string | Uint8Array), { fsync: false });
    for (let i = 0; i < stale.length; i += AT_ONCE) await Promise.all(stale.slice(i, i + AT_ONCE).map(write));
    // Another build may remove the same at the same time.
    for (const path of left) await rm(join(folder, path), { force: true });
    for (const parent of parentsOf(folder, left)) await removeEmpty(parent);
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    fail("invalid-argument", `${path ?? folder} cannot be written (${code}); make "out" a folder that can`);
  }
}

const parentsOf = (folder: string, paths: readonly string[]): ReadonlySet<string> =>
  new Set(paths.map((path) => dirname(join(folder, path))));

/** Makes one folder at a time. Where folders cannot be made, as in /proc, mkdir with `recursive` never returns. */
async function makeFolder(path: string): Promise<void> {
  if ((await stat(path).catch(() => undefined))?.isDirectory()) return;
  if (!existsSync(dirname(path))) await makeFolder(dirname(path));
  await mkdir(path).catch(async (error) => {
    // Another build may have made it since.
    if (!(await stat(path).catch(() => undefined))?.isDirectory()) throw error;
  });
}

async function removeEmpty(folder: string): Promise<void> {
  if ((await entriesOf(folder)).length > 0) return;
  await rmdir(folder).catch(() => undefined);
}
