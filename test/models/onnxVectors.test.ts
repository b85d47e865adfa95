/** Recorded results of ONNX Runtime and of ONNX's own tests: a convolution that gets a spec means what the spec means. */
import { existsSync, readFileSync } from "node:fs";
import { compile, type FamilySpec } from "tilewright";
import { describe, expect, it } from "vitest";
import type { OpSpec } from "../../src/ir/ops/spec.js";
import { isFamily } from "../../src/ir/ops/specKind.js";
import { needs } from "../support/needs.js";
import type { OnnxAttribute } from "../support/onnxModel.js";
import type { RecordedCall, RecordedTensor } from "../support/vectors.js";
import { onlyOne, readOnnxFile } from "./support.js";

type Call = RecordedCall<Readonly<Record<string, unknown>>>;

const FOLDER = new URL("../../../shared/vectors/", import.meta.url);
/** Each with the number of calls that are no specs: of sizes that are 0, for a model's size of 0 is a free one. */
const SUITES: readonly (readonly [string, number])[] = [
  ["live/ort.json", 0],
  ["published/onnx_backend.json", 0],
  ["published/ort_cpp.json", 2],
  ["published/ort_web.json", 0],
];

const OPS: Readonly<Record<string, string>> = { conv2d: "Conv", conv_transpose2d: "ConvTranspose" };

/** Tensors are recorded in ONNX's own layout, unless the case says otherwise. */
const isPlain = ({ attrs }: Call): boolean => !("inputLayout" in attrs) && !("activation" in attrs);

const specOf = async ({ op, attrs, input, filter, bias }: Call): Promise<OpSpec | FamilySpec | readonly string[]> =>
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

/** Weights and pictures as the spec takes them: of the family, as the model has them. */
const inOrderOf = (spec: OpSpec | FamilySpec, tensor: RecordedTensor, order: readonly number[]): Float32Array =>
  isFamily(spec) ? Float32Array.from(tensor.data) : permuted(asImage(tensor), order);

async function expectRecorded(spec: OpSpec | FamilySpec, call: Call, target: "js" | "wasm"): Promise<void> {
  const kernel = await compile(spec as OpSpec, { target });
  const bias = call.bias ? Float32Array.from(call.bias.data) : undefined;
  const weights = kernel.prepare(inOrderOf(spec, call.filter, [2, 3, 1, 0]), bias);
  const result = await kernel.run(inOrderOf(spec, call.input, [0, 2, 3, 1]), weights);
  const expected = inOrderOf(spec, call.expected, [0, 2, 3, 1]);
  expect(result.length, call.name).toBe(expected.length);
  const scale = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
  const off = expected.reduce((most, x, i) => Math.max(most, Math.abs(x - (result[i] as number))), 0);
  expect(off / scale, `${call.name} as ${JSON.stringify(spec)}`).toBeLessThan(1e-5);
  kernel.dispose();
}

describe.each(SUITES)("%s", needs({ "recordings beside the repository": existsSync(FOLDER) }), (file, empty) => {
  const { vectors } = JSON.parse(existsSync(FOLDER) ? readFileSync(new URL(file, FOLDER), "utf8") : '{"vectors":[]}');

  it.each(["js", "wasm"] as const)("is what the specs compute in %s", async (target) => {
    const missing: string[] = [];
    for (const call of (vectors as Call[]).filter(isPlain)) {
      const spec = await specOf(call);
      if ("op" in spec) await expectRecorded(spec, call, target);
      else missing.push(`${call.name}: ${spec.join("; ")}`);
    }
    expect(missing, missing.join("\n")).toHaveLength(empty);
  });
});
