/**
 * Runs whole ONNX models: their convolutions as kernels of the specs and on the weights that the reader finds, and
 * around these the few ops that small networks have, written as plainly as can be.
 */
import { readFileSync } from "node:fs";
import { compile, type FamilySpec, type Kernel } from "tilewright";
import type { OpSpec } from "../../src/ir/ops/spec.js";
import { kernelName } from "../../src/ir/ops/specName.js";
import { type ModelReport, readModel, type WeightName, WeightReader } from "../../src/models/index.js";
import type { NdArray } from "./ndArray.js";
import { type DecodedNode, type DecodedTensor, decodeOnnx } from "./onnxModel.js";
import { OPS } from "./onnxOps.js";

type Target = "js" | "wasm";

/** What the model makes of its inputs, by the names of its outputs. */
export async function runOnnx(
  path: string,
  inputs: Readonly<Record<string, NdArray>>,
  target: Target,
): Promise<ReadonlyMap<string, NdArray>> {
  const { graph } = decodeOnnx(readFileSync(path));
  const report = await readModel(path, await dimsOf(path, graph.input, inputs));
  if (report.uncovered.length > 0) throw new Error(`not covered: ${JSON.stringify(report.uncovered)}`);
  const kernels = new Kernels(report, new WeightReader(path), target);
  const tensors = new Map<string, NdArray>(graph.initializer.map((one) => [one.name, arrayOf(one)]));
  for (const [name, tensor] of Object.entries(inputs)) tensors.set(name, tensor);
  for (const node of graph.node) {
    const given = node.input.map((name) => (name === "" ? undefined : tensors.get(name)));
    const made = /^Conv(Transpose)?$/.test(node.op_type)
      ? [await kernels.run(node, given[0] as NdArray)]
      : plainly(node, given);
    for (const [i, name] of node.output.entries()) tensors.set(name, made[i] as NdArray);
  }
  kernels.dispose();
  return new Map(graph.output.map(({ name }) => [name, tensors.get(name) as NdArray]));
}

function plainly(node: DecodedNode, given: readonly (NdArray | undefined)[]): readonly NdArray[] {
  if (node.op_type === "Constant") return [arrayOf(node.attributes.value?.t as DecodedTensor)];
  const op = OPS[node.op_type];
  if (op === undefined) throw new Error(`no ${node.op_type} in tests`);
  return [op(given as readonly NdArray[], node.attributes)];
}

/** The sizes of free dimensions: those that the inputs have. */
async function dimsOf(
  path: string,
  declared: ReturnType<typeof decodeOnnx>["graph"]["input"],
  inputs: Readonly<Record<string, NdArray>>,
): Promise<Record<string, number>> {
  const { free } = await readModel(path);
  const sizes = declared.flatMap(({ name, dims }) =>
    dims.flatMap((dim, axis) =>
      [dim, `${name}.${axis}`].map((one) => [one, inputs[name]?.shape[axis] as number] as const),
    ),
  );
  return Object.fromEntries(sizes.filter(([name]) => name !== null && free.includes(name)));
}

class Kernels {
  private readonly kernels = new Map<string, Kernel>();

  constructor(
    private readonly report: ModelReport,
    private readonly weights: WeightReader,
    private readonly target: Target,
  ) {}

  async run(node: DecodedNode, value: NdArray): Promise<NdArray> {
    const found = this.report.convolutions.find((one) => one.node === (node.name || node.output[0]));
    if (found === undefined) throw new Error(`nothing is known of ${node.name}`);
    const { spec, weights } = found;
    const kernel = await this.kernelOf(spec);
    const { filters, bias } = weights;
    const prepared = kernel.prepare(this.floatsOf(filters), bias && this.floatsOf(bias));
    const result = await kernel.run(value.data, prepared);
    // The instance's own array is the next call's as well.
    return { shape: kernel.outputShape, data: Float32Array.from(result) };
  }

  private floatsOf(weight: WeightName): Float32Array {
    return new Float32Array(Uint8Array.from(this.weights.bytesOf(weight)).buffer);
  }

  dispose(): void {
    for (const kernel of this.kernels.values()) kernel.dispose();
  }

  private async kernelOf(spec: OpSpec | FamilySpec): Promise<Kernel> {
    const name = kernelName(spec);
    const kernel = this.kernels.get(name) ?? ((await compile(spec as OpSpec, { target: this.target })) as Kernel);
    this.kernels.set(name, kernel);
    return kernel;
  }
}

function arrayOf({ dims, data_type, raw_data, float_data, int64_data }: DecodedTensor): NdArray {
  const bytes = new Uint8Array(raw_data).buffer;
  const isRaw = bytes.byteLength > 0;
  if (data_type === FLOAT)
    return { shape: dims, data: isRaw ? new Float32Array(bytes) : Float32Array.from(float_data) };
  if (data_type !== INT64) throw new Error(`no type ${data_type} in tests`);
  return { shape: dims, data: Float32Array.from(isRaw ? Array.from(new BigInt64Array(bytes), Number) : int64_data) };
}

/** Types of elements, by their numbers in onnx.proto. */
const FLOAT = 1;
const INT64 = 7;
