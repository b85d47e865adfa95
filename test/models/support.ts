/** Models as files, and reports as short text. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FamilySpec } from "../../src/ir/ops/familySpec.js";
import type { OpSpec, Spec } from "../../src/ir/ops/spec.js";
import { isFamily } from "../../src/ir/ops/specKind.js";
import { kernelName } from "../../src/ir/ops/specName.js";
import { specRow } from "../../src/ir/ops/specRow.js";
import { type Dims, type ModelReport, readModel } from "../../src/models/index.js";
import { checkFamily } from "../../src/ops/check.js";
import { denseOp } from "../../src/ops/denseOp.js";
import { newFolder } from "../support/folder.js";
import { type OnnxFile, onnxModel } from "../support/onnxModel.js";
import { type TfjsFile, tfjsModel, writeTfjsModel } from "../support/tfjsModel.js";

const folder = newFolder();

export function fileOf(content: string | Uint8Array, name = "model.onnx"): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

export const readOnnxFile = (model: OnnxFile, dims: Dims = {}): Promise<ModelReport> =>
  readModel(fileOf(onnxModel(model)), dims);

/**
 * The name of a dense convolution of stride 1, whatever its layouts are: with them it has a fingerprint for a name. Of
 * others the row.
 */
export function textOf(spec: Spec): string {
  if (!isFamily(spec)) return kernelName(spec);
  const dense = denseOp(checkFamily({ ...spec }));
  return dense === undefined ? specRow(spec) : kernelName(dense);
}

/** `node: spec` or `node: what is missing`. */
export const linesOf = ({ convolutions, uncovered }: ModelReport): string[] => [
  ...convolutions.map(({ node, spec }) => `${node}: ${textOf(spec)}`),
  ...uncovered.map(({ node, missing }) => `${node}: ${missing.join(" | ")}`),
];

/** Its only convolution's spec, or what is missing. */
export function onlyOne(report: ModelReport): OpSpec | FamilySpec | readonly string[] {
  const found = [...report.convolutions.map(({ spec }) => spec), ...report.uncovered.map(({ missing }) => missing)];
  if (found.length !== 1) throw new Error(`expected one convolution: ${JSON.stringify(report)}`);
  return found[0] as OpSpec | FamilySpec | readonly string[];
}

/** A folder of its own for each model, since all weight files have one name. */
export function readTfjsFile(model: TfjsFile, dims: Dims = {}): Promise<ModelReport> {
  return readModel(writeTfjsModel(newFolder(), tfjsModel(model)), dims);
}
