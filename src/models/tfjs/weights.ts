/**
 * Reads the constants of a graph model: all shapes from its manifest, and the values of small constants (paddings,
 * axes, sizes) from the weight files beside it. If these files are missing, only the values are unknown.
 */
import { dirname, join, posix } from "node:path";
import { TilewrightError } from "../../ir/errors.js";
import { Pieces } from "../pieces.js";
import { type Info, MAX_VALUES, product } from "../shapes.js";
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
    const small = smallOnes(group);
    readShards(group, dirname(modelPath), small);
    for (const { weight, bytes, filled } of small) {
      if (filled === bytes.length) infos.set(weight.name, withValues(weight.shape, integersOf(bytes)));
    }
  }
  return infos;
}

/** A constant that may be sizes, with its position in the files of the group, joined end to end. */
interface Small {
  readonly weight: ManifestWeight;
  readonly start: number;
  readonly bytes: Uint8Array;
  /** The bytes that have been read. */
  filled: number;
}

function smallOnes({ weights }: ManifestGroup): readonly Small[] {
  const small: Small[] = [];
  let start = 0;
  for (const weight of weights) {
    const count = product(weight.shape);
    const bytes = BYTES[weight.quantization?.dtype ?? weight.dtype];
    // The position of a weight is unknown behind a weight of unknown length, such as text.
    if (bytes === undefined || typeof count !== "number") break;
    if (weight.dtype === "int32" && weight.quantization === undefined && count <= MAX_VALUES)
      small.push({ weight, start, bytes: new Uint8Array(bytes * count), filled: 0 });
    start += bytes * count;
  }
  return small;
}

/** Reads the bytes of small constants. These lie in the order of the files, so each file is opened once. */
function readShards({ paths }: ManifestGroup, folder: string, small: readonly Small[]): void {
  let [start, next] = [0, 0];
  for (const path of paths) {
    if (next === small.length) return;
    // A model may only name files in its own folder.
    const plain = posix.normalize(path);
    if (plain.startsWith("..") || posix.isAbsolute(plain) || /[\\:\0]/.test(plain)) return;
    const end = whereThere(join(folder, plain), (pieces) => {
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
