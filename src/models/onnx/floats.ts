/** Reads the floats of a TensorProto: from the fields that may hold them, or from the file that it names. */
import { fail } from "../../ir/errors.js";
import type { Beside } from "../beside.js";
import { asFloat32, floatFormat } from "../floats.js";
import { Pieces } from "../pieces.js";
import { product } from "../shapes.js";
import type { OnnxStored } from "../stored.js";
import { EXTERNAL } from "./readTensor.js";
import { type Field, Wire } from "./wire.js";

/** Types of elements, by their numbers in onnx.proto. */
const TYPES: Readonly<Record<number, string>> = {
  1: "float32",
  ...{ 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64", 8: "text", 9: "bool" },
  ...{ 10: "float16", 11: "float64", 16: "bfloat16" },
};

/** The fields of a TensorProto whose content is the elements one after the other, packed or not. */
const PLAIN: readonly number[] = [4, 9, 10];
/** `int32_data`, in which halves lie as their bits. */
const INTEGERS = 5;

/** The parts of a TensorProto that describe its elements. */
interface Head {
  readonly dims: readonly number[];
  readonly type: number;
  /** The entries of `external_data`, if the elements lie in another file. */
  readonly outside: ReadonlyMap<string, string> | undefined;
}

export function onnxFloats(path: string, { start, end }: OnnxStored, beside: Beside): Uint8Array {
  return Pieces.use(path, (pieces) => {
    if (end > pieces.size) fail("invalid-argument", `${path} changed while it was read; try again`);
    const wire = new Wire(pieces);
    const { dims, type, outside } = readHead(wire, start, end);
    const format = floatFormat(TYPES[type] ?? `of type ${type}`);
    const count = product(dims);
    if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 0)
      return fail("invalid-argument", "its sizes are none; export the model again");
    const size = count * format.bytes;
    const bytes = outside ? readOutside(outside, size, beside) : readInside(wire, { start, end }, size);
    return asFloat32(bytes, format);
  });
}

function readHead(wire: Wire, start: number, end: number): Head {
  const dims: number[] = [];
  const entries = new Map<string, string>();
  let [type, location] = [0, 0];
  wire.message(start, end, (field) => {
    if (field.number === 1) wire.integers(field, dims);
    else if (field.number === 2) type = field.value;
    else if (field.number === 13) entries.set(...readEntry(wire, field));
    else if (field.number === 14) location = field.value;
  });
  return { dims, type, outside: location === EXTERNAL ? entries : undefined };
}

function readEntry(wire: Wire, { start, end }: Field): [string, string] {
  let [key, value] = ["", ""];
  wire.message(start, end, (field) => {
    if (field.number === 1) key = wire.text(field);
    else if (field.number === 2) value = wire.text(field);
  });
  return [key, value];
}

function readOutside(entries: ReadonlyMap<string, string>, size: number, beside: Beside): Uint8Array {
  const numberAt = (key: string, otherwise: number): number => {
    const number = Number(entries.get(key) ?? otherwise);
    if (Number.isSafeInteger(number) && number >= 0) return number;
    return fail("invalid-argument", `the ${key} of its data in another file is no position; export the model again`);
  };
  const length = numberAt("length", size);
  if (length !== size) refuseSize(length, size);
  return beside.read(entries.get("location") ?? "", numberAt("offset", 0), size);
}

/** The bytes of the elements, whichever field they lie in. Several fields of one kind follow each other. */
function readInside(wire: Wire, { start, end }: Pick<OnnxStored, "start" | "end">, size: number): Uint8Array {
  // A half of two bytes may lie in one byte as an integer. No other element takes less room than it is wide.
  if (size > 2 * (end - start)) refuseSize(end - start, size);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let filled = 0;
  wire.message(start, end, (field) => {
    if (PLAIN.includes(field.number)) {
      if (filled + field.end - field.start <= size) bytes.set(wire.bytes(field), filled);
      filled += field.end - field.start;
    } else if (field.number === INTEGERS) {
      wire.eachInteger(field, (bits) => {
        if (filled + 2 <= size) view.setUint16(filled, bits, true);
        filled += 2;
      });
    }
  });
  return filled === size ? bytes : refuseSize(filled, size);
}

const refuseSize = (found: number, size: number): never =>
  fail("invalid-argument", `it has ${found} bytes of data where its sizes ask for ${size}; export the model again`);
