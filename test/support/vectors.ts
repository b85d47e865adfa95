/** Recorded cases: one JSON file per suite in test/vectors, tensors as { shape, dtype, data }. */
import { existsSync, readFileSync } from "node:fs";
import type { Tensor } from "tilewright";
import type { Shape4 } from "../../src/ir/ops/spec.js";

export interface RecordedTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly data: readonly number[];
}

/** One recorded call with its result. */
export interface RecordedCall<Attributes> {
  readonly name: string;
  readonly op: string;
  readonly attrs: Attributes;
  readonly input: RecordedTensor;
  readonly filter: RecordedTensor;
  readonly bias: RecordedTensor | null;
  readonly expected: RecordedTensor;
}

export function recorded<Case>(file: string): readonly Case[] {
  const { vectors, count } = JSON.parse(readFileSync(new URL(`../vectors/${file}`, import.meta.url), "utf8"));
  if (vectors.length !== count) throw new Error(`${file} says it holds ${count} vectors and holds ${vectors.length}`);
  return vectors as readonly Case[];
}

export const tensorOf = ({ shape, data }: RecordedTensor): Tensor => ({ shape, data: Float32Array.from(data) });

export const shape4 = ({ shape }: RecordedTensor): Shape4 => shape as unknown as Shape4;

/** Where recordings lie that are not copied into this tree. */
const SHARED = new URL("../../../shared/vectors/", import.meta.url);

/** Recorded cases that are not copied into this tree; undefined where there are none. */
export function sharedCases<Case>(file: string): readonly Case[] | undefined {
  const url = new URL(file, SHARED);
  return existsSync(url) ? JSON.parse(readFileSync(url, "utf8")).vectors : undefined;
}
