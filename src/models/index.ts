/**
 * Reads the convolutions that a model needs, as specs, from an ONNX file or the model.json of a TensorFlow.js graph
 * model. Large weights are not read. Files are not trusted: for any content the answer is a report or an error of one
 * sentence.
 */
import { fail, show } from "../ir/errors.js";
import { MAX_DIMENSIONS } from "../ir/size.js";
import { checkFormat, isJson } from "./format.js";
import type { Dims, StatedShapes } from "./given.js";
import { readOnnx } from "./onnx/index.js";
import { Pieces } from "./pieces.js";
import type { ModelReport } from "./report.js";
import { readTfjs } from "./tfjs/index.js";

export type { Dims, StatedShapes } from "./given.js";
export { type Convolution, legible, type ModelReport, type WeightName, whyNone } from "./report.js";
export { WeightReader } from "./weights.js";

/**
 * @param dims sizes of dimensions that the model leaves free, by the names that the report uses
 * @param shapes shapes of tensors whose shapes are lost on the way, by name and in the layout of the model
 */
export async function readModel(path: string, dims: Dims = {}, shapes: StatedShapes = {}): Promise<ModelReport> {
  for (const [name, size] of Object.entries(dims)) {
    if (!isSize(size)) fail("invalid-argument", `dimension ${name} takes an integer >= 1; got ${show(size)}`);
  }
  for (const [name, shape] of Object.entries(shapes)) {
    if (!Array.isArray(shape) || shape.length > MAX_DIMENSIONS || !shape.every(isSize))
      fail("invalid-argument", `the shape of ${name} takes up to ${MAX_DIMENSIONS} integers >= 1; got ${show(shape)}`);
  }
  const given = { dims: new Map(Object.entries(dims)), shapes: new Map(Object.entries(shapes)) };
  return Pieces.use(path, (pieces) => {
    checkFormat(pieces);
    return isJson(pieces) ? readTfjs(pieces, given) : readOnnx(pieces, given);
  });
}

const isSize = (size: unknown): boolean => Number.isSafeInteger(size) && (size as number) >= 1;
