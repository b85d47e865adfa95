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
type Weight = ManifestGroup["weights"][number];

const BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  float16: 2,
  uint16: 2,
  uint8: 1,
  bool: 1,
  complex64: 8,
};

export async function readWeights(manifest: TfjsManifest, modelPath: string): Promise<ReadonlyMap<string, Info>> {
  const infos = new Map<string, Info>();
  for (const group of manifest) {
    for (const { name, shape } of group.weights) infos.set(name, { shape });
    const small = smallOnes(group);
    if (small.length === 0) continue;
    const shards = await shardsOf(group, dirname(modelPath));
    for (const { weight, count, start } of small) {
      const values = await readIntegers(shards, start, count);
      infos.set(weight.name, withValues(weight.shape, values));
    }
  }
  return infos;
}

/** The constants that may be sizes, with their positions in the files of the group, joined end to end. */
function smallOnes({ weights }: ManifestGroup): readonly { weight: Weight; count: number; start: number }[] {
  const small: { weight: Weight; count: number; start: number }[] = [];
  let start = 0;
  for (const weight of weights) {
    const count = product(weight.shape);
    const bytes = BYTES[weight.quantization?.dtype ?? weight.dtype];
    // The position of a weight is unknown behind a weight of unknown length, such as text.
    if (bytes === undefined || typeof count !== "number") break;
    if (weight.dtype === "int32" && weight.quantization === undefined && count <= MAX_VALUES)
      small.push({ weight, count, start });
    start += bytes * count;
  }
  return small;
}

interface Shard {
  readonly path: string;
  readonly start: number;
  readonly size: number;
}

async function shardsOf({ paths }: ManifestGroup, folder: string): Promise<readonly Shard[]> {
  const shards: Shard[] = [];
  let start = 0;
  for (const path of paths) {
    // A model may only name files in its own folder.
    const plain = posix.normalize(path);
    if (plain.startsWith("..") || posix.isAbsolute(plain) || /[\\:\0]/.test(plain)) break;
    const size = await whereThere(join(folder, plain), async (pieces) => pieces.size);
    if (size === undefined) break;
    shards.push({ path: join(folder, plain), start, size });
    start += size;
  }
  return shards;
}

async function readIntegers(
  shards: readonly Shard[],
  start: number,
  count: number,
): Promise<readonly number[] | undefined> {
  const bytes = new Uint8Array(4 * count);
  let filled = 0;
  for (const shard of shards) {
    const at = start + filled - shard.start;
    const here = Math.min(bytes.length - filled, shard.size - at);
    if (at < 0 || here <= 0) continue;
    const part = await whereThere(shard.path, (pieces) => pieces.bytes(at, here));
    if (part === undefined) return undefined;
    bytes.set(part, filled);
    filled += part.length;
  }
  if (filled < bytes.length) return undefined;
  const view = new DataView(bytes.buffer);
  return Array.from({ length: count }, (_, i) => view.getInt32(4 * i, true));
}

async function whereThere<T>(path: string, use: (pieces: Pieces) => Promise<T>): Promise<T | undefined> {
  try {
    return await Pieces.use(path, use);
  } catch (error) {
    if (error instanceof TilewrightError) return undefined;
    throw error;
  }
}
