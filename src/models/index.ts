/**
 * The convolutions that a model needs, as specs: read from an ONNX file or the model.json of a TensorFlow.js graph model.
 * Weights are not read. Files are taken for untrusted: whatever is in them, the answer is a report or one sentence.
 */
import { fail, show } from "../ir/errors.js";
import { readOnnx } from "./onnx/index.js";
import { Pieces } from "./pieces.js";
import type { Dims, ModelReport } from "./report.js";
import { readTfjs } from "./tfjs/index.js";

export type { Dims, ModelReport } from "./report.js";

/** @param dims sizes for dimensions that the model leaves free, by the names that the report gives them */
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

/** JSON begins with a brace, with which no ONNX model can begin. */
async function isJson(pieces: Pieces): Promise<boolean> {
  const start = new TextDecoder().decode(await pieces.bytes(0, Math.min(64, pieces.size)));
  return /^\uFEFF?\s*\{/.test(start);
}
