/**
 * Files that a model names, such as those of its weights. A model may name files of its own folder and no others, and
 * of each it gets twice its size at most: a small model must not make gigabytes of one file.
 */
import { realpathSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { fail } from "../ir/errors.js";
import { Pieces } from "./pieces.js";
import { quoted } from "./report.js";

/** The path of a file in the folder of a model; undefined for a name that leads out of the folder. */
export function pathBeside(model: string, name: string): string | undefined {
  const plain = posix.normalize(name);
  if (plain === ".." || plain.startsWith("../") || posix.isAbsolute(plain) || /[\\:\0]/.test(plain)) return undefined;
  return join(dirname(model), plain);
}

interface BesideFile {
  readonly path: string;
  readonly size: number;
  /** The bytes that may still be read. */
  left: number;
}

export class Beside {
  private readonly byName = new Map<string, BesideFile>();
  private readonly byPath = new Map<string, BesideFile>();
  private readonly sizes = new Map<readonly string[], readonly number[]>();

  constructor(private readonly model: string) {}

  /** The sizes of files. The same list is looked at once, as all weights of a group share it. */
  sizesOf(names: readonly string[]): readonly number[] {
    const sizes = this.sizes.get(names) ?? names.map((name) => this.opened(name).size);
    this.sizes.set(names, sizes);
    return sizes;
  }

  /** Bytes of a file, from `start` on. Throws `invalid-argument` if it has fewer. */
  read(name: string, start: number, count: number): Uint8Array {
    const file = this.opened(name);
    if (start + count > file.size)
      fail("invalid-argument", `${file.path} ends at byte ${file.size}, before the tensor does; copy it again`);
    file.left -= count;
    if (file.left < 0) fail("invalid-argument", `the model asks for more than twice all that is in ${file.path}`);
    return Pieces.use(file.path, (pieces) => pieces.bytes(start, count));
  }

  private opened(name: string): BesideFile {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    const path = pathBeside(this.model, name);
    if (path === undefined)
      fail("invalid-argument", `it is in ${quoted(name)}, and only files in the model's own folder are read`);
    const { size } = Pieces.use(path, (pieces) => pieces);
    const real = realpathSync.native(path);
    // Links may not lead out either, but for caches that keep a model and its weights in one place and link to both.
    const folders = [realpathSync.native(dirname(this.model)), dirname(realpathSync.native(this.model))];
    if (folders.every((folder) => relative(folder, real).split(sep)[0] === ".."))
      fail("invalid-argument", `${path} is a link out of the model's folder, which is not followed`);
    const file = this.byPath.get(real) ?? { path, size, left: 2 * size };
    this.byPath.set(real, file);
    this.byName.set(name, file);
    return file;
  }
}
