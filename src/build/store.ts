/**
 * Keeps the files of kernels that were made, so that a build with nothing to do compiles nothing. They lie under
 * node_modules/.cache and never among the generated files: what is kept depends on the sources of the compiler, but
 * generated files may only change if the compiler makes other code.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { canonicalKey } from "../ir/key.js";
import type { KernelFiles } from "./files.js";

export class Store {
  readonly #parent: string;
  readonly #compiler: string;

  readonly #isWritten: boolean;

  /**
   * @param root the folder whose node_modules has the files
   * @param isWritten false to add nothing to them
   */
  constructor(root: string, isWritten = true) {
    this.#isWritten = isWritten;
    this.#parent = join(root, "node_modules", ".cache", "tilewright");
    this.#compiler = compilerHash().slice(0, 16);
  }

  /**
   * The files for these inputs, which are made only if they were not kept.
   * @param inputs everything but the compiler that decides what is made
   */
  async files(inputs: unknown, make: () => Promise<KernelFiles>): Promise<KernelFiles> {
    const path = join(this.#parent, this.#compiler, hash(canonicalKey(inputs)));
    const kept = await read(path);
    if (kept) return kept;
    const made = await make();
    if (this.#isWritten) await this.#write(path, made);
    return made;
  }

  async #write(path: string, made: KernelFiles): Promise<void> {
    try {
      await mkdir(join(this.#parent, this.#compiler), { recursive: true });
      const { default: writeFileAtomic } = await import("write-file-atomic");
      const text = textOf(made);
      await writeFileAtomic(path, `${hash(text)}\n${text}`, { fsync: false });
      const others = (await readdir(this.#parent)).filter((name) => name !== this.#compiler);
      for (const name of others) await rm(join(this.#parent, name), { recursive: true, force: true });
    } catch {
      // What cannot be kept costs only time: the next build makes it again.
    }
  }
}

/** The files that were written there, unless they are missing, damaged or of somebody else. */
async function read(path: string): Promise<KernelFiles | undefined> {
  const [digest, text] = splitOnce(await readFile(path, "utf8").catch(() => ""));
  if (digest !== hash(text)) return undefined;
  const { files, modules } = JSON.parse(text) as Kept;
  const contents = files.map(
    ([name, { text, base64 }]) => [name, text ?? Buffer.from(base64 ?? "", "base64")] as const,
  );
  return { files: new Map(contents), modules };
}

function splitOnce(text: string): readonly [string, string] {
  const end = text.indexOf("\n");
  return [text.slice(0, end), text.slice(end + 1)];
}

interface Kept extends Pick<KernelFiles, "modules"> {
  readonly files: readonly (readonly [path: string, content: { readonly text?: string; readonly base64?: string }])[];
}

function textOf({ files, modules }: KernelFiles): string {
  const kept: Kept = {
    files: [...files].map(([path, content]) => [
      path,
      typeof content === "string" ? { text: content } : { base64: Buffer.from(content).toString("base64") },
    ]),
    modules,
  };
  return JSON.stringify(kept);
}

function hash(...parts: readonly (string | Uint8Array)[]): string {
  const sha = createHash("sha256");
  for (const part of parts) sha.update(part);
  return sha.digest("hex");
}

/** A hash of all code of this package: after a change of the compiler no kernel of the old one may be used. */
function compilerHash(): string {
  const folder = fileURLToPath(new URL("..", import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const code = files.filter((path) => /\.[jt]s$/.test(path) && !path.endsWith(".d.ts")).sort();
  return hash(...code.map((path) => readFileSync(join(folder, path))));
}
