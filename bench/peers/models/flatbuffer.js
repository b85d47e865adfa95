// @ts-check
/** A flatbuffer without generated code: tables are lists of fields in the order of their numbers in the schema. */
import { createRequire } from "node:module";

/** Tensors' data must start at multiples of this, says TFLite's schema. */
const DATA_ALIGNMENT = 16;

/** @typedef {["Int8" | "Int32" | "Offset", number] | undefined} Field a missing one has the schema's default */

export class Flatbuffer {
  #builder;

  constructor() {
    const { Builder } = createRequire(import.meta.url)("flatbuffers");
    this.#builder = new Builder(1 << 20);
    // Else the builder leaves out zeros, also where the schema's default is another number.
    this.#builder.forceDefaults(true);
  }

  /** @param {readonly Field[]} fields @returns {number} an offset, as all others return */
  table(fields) {
    this.#builder.startObject(fields.length);
    for (const [number, field] of fields.entries()) {
      if (field) this.#builder[`addField${field[0]}`](number, field[1], 0);
    }
    return this.#builder.endObject();
  }

  /** @param {string} value @returns {number} */
  text(value) {
    return this.#builder.createString(value);
  }

  /** @param {readonly number[]} values @returns {number} */
  ints(values) {
    return this.#vector("Int32", values);
  }

  /** @param {readonly number[]} values @returns {number} */
  offsets(values) {
    return this.#vector("Offset", values);
  }

  /** @param {Float32Array | Int32Array} data @returns {number} */
  data({ buffer, byteOffset, byteLength }) {
    this.#builder.prep(DATA_ALIGNMENT, byteLength);
    return this.#builder.createByteVector(new Uint8Array(buffer, byteOffset, byteLength));
  }

  /** @param {number} root @param {string} identifier @returns {Uint8Array} */
  finish(root, identifier) {
    this.#builder.finish(root, identifier);
    return this.#builder.asUint8Array();
  }

  /** Flatbuffers are written from back to front. @param {"Int32" | "Offset"} type @param {readonly number[]} values */
  #vector(type, values) {
    this.#builder.startVector(4, values.length, 4);
    for (const value of values.toReversed()) this.#builder[`add${type}`](value);
    return this.#builder.endVector();
  }
}
