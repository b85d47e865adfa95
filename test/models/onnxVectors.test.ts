/** Recorded results of ONNX Runtime and of ONNX's own tests: a convolution that gets a spec means what the spec means. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { OpSpec } from "../../src/ir/ops/spec.js";
import { interpret } from "../../src/runtime/calls.js";
import { needs } from "../support/needs.js";
import type { OnnxAttribute } from "../support/onnxModel.js";
import type { RecordedCall, RecordedTensor } from "../support/vectors.js";
import { onlyOne, readOnnxFile } from "./support.js";

type Call = RecordedCall<Readonly<Record<string, unknown>>>;

const FOLDER = new URL("../../../shared/vectors/", import.meta.url);
const SUITES: readonly (readonly [string, number])[] = [
  ["live/ort.json", 1],
  ["published/onnx_backend.json", 5],
  ["published/ort_cpp.json", 10],
  ["published/ort_web.json", 10],
];

const OPS: Readonly<Record<string, string>> = { conv2d: "Conv", conv_transpose2d: "ConvTranspose" };

/** Tensors are recorded in ONNX's own layout, unless the case says otherwise. */
const isPlain = ({ attrs }: Call): boolean => !("inputLayout" in attrs) && !("activation" in attrs);

const specOf = async ({ op, attrs, input, filter, bias }: Call): Promise<OpSpec | readonly string[]> =>
  onlyOne(
    await readOnnxFile({
      inputs: { x: input.shape },
      initializers: { w: { dims: filter.shape }, ...(bias ? { b: { dims: bias.shape } } : {}) },
      nodes: [
        {
          ...{ op: OPS[op] as string, inputs: ["x", "w", ...(bias ? ["b"] : [])], outputs: ["y"] },
          attributes: attrs as Record<string, OnnxAttribute>,
        },
      ],
      outputs: { y: null },
    }),
  );

/** Elements in the order of other axes. */
function permuted({ shape, data }: Pick<RecordedTensor, "shape" | "data">, order: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  let offsets = [0];
  for (const axis of order) {
    const steps = Array.from({ length: shape[axis] as number }, (_, i) => i * (strides[axis] as number));
    offsets = offsets.flatMap((offset) => steps.map((step) => offset + step));
  }
  return Float32Array.from(offsets, (offset) => data[offset] as number);
}

/** A signal is an image of one row. */
const asImage = ({ shape, data }: RecordedTensor): Pick<RecordedTensor, "shape" | "data"> =>
  shape.length === 4
    ? { shape, data }
    : { shape: [shape[0] as number, shape[1] as number, 1, shape[2] as number], data };

describe.each(SUITES)("%s", needs({ "recordings beside the repository": existsSync(FOLDER) }), (file, least) => {
  const { vectors } = JSON.parse(existsSync(FOLDER) ? readFileSync(new URL(file, FOLDER), "utf8") : '{"vectors":[]}');

  it("is what the specs compute", async () => {
    const missing: string[] = [];
    let covered = 0;
    for (const call of (vectors as Call[]).filter(isPlain)) {
      const spec = await specOf(call);
      if (!("op" in spec)) {
        missing.push(...spec);
        continue;
      }
      covered++;
      const value = permuted(asImage(call.input), [0, 2, 3, 1]);
      const filters = permuted(asImage(call.filter), call.op === "conv2d" ? [2, 3, 1, 0] : [2, 3, 1, 0]);
      const bias = call.bias ? Float32Array.from(call.bias.data) : undefined;
      const result = Float32Array.from(interpret(spec, value, filters, bias));
      const expected = permuted(asImage(call.expected), [0, 2, 3, 1]);
      expect(result.length, call.name).toBe(expected.length);
      const scale = Math.max(1, ...expected.map(Math.abs));
      const off = Math.max(0, ...result.map((x, i) => Math.abs(x - (expected[i] as number))));
      expect(off / scale, `${call.name} as ${JSON.stringify(spec)}`).toBeLessThan(1e-5);
    }
    console.log(`${file}: ${covered} of ${vectors.length} are specs`);
    expect(covered).toBeGreaterThanOrEqual(least);
    // Where there is none, an attribute says why, or a size of 0, and never an unknown shape.
    const known =
      /^(strides|group|dilations|pads|auto_pad|output_shape|a 3-D|the input's shape: dimension x\.0 is free)/;
    expect(missing.filter((why) => !known.test(why))).toEqual([]);
  });
});
