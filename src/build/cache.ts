/**
 * What the last build was made of and what came of it, so that a build with nothing to do compiles nothing. It lies under
 * node_modules/.cache, never among the generated files: those depend on the compiler's results, and this on its sources.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { canonicalKey } from "../ir/key.js";
import type { Files, KernelSummary } from "./files.js";

interface Entry {
  readonly inputs: string;
  /** Hashes by path. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly kernels: readonly KernelSummary[];
}

export class BuildCache {
  readonly #path: string;
  readonly #out: string;
  readonly #inputs: string;

  /** `inputs`: all that decides what is built, beside the compiler. */
  constructor(root: string, out: string, inputs: unknown) {
    this.#path = join(root, "node_modules", ".cache", "tilewright", `${hash(out).slice(0, 16)}.json`);
    this.#out = out;
    this.#inputs = hash(canonicalKey(inputs), compilerHash());
  }

  /** The last build, if this one would make the same of it and all of that is still there. */
  async find(): Promise<Entry | undefined> {
    try {
      const entry = JSON.parse(await readFile(this.#path, "utf8")) as Entry;
      if (entry.inputs !== this.#inputs) return undefined;
      const isThere = ([path, known]: [string, string]) => hash(readFileSync(join(this.#out, path))) === known;
      return Object.entries(entry.outputs).every(isThere) ? entry : undefined;
    } catch {
      return undefined; // no build before, or one whose files are gone: then it is made again
    }
  }

  async save(files: Files, kernels: readonly KernelSummary[]): Promise<void> {
    const outputs = Object.fromEntries([...files].map(([path, content]) => [path, hash(content)]));
    const entry: Entry = { inputs: this.#inputs, outputs, kernels };
    try {
      const { default: writeFileAtomic } = await import("write-file-atomic");
      await mkdir(dirname(this.#path), { recursive: true });
      await writeFileAtomic(this.#path, JSON.stringify(entry));
    } catch {
      // Nothing is lost but time: the next build compiles again.
    }
  }
}

function hash(...parts: readonly (string | Uint8Array)[]): string {
  const sha = createHash("sha256");
  for (const part of parts) sha.update(part);
  return sha.digest("hex");
}

/** Of the compiler's own files: whoever works on it gets no kernels of yesterday's. */
function compilerHash(): string {
  const folders = ["../ir", "../codegen", "../build"].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.[jt]s$/.test(path) && !path.endsWith(".d.ts"))
      .map((path) => join(folder, path)),
  );
  return hash(...files.sort().map((path) => readFileSync(path)));
}
