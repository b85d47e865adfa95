/** Models that people ship, run whole: their convolutions as kernels make what ONNX Runtime makes of the same inputs. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { HAS_TIME } from "../support/effort.js";
import { count, type NdArray } from "../support/ndArray.js";
import { needs, TIME } from "../support/needs.js";
import { runOnnx } from "../support/onnxRun.js";

interface Recorded {
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
const isHere = existsSync(new URL("expected.json", FOLDER));
const recordings: Readonly<Record<string, Recorded>> = isHere
  ? JSON.parse(readFileSync(new URL("expected.json", FOLDER), "utf8"))
  : {};

/** A model with the targets on which it does not take too long, and how far its outputs may be off. */
interface Model {
  readonly name: string;
  readonly targets: readonly ("js" | "wasm")[];
  readonly slack?: number;
  /** It runs in less than a second. */
  readonly isQuick?: true;
}

const MODELS: readonly Model[] = [
  { name: "bodypix_s16", targets: ["js", "wasm"] },
  { name: "burn_conv_transpose1d", targets: ["js", "wasm"], isQuick: true },
  { name: "burn_conv_transpose2d", targets: ["js", "wasm"], isQuick: true },
  { name: "espcn_subpixel", targets: ["js", "wasm"], isQuick: true },
  { name: "fastestdet", targets: ["wasm"] },
  { name: "mnist_cntk", targets: ["js", "wasm"], isQuick: true },
  { name: "sci_180x320", targets: ["wasm"] },
  { name: "sedgen_unet", targets: ["wasm"] },
  // Sigmoids of about -25, which tell little and move by a hundredth where a sum does by a step of float32.
  { name: "selfie_seg", targets: ["wasm"], slack: 1e-2 },
  { name: "style_mosaic_nc8", targets: ["js", "wasm"] },
  { name: "tract_deconv_group", targets: ["js", "wasm"], isQuick: true },
  { name: "ultraface_slim_simpl", targets: ["wasm"] },
  { name: "waifu2x_upconv7", targets: ["wasm"] },
  { name: "yunet_120x160", targets: ["js", "wasm"], isQuick: true },
];

/** The inputs of the recording: element i of input k. */
const inputsOf = ({ inputs }: Recorded): Readonly<Record<string, NdArray>> =>
  Object.fromEntries(
    inputs.map(({ name, shape }, k) => [
      name,
      { shape, data: Float32Array.from({ length: count(shape) }, (_, i) => ((i * 7919 + 17 * k) % 1009) / 1009 - 0.5) },
    ]),
  );

describe.each(MODELS)("$name", ({ name, targets, slack = 1e-4, isQuick = false }) => {
  it.each(targets)(
    "makes what ONNX Runtime makes of it, in %s",
    { ...needs({ "models beside the repository": isHere, [TIME]: isQuick || HAS_TIME }), timeout: 120_000 },
    async (target) => {
      const recorded = recordings[name] as Recorded;
      const made = await runOnnx(fileURLToPath(new URL(`${name}.onnx`, FOLDER)), inputsOf(recorded), target);
      for (const { name: output, shape, sum, sumAbs, at, values } of recorded.outputs) {
        const { shape: own, data } = made.get(output) as NdArray;
        expect([output, own]).toEqual([output, shape]);
        const scale = values.reduce((most, one) => Math.max(most, Math.abs(one)), 1e-3);
        const off = values.map((one, i) => Math.abs((data[at[i] as number] as number) - one) / scale);
        expect(Math.max(...off), `${output}: samples`).toBeLessThan(slack);
        const total = data.reduce((all, one) => all + one, 0);
        expect(Math.abs(total - sum) / sumAbs, `${output}: sum`).toBeLessThan(slack);
      }
    },
  );
});
