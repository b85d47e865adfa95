/** Models that people ship, beside the repository, with what ONNX Runtime makes of them. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { count, type NdArray } from "./ndArray.js";

export interface Recorded {
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly outputs: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly sum: number;
    readonly sumAbs: number;
    readonly at: readonly number[];
    readonly values: readonly number[];
  }[];
}

const FOLDER = new URL("../../../shared/models/", import.meta.url);
/** What tests need that run them. */
export const RECORDED_MODELS = "models beside the repository";
export const isHere = existsSync(new URL("expected.json", FOLDER));
export const recordings: Readonly<Record<string, Recorded>> = isHere
  ? JSON.parse(readFileSync(new URL("expected.json", FOLDER), "utf8"))
  : {};

export const pathOf = (name: string): string => fileURLToPath(new URL(`${name}.onnx`, FOLDER));

/** The inputs of the recording: element i of input k. */
export const inputsOf = ({ inputs }: Recorded): Readonly<Record<string, NdArray>> =>
  Object.fromEntries(
    inputs.map(({ name, shape }, k) => [
      name,
      { shape, data: Float32Array.from({ length: count(shape) }, (_, i) => ((i * 7919 + 17 * k) % 1009) / 1009 - 0.5) },
    ]),
  );

/** Holds an output to what was recorded of it: some values, and the sum of all. */
export function expectRecorded(
  { name, shape, sum, sumAbs, at, values }: Recorded["outputs"][number],
  { shape: own, data }: NdArray,
  slack: number,
): void {
  expect([name, own]).toEqual([name, shape]);
  const scale = values.reduce((most, one) => Math.max(most, Math.abs(one)), 1e-3);
  const off = values.map((one, i) => Math.abs((data[at[i] as number] as number) - one) / scale);
  expect(Math.max(...off), `${name}: samples`).toBeLessThan(slack);
  const total = data.reduce((all, one) => all + one, 0);
  expect(Math.abs(total - sum) / sumAbs, `${name}: sum`).toBeLessThan(slack);
}
