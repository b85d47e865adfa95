/**
 * From shorthand to formula: each op of the library that is no convolution is a function from its attributes to lines
 * of index notation.
 *
 * Adding an op means a function here, its type in ir/ops/shorthandSpec.ts, and the names of its tensors in
 * runtime/shorthandNames.ts.
 */
import { readFormula } from "../formula/spec.js";
import { fail, reading, show } from "../ir/errors.js";
import type { FormulaSpec } from "../ir/ops/formulaSpec.js";
import { SHORTHANDS, type ShorthandSpec } from "../ir/ops/shorthandSpec.js";
import { ACTIVATE, activate, byElement, ELEMENTWISE } from "./elementwise.js";
import { SpecFields } from "./fields.js";
import { PAD, PIXEL_SHUFFLE, pad, pixelShuffle } from "./moves.js";
import { BATCH_NORM, batchNorm, LAYER_NORM, layerNorm, SOFTMAX, softmax } from "./norms.js";
import { AVERAGE_POOL, averagePool, MAX_POOL, maxPool } from "./pools.js";
import { DENSE, dense, MATMUL, matmul } from "./products.js";
import { REDUCED, reduction } from "./reductions.js";
import { RESIZE, resize } from "./resize.js";

interface Shorthand {
  readonly fields: readonly string[];
  readonly expand: (fields: SpecFields) => FormulaSpec;
}

const TABLE: Readonly<Record<ShorthandSpec["op"], Shorthand>> = {
  matmul: { fields: MATMUL, expand: matmul },
  dense: { fields: DENSE, expand: dense },
  maxPool: { fields: MAX_POOL, expand: maxPool },
  averagePool: { fields: AVERAGE_POOL, expand: averagePool },
  softmax: { fields: SOFTMAX, expand: softmax },
  layerNorm: { fields: LAYER_NORM, expand: layerNorm },
  batchNorm: { fields: BATCH_NORM, expand: batchNorm },
  resize: { fields: RESIZE, expand: resize },
  pixelShuffle: { fields: PIXEL_SHUFFLE, expand: pixelShuffle },
  pad: { fields: PAD, expand: pad },
  add: { fields: ELEMENTWISE, expand: byElement },
  subtract: { fields: ELEMENTWISE, expand: byElement },
  multiply: { fields: ELEMENTWISE, expand: byElement },
  divide: { fields: ELEMENTWISE, expand: byElement },
  maximum: { fields: ELEMENTWISE, expand: byElement },
  minimum: { fields: ELEMENTWISE, expand: byElement },
  activate: { fields: ACTIVATE, expand: activate },
  reduceSum: { fields: REDUCED, expand: reduction },
  reduceMean: { fields: REDUCED, expand: reduction },
  reduceMax: { fields: REDUCED, expand: reduction },
  reduceMin: { fields: REDUCED, expand: reduction },
};

/**
 * The formula that a shorthand stands for, read and checked.
 * @throws TilewrightError `invalid-spec`, `invalid-shape`, `too-large`
 */
export const readShorthand = (given: ShorthandSpec): FormulaSpec =>
  reading("a spec", () => readFormula(expanded({ ...given })), "invalid-spec");

function expanded(given: Readonly<Record<string, unknown>>): FormulaSpec {
  const op = SHORTHANDS.find((one) => one === given.op);
  if (op === undefined)
    return fail("invalid-spec", `op must be one of ${SHORTHANDS.join(", ")}; got ${show(given.op)}`);
  const { fields, expand } = TABLE[op];
  return expand(new SpecFields(given, fields));
}
