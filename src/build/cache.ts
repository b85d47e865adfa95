/**
 * Remembers the inputs and the results of the last build, so that a build with nothing to do compiles nothing. The
 * memory lies under node_modules/.cache and never among the generated files: it depends on the sources of the compiler,
 * but generated files may only change if the compiler makes other code.
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
  /** The hash of each file, by its path. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly kernels: readonly KernelSummary[];
}

export class BuildCache {
  readonly #path: string;
  readonly #out: string;
  readonly #inputs: string;

  /** @param inputs everything but the compiler that decides what is built */
  constructor(root: string, out: string, inputs: unknown) {
    this.#path = join(root, "node_modules", ".cache", "tilewright", `${hash(out).slice(0, 16)}.json`);
    this.#out = out;
    this.#inputs = hash(canonicalKey(inputs), compilerHash());
  }

  /** The last build, if its inputs were the same and all its files are unchanged. */
  async find(): Promise<Entry | undefined> {
    try {
      const entry = JSON.parse(await readFile(this.#path, "utf8")) as Entry;
      if (entry.inputs !== this.#inputs) return undefined;
      const isThere = ([path, known]: [string, string]) => hash(readFileSync(join(this.#out, path))) === known;
      return Object.entries(entry.outputs).every(isThere) ? entry : undefined;
    } catch {
      // There was no build before, or its files are gone.
      return undefined;
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
      // A cache that cannot be written costs only time: the next build compiles again.
    }
  }
}

function hash(...parts: readonly (string | Uint8Array)[]): string {
  const sha = createHash("sha256");
  for (const part of parts) sha.update(part);
  return sha.digest("hex");
}

/** A hash of the compiler's own files: after a change of the compiler no kernel of the old one may be used. */
function compilerHash(): string {
  const folders = ["../ir", "../codegen", "../build"].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => /\.[jt]s$/.test(path) && !path.endsWith(".d.ts"))
      .map((path) => join(folder, path)),
  );
  return hash(...files.sort().map((path) => readFileSync(path)));
}
