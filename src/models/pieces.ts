/** Reads a file in pieces, by position. Skipped parts are never read, however large they are. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { fail } from "../ir/errors.js";

/** The least bytes of a read. Small messages lie side by side, so one read serves many. */
const PIECE = 64 * 1024;

/** Reading waits for the disk, since a promise for each number of a file would take longer than the file itself. */
export class Pieces {
  private piece: Uint8Array = new Uint8Array(0);
  private start = 0;

  private constructor(
    readonly path: string,
    readonly size: number,
    private readonly handle: number,
  ) {}

  /** Opens a file, and closes it after `use`. */
  static use<T>(path: string, use: (pieces: Pieces) => T): T {
    // `stat` comes first, because opening a pipe would wait until somebody writes into it.
    const found = orRefuse(path, () => statSync(path));
    if (!found.isFile())
      fail("invalid-argument", `${path} is no file; give the path of a .onnx file or of a model.json`);
    if (found.size === 0) fail("invalid-argument", `${path} is empty; a model has at least one node`);
    const handle = orRefuse(path, () => openSync(path, "r"));
    try {
      return use(new Pieces(path, found.size, handle));
    } finally {
      closeSync(handle);
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
  load(position: number, count: number): void {
    if (this.has(position, count)) return;
    this.piece = this.read(position, Math.min(Math.max(count, PIECE), this.size - position));
    this.start = position;
    if (count > this.piece.length) fail("invalid-argument", `${this.path} changed while it was read; try again`);
  }

  /** Bytes inside the file. They are valid until the next call. */
  bytes(position: number, count: number): Uint8Array {
    if (count > PIECE) return this.read(position, count);
    this.load(position, count);
    return this.piece.subarray(position - this.start, position - this.start + count);
  }

  private read(position: number, count: number): Uint8Array {
    return orRefuse(this.path, () => {
      const buffer = new Uint8Array(count);
      let filled = 0;
      while (filled < count) {
        const bytesRead = readSync(this.handle, buffer, filled, count - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    });
  }
}

function orRefuse<T>(path: string, attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === "ENOENT") return fail("invalid-argument", `there is no file ${path}`);
    return fail("invalid-argument", `${path} cannot be read (${code})`);
  }
}
