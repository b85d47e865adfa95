/** Models that people ship, run whole: their convolutions as kernels make what ONNX Runtime makes of the same inputs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compile, type FamilySpec, type Kernel } from "tilewright";
import { describe, expect, it } from "vitest";
import { tilewright } from "../support/commands.js";
import { HAS_TIME } from "../support/effort.js";
import { newFolder } from "../support/folder.js";
import type { NdArray } from "../support/ndArray.js";
import { needs, TIME } from "../support/needs.js";
import { runOnnx } from "../support/onnxRun.js";
import {
  expectRecorded,
  inputsOf,
  isHere,
  pathOf,
  RECORDED_MODELS,
  type Recorded,
  recordings,
} from "../support/recordedModels.js";

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

describe.each(MODELS)("$name", ({ name, targets, slack = 1e-4, isQuick = false }) => {
  it.each(targets)(
    "makes what ONNX Runtime makes of it, in %s",
    { ...needs({ [RECORDED_MODELS]: isHere, [TIME]: isQuick || HAS_TIME }), timeout: 120_000 },
    async (target) => {
      const recorded = recordings[name] as Recorded;
      const made = await runOnnx(pathOf(name), inputsOf(recorded), target);
      for (const output of recorded.outputs) expectRecorded(output, made.get(output.name) as NdArray, slack);
    },
  );
});

/** Models of one layer, whose outputs are the layer's. */
describe.each(["burn_conv_transpose1d", "burn_conv_transpose2d", "tract_deconv_group"])("the layer of %s", (name) => {
  it(
    "is run on the files that extract writes, and makes what ONNX Runtime makes",
    needs({ [RECORDED_MODELS]: isHere }),
    async () => {
      const { out } = await tilewright(["extract", pathOf(name), "--weights", join(newFolder(), "weights"), "--json"]);
      const [{ spec, weights }, ...more] = JSON.parse(out).convolutions;
      expect(more).toEqual([]);
      const [filters, bias] = [weights.filters, weights.bias].map(
        (weight) => weight && new Float32Array(Uint8Array.from(readFileSync(weight.file)).buffer),
      );
      const layer = (await compile(spec as FamilySpec)) as Kernel;
      const recorded = recordings[name] as Recorded;
      const [image] = Object.values(inputsOf(recorded)) as [NdArray];
      const data = await layer.run(Float32Array.from(image.data), layer.prepare(filters, bias));
      const [output] = recorded.outputs as [Recorded["outputs"][number]];
      expectRecorded(output, { shape: layer.outputShape, data: Float32Array.from(data) }, 1e-5);
      layer.dispose();
    },
  );
});
