/**
 * Reads the wire format of protocol buffers from a file, field by field. A message is a run of fields. A reader looks
 * at the fields that it knows; all other bytes are skipped unread.
 */
import { fail } from "../../ir/errors.js";
import { hasChangedLines } from "../format.js";
import type { Pieces } from "../pieces.js";

export interface Field {
  readonly number: number;
  readonly kind: "varint" | "fixed64" | "bytes" | "fixed32";
  /** The signed number of a varint field; 0 for other kinds. */
  readonly value: number;
  /** The positions in the file at which the content begins and ends. */
  readonly start: number;
  readonly end: number;
}

const KINDS: readonly (Field["kind"] | undefined)[] = ["varint", "fixed64", "bytes", undefined, undefined, "fixed32"];
/** The limits are far above any model. They keep a hostile file from taking the stack, the memory or minutes. */
const MAX_DEPTH = 64;
const MAX_MESSAGES = 500_000;
const MAX_KEPT = 2_000_000;
const MAX_TEXT = 4096;
/** The most numbers of a list that are kept. A list that is longer is recognised by its length. */
export const MAX_NUMBERS = 256;

export class Wire {
  private depth = 0;
  private messages = 0;
  private kept = 0;

  constructor(private readonly pieces: Pieces) {}

  get size(): number {
    return this.pieces.size;
  }

  /** Shows each field of the message in [start, end) to `visit`, which may read all of it, a part, or nothing. */
  message(start: number, end: number, visit: (field: Field) => void): void {
    if (++this.depth > MAX_DEPTH) this.refuse(`messages are nested deeper than ${MAX_DEPTH} at byte ${start}`);
    if (++this.messages > MAX_MESSAGES) this.refuse(`it has more than ${MAX_MESSAGES} messages`);
    for (let position = start; position < end; ) {
      const field = this.field(position, end);
      visit(field);
      position = field.end;
    }
    this.depth--;
  }

  /** Counts what is kept: texts, and the numbers of lists. Fields that are skipped take no memory. */
  private count(kept: number): void {
    this.kept += kept;
    if (this.kept > MAX_KEPT) this.refuse(`it has more than ${MAX_KEPT} names and numbers`);
  }

  private field(position: number, end: number): Field {
    const tag = this.varint(position, end);
    const number = Math.floor(tag.value / 8);
    const kind = KINDS[((tag.value % 8) + 8) % 8];
    if (kind === undefined || number < 1 || number >= 2 ** 29) {
      return this.refuse(`what begins at byte ${position} is no field of a protocol buffer`);
    }
    if (kind === "varint") {
      const { value, end: after } = this.varint(tag.end, end);
      return { number, kind, value, start: tag.end, end: after };
    }
    const length = kind === "bytes" ? this.varint(tag.end, end) : { value: kind === "fixed64" ? 8 : 4, end: tag.end };
    const after = length.end + length.value;
    if (length.value < 0 || after > end) {
      this.refuse(`the field at byte ${position} runs past the end of what it is part of; is the file cut off?`);
    }
    return { number, kind, value: 0, start: length.end, end: after };
  }

  /** Reads a varint: at most ten bytes of seven bits each, low bits first; 64 bits in two's complement. */
  private varint(position: number, end: number): { readonly value: number; readonly end: number } {
    const most = Math.min(10, end - position);
    if (!this.pieces.has(position, most)) this.pieces.load(position, most);
    let low = 0;
    for (let i = 0; i < most; i++) {
      const byte = this.pieces.byte(position + i);
      // A double holds seven times seven bits exactly. Longer numbers need a BigInt.
      low += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return { value: i < 7 ? low : this.largeVarint(position, i + 1), end: position + i + 1 };
    }
    return this.refuse(`the number at byte ${position} does not end; is the file cut off?`);
  }

  private largeVarint(position: number, count: number): number {
    let value = 0n;
    for (let i = 0; i < count; i++) value |= BigInt(this.pieces.byte(position + i) & 127) << BigInt(7 * i);
    return Number(BigInt.asIntN(64, value));
  }

  /** Reads text of at most MAX_TEXT bytes. Names and the attributes that are needed are shorter. */
  text({ kind, start, end }: Field): string {
    if (kind !== "bytes") return this.refuse(`the field at byte ${start} should be text`);
    if (end - start > MAX_TEXT) return this.refuse(`the name at byte ${start} is longer than ${MAX_TEXT} bytes`);
    this.count(1);
    const { buffer, byteOffset, length } = this.pieces.bytes(start, end - start);
    return Buffer.from(buffer, byteOffset, length).toString();
  }

  /** Reads the content of a `bytes` field that is known to be short. */
  bytes({ start, end }: Field): Uint8Array {
    return this.pieces.bytes(start, end - start);
  }

  /** Adds the integers of a repeated field to `into`, one more than MAX_NUMBERS at most. The field may be packed. */
  integers(field: Field, into: number[]): void {
    if (field.kind !== "varint" && field.kind !== "bytes")
      this.refuse(`the field at byte ${field.start} should be integers`);
    if (field.kind === "varint" && into.length <= MAX_NUMBERS) into.push(field.value);
    for (let at = field.kind === "bytes" ? field.start : field.end; at < field.end && into.length <= MAX_NUMBERS; ) {
      const { value, end } = this.varint(at, field.end);
      into.push(value);
      this.count(1);
      at = end;
    }
  }

  /** Shows each integer of a repeated field, packed or not, to `visit`. */
  eachInteger(field: Field, visit: (value: number) => void): void {
    if (field.kind !== "varint" && field.kind !== "bytes")
      this.refuse(`the field at byte ${field.start} should be integers`);
    if (field.kind === "varint") visit(field.value);
    for (let at = field.kind === "bytes" ? field.start : field.end; at < field.end; ) {
      const { value, end } = this.varint(at, field.end);
      visit(value);
      at = end;
    }
  }

  /** Adds the floats of a repeated field to `into`, one more than MAX_NUMBERS at most. The field may be packed. */
  floats({ kind, start, end }: Field, into: number[]): void {
    if (kind !== "fixed32" && kind !== "bytes") this.refuse(`the field at byte ${start} should be floats`);
    const bytes = this.pieces.bytes(start, Math.min(end - start, 4 * (MAX_NUMBERS + 1 - into.length)));
    this.count(bytes.length / 4);
    into.push(...littleEndian(bytes, 4, (view, at) => view.getFloat32(at, true)));
  }

  refuse(why: string): never {
    const { path } = this.pieces;
    if (hasChangedLines(this.pieces))
      fail(
        "invalid-argument",
        `${path} is no ONNX model any more: its line ends were changed; copy it again as binary`,
      );
    return fail("invalid-argument", `${path} is no ONNX model that can be read: ${why}; export or download it again`);
  }
}

/** Reads elements of `size` bytes each. An incomplete element at the end is dropped. */
export function littleEndian(
  bytes: Uint8Array,
  size: number,
  read: (view: DataView, offset: number) => number,
): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => read(view, i * size));
}
