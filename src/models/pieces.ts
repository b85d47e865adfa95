/** Reads a file in pieces, by position. Skipped parts are never read, however large they are. */
import { type FileHandle, open, stat } from "node:fs/promises";
import { fail } from "../ir/errors.js";

/** The least bytes of a read. Small messages lie side by side, so one read serves many. */
const PIECE = 64 * 1024;

export class Pieces {
  private piece: Uint8Array = new Uint8Array(0);
  private start = 0;

  private constructor(
    readonly path: string,
    readonly size: number,
    private readonly handle: FileHandle,
  ) {}

  /** Opens a file, and closes it after `use`. */
  static async use<T>(path: string, use: (pieces: Pieces) => Promise<T>): Promise<T> {
    // `stat` comes first, because opening a pipe would wait until somebody writes into it.
    const { size, isFile } = await orRefuse(path, async () => {
      const found = await stat(path);
      return { size: found.size, isFile: found.isFile() };
    });
    if (!isFile) fail("invalid-argument", `${path} is no file; give the path of a .onnx file or of a model.json`);
    if (size === 0) fail("invalid-argument", `${path} is empty; a model has at least one node`);
    const handle = await orRefuse(path, () => open(path, "r"));
    try {
      return await use(new Pieces(path, size, handle));
    } finally {
      await handle.close();
    }
  }

  /** True if `count` bytes at `position` are in memory. */
  has(position: number, count: number): boolean {
    return position >= this.start && position + count <= this.start + this.piece.length;
  }

  /** The byte at a position for which `has` is true. */
  byte(position: number): number {
    return this.piece[position - this.start] as number;
  }

  /** Reads bytes inside the file, up to PIECE, so that `has` becomes true for them. */
  async load(position: number, count: number): Promise<void> {
    if (this.has(position, count)) return;
    this.piece = await this.read(position, Math.min(Math.max(count, PIECE), this.size - position));
    this.start = position;
    if (count > this.piece.length) fail("invalid-argument", `${this.path} changed while it was read; try again`);
  }

  /** Copies bytes inside the file. */
  async bytes(position: number, count: number): Promise<Uint8Array> {
    if (count > PIECE) return this.read(position, count);
    await this.load(position, count);
    return this.piece.slice(position - this.start, position - this.start + count);
  }

  private read(position: number, count: number): Promise<Uint8Array> {
    return orRefuse(this.path, async () => {
      const buffer = new Uint8Array(count);
      let filled = 0;
      while (filled < count) {
        const { bytesRead } = await this.handle.read(buffer, filled, count - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    });
  }
}

async function orRefuse<T>(path: string, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === "ENOENT") return fail("invalid-argument", `there is no file ${path}`);
    return fail("invalid-argument", `${path} cannot be read (${code})`);
  }
}
