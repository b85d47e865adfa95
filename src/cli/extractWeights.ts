/**
 * Writes the weights of a model's layers, a file for each tensor. A name from the model becomes a name of a file in
 * letters that every disk takes, and never a path.
 */
import { mkdir } from "node:fs/promises";
import { posix } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { fail, TilewrightError } from "../ir/errors.js";
import { type ModelReport, type WeightName, WeightReader } from "../models/index.js";

/** The file that has a tensor, or else why there is none. */
export interface WrittenWeight {
  readonly file?: string;
  readonly missing?: string;
}

/**
 * Writes what the layers of a report take, and says for each tensor where it is. A file is there as a whole or not at
 * all. Throws `invalid-argument` if the folder cannot be written.
 */
export async function writeWeights(
  model: string,
  { convolutions }: ModelReport,
  folder: string,
): Promise<ReadonlyMap<WeightName, WrittenWeight>> {
  const weights = new WeightReader(model);
  const names = new SafeNames();
  const written = new Map<WeightName, WrittenWeight>();
  // Layers that share a tensor share its file.
  const byPlace = new Map<unknown, WrittenWeight>();
  try {
    await mkdir(folder, { recursive: true });
    for (const weight of convolutions.flatMap(({ weights }) => Object.values<WeightName>({ ...weights }))) {
      const place = weight.stored ?? weight;
      const done = byPlace.get(place) ?? (await writeOne(weights, weight, folder, names));
      byPlace.set(place, done);
      written.set(weight, done);
    }
  } catch (error) {
    const { code, path = folder } = error as NodeJS.ErrnoException;
    if (error instanceof TilewrightError || code === undefined) throw error;
    fail("invalid-argument", `${path} cannot be written (${code}); give --weights a folder of yours`);
  }
  return written;
}

async function writeOne(
  weights: WeightReader,
  weight: WeightName,
  folder: string,
  names: SafeNames,
): Promise<WrittenWeight> {
  const bytes = bytesOr(weights, weight);
  if ("missing" in bytes) return bytes;
  const file = posix.join(folder.replaceAll("\\", "/"), `${names.for(weight.name)}.bin`);
  await writeFileAtomic(file, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { fsync: false });
  return { file };
}

function bytesOr(weights: WeightReader, weight: WeightName): Uint8Array | { readonly missing: string } {
  try {
    return weights.bytesOf(weight);
  } catch (error) {
    if (error instanceof TilewrightError && error.code === "invalid-argument") return { missing: error.message };
    throw error;
  }
}

/** The most characters that are kept of a name: its end, which tells tensors apart. */
const MAX_NAME = 80;
/** Names of devices on Windows, with any extension. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d|conin|conout)(\.|$)/i;

/** Gives each name once, also where a disk holds capitals and small letters for one. */
class SafeNames {
  private readonly taken = new Set<string>();

  for(name: string): string {
    const plain = name
      .replace(/[^A-Za-z0-9_.-]+/g, "_")
      .slice(-MAX_NAME)
      .replace(/^[.-]+/, "");
    const safe = plain === "" || DEVICE.test(plain) ? `_${plain}` : plain;
    let free = safe;
    for (let i = 2; this.taken.has(free.toLowerCase()); i++) free = `${safe}_${i}`;
    this.taken.add(free.toLowerCase());
    return free;
  }
}
