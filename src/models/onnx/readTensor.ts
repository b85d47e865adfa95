/** Reads tensors of an ONNX model: always the shape, and the values if they are few and lie in the file. */
import { MAX_VALUES, product } from "../shapes.js";
import type { OnnxTensor } from "./model.js";
import { type Field, littleEndian, type Wire } from "./wire.js";

/** The `data_location` of values in another file. */
export const EXTERNAL = 1;

/** The layout of elements in `raw_data`, by the type of the tensor. */
const RAW: Readonly<Record<number, readonly [bytes: number, read: (view: DataView, at: number) => number]>> = {
  1: [4, (view, at) => view.getFloat32(at, true)],
  6: [4, (view, at) => view.getInt32(at, true)],
  7: [8, (view, at) => Number(view.getBigInt64(at, true))],
  11: [8, (view, at) => view.getFloat64(at, true)],
};

/** Types whose elements are plain numbers in `int32_data`. Half floats lie there too, but as bits. */
const INTEGERS: readonly number[] = [2, 3, 4, 5, 6, 9];

export function readTensor(wire: Wire, field: Field): OnnxTensor {
  const dims: number[] = [];
  const payload: Field[] = [];
  let [name, type, location] = ["", 0, 0];
  wire.message(field.start, field.end, (inner) => {
    if (inner.number === 1) wire.integers(inner, dims);
    else if (inner.number === 2) type = inner.value;
    else if (inner.number === 8) name = wire.text(inner);
    else if (inner.number === 14) location = inner.value;
    // Only the position of the payload is kept: its content may be gigabytes.
    else if ([4, 5, 7, 9, 10].includes(inner.number) && payload.length <= MAX_VALUES) payload.push(inner);
  });
  const count = product(dims);
  const isSmall = typeof count === "number" && count <= MAX_VALUES && location !== EXTERNAL;
  const values = isSmall ? readValues(wire, type, payload) : undefined;
  const stored = { format: "onnx", start: field.start, end: field.end } as const;
  return { name, dims, type, stored, ...(values?.length === count ? { values } : {}) };
}

function readValues(wire: Wire, type: number, payload: readonly Field[]): readonly number[] {
  const values: number[] = [];
  for (const field of payload) {
    if (values.length > MAX_VALUES || field.end - field.start > 10 * MAX_VALUES) return [];
    const raw = RAW[type];
    if (field.number === 9 && raw && field.kind === "bytes") values.push(...littleEndian(wire.bytes(field), ...raw));
    else if (field.number === 4) wire.floats(field, values);
    else if (field.number === 7 || (field.number === 5 && INTEGERS.includes(type))) wire.integers(field, values);
    else if (field.number === 10) {
      values.push(...littleEndian(wire.bytes(field), 8, (view, at) => view.getFloat64(at, true)));
    }
  }
  return values;
}

/** Reads only the shape of a sparse tensor: no sparse tensor holds sizes or axes. */
export function readSparseTensor(wire: Wire, field: Field): OnnxTensor {
  const dims: number[] = [];
  let [name, type] = ["", 0];
  wire.message(field.start, field.end, (inner) => {
    if (inner.number === 1) ({ name, type } = readTensor(wire, inner));
    else if (inner.number === 3) wire.integers(inner, dims);
  });
  return { name, dims, type };
}
