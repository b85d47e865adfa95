/** Reads the floats of a constant from the weight files beside a model.json. */
import { fail } from "../../ir/errors.js";
import type { Beside } from "../beside.js";
import { asFloat32, floatFormat } from "../floats.js";
import { product } from "../shapes.js";
import type { TfjsStored } from "../stored.js";

export function tfjsFloats({ files, start, shape, type }: TfjsStored, beside: Beside): Uint8Array {
  const format = floatFormat(type);
  const size = (product(shape) as number) * format.bytes;
  const sizes = beside.sizesOf(files);
  const all = sizes.reduce((sum, one) => sum + one, 0);
  if (start + size > all)
    fail("invalid-argument", `its weight files end at byte ${all}, and it at ${start + size}; copy them again`);
  const bytes = new Uint8Array(size);
  let before = 0;
  for (let i = 0; i < files.length && before < start + size; i++) {
    const end = before + (sizes[i] as number);
    const [from, to] = [Math.max(start, before), Math.min(start + size, end)];
    if (from < to) bytes.set(beside.read(files[i] as string, from - before, to - from), from - start);
    before = end;
  }
  return asFloat32(bytes, format);
}
