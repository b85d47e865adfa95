/**
 * Reads the convolutions that a model needs, as specs, from an ONNX file or the model.json of a TensorFlow.js graph
 * model. Large weights are not read. Files are not trusted: for any content the answer is a report or an error of one
 * sentence.
 */
import { fail, show } from "../ir/errors.js";
import { readOnnx } from "./onnx/index.js";
import { Pieces } from "./pieces.js";
import type { Dims, ModelReport } from "./report.js";
import { readTfjs } from "./tfjs/index.js";

export type { Dims, ModelReport } from "./report.js";

/** @param dims sizes of dimensions that the model leaves free, by the names that the report uses */
export async function readModel(path: string, dims: Dims = {}): Promise<ModelReport> {
  for (const [name, size] of Object.entries(dims)) {
    if (!Number.isSafeInteger(size) || size < 1) {
      fail("invalid-argument", `dimension ${name} takes an integer >= 1; got ${show(size)}`);
    }
  }
  return Pieces.use(path, async (pieces) => {
    if (await isJson(pieces)) return readTfjs(pieces, dims);
    if (/\.json$/i.test(path)) fail("invalid-argument", `${path} is no model.json: it does not begin with a brace`);
    return readOnnx(pieces, dims);
  });
}

/** True if the file begins with a brace, as JSON does. No ONNX model can begin with a brace. */
async function isJson(pieces: Pieces): Promise<boolean> {
  const start = new TextDecoder().decode(await pieces.bytes(0, Math.min(64, pieces.size)));
  return /^\uFEFF?\s*\{/.test(start);
}
