/**
 * Reads the wire format of protocol buffers from a file, field by field. A message is a run of fields. A reader looks
 * at the fields that it knows; all other bytes are skipped unread.
 */
import { fail } from "../../ir/errors.js";
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
/** The limits are far above any model. They keep a hostile file from filling the stack or the memory. */
const MAX_DEPTH = 64;
const MAX_MESSAGES = 2_000_000;
const MAX_TEXT = 4096;
const MAX_NUMBERS = 4096;

export class Wire {
  private depth = 0;
  private messages = 0;

  constructor(private readonly pieces: Pieces) {}

  get size(): number {
    return this.pieces.size;
  }

  /** Shows each field of the message in [start, end) to `visit`, which may read all of it, a part, or nothing. */
  async message(start: number, end: number, visit: (field: Field) => Promise<void> | void): Promise<void> {
    if (++this.depth > MAX_DEPTH) this.refuse(`messages are nested deeper than ${MAX_DEPTH} at byte ${start}`);
    if (++this.messages > MAX_MESSAGES) this.refuse(`it has more than ${MAX_MESSAGES} messages`);
    for (let position = start; position < end; ) {
      const field = await this.field(position, end);
      await visit(field);
      position = field.end;
    }
    this.depth--;
  }

  private async field(position: number, end: number): Promise<Field> {
    const tag = await this.varint(position, end);
    const number = Math.floor(tag.value / 8);
    const kind = KINDS[((tag.value % 8) + 8) % 8];
    if (kind === undefined || number < 1 || number >= 2 ** 29) {
      return this.refuse(`what begins at byte ${position} is no field of a protocol buffer`);
    }
    if (kind === "varint") {
      const { value, end: after } = await this.varint(tag.end, end);
      return { number, kind, value, start: tag.end, end: after };
    }
    const length =
      kind === "bytes" ? await this.varint(tag.end, end) : { value: kind === "fixed64" ? 8 : 4, end: tag.end };
    const after = length.end + length.value;
    if (length.value < 0 || after > end) {
      this.refuse(`the field at byte ${position} runs past the end of what it is part of; is the file cut off?`);
    }
    return { number, kind, value: 0, start: length.end, end: after };
  }

  /** Reads a varint: at most ten bytes of seven bits each, low bits first; 64 bits in two's complement. */
  private async varint(position: number, end: number): Promise<{ readonly value: number; readonly end: number }> {
    const most = Math.min(10, end - position);
    if (!this.pieces.has(position, most)) await this.pieces.load(position, most);
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
  async text({ kind, start, end }: Field): Promise<string> {
    if (kind !== "bytes") return this.refuse(`the field at byte ${start} should be text`);
    if (end - start > MAX_TEXT) return this.refuse(`the name at byte ${start} is longer than ${MAX_TEXT} bytes`);
    return new TextDecoder().decode(await this.pieces.bytes(start, end - start));
  }

  /** Reads the content of a `bytes` field that is known to be short. */
  bytes({ start, end }: Field): Promise<Uint8Array> {
    return this.pieces.bytes(start, end - start);
  }

  /** Adds the integers of a repeated field to `into`. The field may hold one, or many in packed form. */
  async integers(field: Field, into: number[]): Promise<void> {
    if (field.kind === "varint") into.push(field.value);
    else if (field.kind === "bytes") {
      for (let at = field.start; at < field.end && into.length <= MAX_NUMBERS; ) {
        const { value, end } = await this.varint(at, field.end);
        into.push(value);
        at = end;
      }
    } else this.refuse(`the field at byte ${field.start} should be integers`);
    if (into.length > MAX_NUMBERS) this.refuse(`the list at byte ${field.start} has more than ${MAX_NUMBERS} numbers`);
  }

  /** Adds the floats of a repeated field to `into`. The field may hold one, or many in packed form. */
  async floats({ kind, start, end }: Field, into: number[]): Promise<void> {
    if (kind !== "fixed32" && kind !== "bytes") this.refuse(`the field at byte ${start} should be floats`);
    if ((end - start) / 4 + into.length > MAX_NUMBERS) {
      this.refuse(`the list at byte ${start} has more than ${MAX_NUMBERS} numbers`);
    }
    into.push(...littleEndian(await this.pieces.bytes(start, end - start), 4, (view, at) => view.getFloat32(at, true)));
  }

  refuse(why: string): never {
    return fail("invalid-argument", `${this.pieces.path} is no ONNX model that can be read: ${why}`);
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
