/**
 * Reads the constants of a graph model: all shapes from its manifest, and the values of small constants (paddings,
 * axes, sizes) from the weight files beside it. If these files are missing, only the values are unknown.
 */
import { TilewrightError } from "../../ir/errors.js";
import { pathBeside } from "../beside.js";
import { Pieces } from "../pieces.js";
import { type Info, MAX_VALUES, product } from "../shapes.js";
import type { StoredTensor } from "../stored.js";
import { withValues } from "../values.js";
import type { TfjsManifest } from "./json.js";

type ManifestGroup = TfjsManifest[number];
type ManifestWeight = ManifestGroup["weights"][number];

const BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  float16: 2,
  uint16: 2,
  uint8: 1,
  bool: 1,
  complex64: 8,
};

export function readWeights(manifest: TfjsManifest, modelPath: string): ReadonlyMap<string, Info> {
  const infos = new Map<string, Info>();
  for (const group of manifest) {
    for (const { name, shape } of group.weights) infos.set(name, { shape });
    const placed = placedOnes(group);
    for (const { weight, start } of placed)
      infos.set(weight.name, { shape: weight.shape, stored: storedAt(group, weight, start) });
    const small = placed.flatMap((one) => smallOne(one) ?? []);
    readShards(group, modelPath, small);
    for (const { weight, bytes, filled } of small) {
      if (filled === bytes.length) infos.set(weight.name, withValues(weight.shape, integersOf(bytes)));
    }
  }
  return infos;
}

/** A constant with its position in the files of the group, joined end to end. */
interface PlacedWeight {
  readonly weight: ManifestWeight;
  readonly start: number;
  readonly count: number;
}

/** A constant that may be sizes. */
interface Small extends PlacedWeight {
  readonly bytes: Uint8Array;
  /** The bytes that have been read. */
  filled: number;
}

function placedOnes({ weights }: ManifestGroup): readonly PlacedWeight[] {
  const placed: PlacedWeight[] = [];
  let start = 0;
  for (const weight of weights) {
    const count = product(weight.shape);
    const bytes = BYTES[weight.quantization?.dtype ?? weight.dtype];
    // The position of a weight is unknown behind a weight of unknown length, such as text.
    if (bytes === undefined || typeof count !== "number") break;
    placed.push({ weight, start, count });
    start += bytes * count;
  }
  return placed;
}

const storedAt = (
  { paths }: ManifestGroup,
  { shape, dtype, quantization }: ManifestWeight,
  start: number,
): StoredTensor => ({
  ...{ format: "tfjs", files: paths, start, shape },
  type: quantization?.dtype ?? dtype,
});

function smallOne(placed: PlacedWeight): Small | undefined {
  const { weight, count } = placed;
  if (weight.dtype !== "int32" || weight.quantization !== undefined || count > MAX_VALUES) return undefined;
  return { ...placed, bytes: new Uint8Array(4 * count), filled: 0 };
}

/** Reads the bytes of small constants. These lie in the order of the files, so each file is opened once. */
function readShards({ paths }: ManifestGroup, model: string, small: readonly Small[]): void {
  let [start, next] = [0, 0];
  for (const path of paths) {
    if (next === small.length) return;
    const file = pathBeside(model, path);
    if (file === undefined) return;
    const end = whereThere(file, (pieces) => {
      const last = start + pieces.size;
      for (let one = small[next]; one !== undefined && one.start < last; one = small[++next]) {
        const at = one.start + one.filled;
        const here = Math.min(one.bytes.length - one.filled, last - at);
        one.bytes.set(pieces.bytes(at - start, here), one.filled);
        one.filled += here;
        if (one.filled < one.bytes.length) break;
      }
      return last;
    });
    if (end === undefined) return;
    start = end;
  }
}

function integersOf(bytes: Uint8Array): readonly number[] {
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(4 * i, true));
}

function whereThere<T>(path: string, use: (pieces: Pieces) => T): T | undefined {
  try {
    return Pieces.use(path, use);
  } catch (error) {
    if (error instanceof TilewrightError) return undefined;
    throw error;
  }
}
