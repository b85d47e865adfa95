/** Small graph models with detours of three ops, as TensorFlow's converter writes them. */
import type { io } from "@tensorflow/tfjs-core";
import { type Given, noise } from "./tfjs.js";

type Kind = "transposed" | "convolution" | "depthwise" | "normalised" | "signal" | "dilated";

/** What loads a model, and saves none. */
export interface LoadHandler {
  load(): Promise<io.ModelArtifacts>;
}

interface Attribute {
  readonly [kind: string]: unknown;
}

interface ModelNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, Attribute>>;
}

const FLOAT: Attribute = { type: "DT_FLOAT" };
const text = (value: string): Attribute => ({ s: btoa(value) });
const list = (...numbers: number[]): Attribute => ({ list: { i: numbers.map(String) } });

class ModelDraft {
  readonly #nodes: ModelNode[] = [];
  readonly #specs: io.WeightsManifestEntry[] = [];
  readonly #data: number[] = [];

  constant(name: string, shape: number[], values: ArrayLike<number>, dtype: "float32" | "int32"): void {
    const type = dtype === "float32" ? "DT_FLOAT" : "DT_INT32";
    this.#nodes.push({ name, op: "Const", attr: { dtype: { type } } });
    this.#specs.push({ name, shape, dtype });
    const bytes = dtype === "float32" ? Float32Array.from(values) : Int32Array.from(values);
    this.#data.push(...new Uint8Array(bytes.buffer));
  }

  integers(name: string, shape: number[], ...values: number[]): void {
    this.constant(name, shape, values, "int32");
  }

  node(node: ModelNode): void {
    this.#nodes.push({ ...node, attr: { T: FLOAT, ...node.attr } });
  }

  handler(shape: readonly number[], output: string): LoadHandler {
    const dims = { dim: shape.map((size) => ({ size: String(size) })) };
    const input = { name: "x", op: "Placeholder", attr: { dtype: FLOAT, shape: { shape: dims } } };
    const artifacts = {
      modelTopology: { node: [input, ...this.#nodes], library: {}, versions: {} },
      weightSpecs: this.#specs,
      weightData: Uint8Array.from(this.#data).buffer,
      signature: {
        inputs: { x: { name: "x:0", dtype: "DT_FLOAT", tensorShape: dims } },
        outputs: { y: { name: `${output}:0`, dtype: "DT_FLOAT" } },
      },
    };
    return { load: async () => artifacts as unknown as io.ModelArtifacts };
  }
}

/** A model of one detour of rate 2; `dilated` is a transposed convolution whose rate TensorFlow.js passes over. */
export function detourModel(kind: Kind): {
  readonly handler: LoadHandler;
  readonly input: Given;
  readonly isWrongThere: boolean;
} {
  const draft = new ModelDraft();
  const isSignal = kind === "signal";
  const isTransposed = kind === "transposed" || kind === "dilated";
  const shape = isSignal ? [1, 9, 3] : [1, 9, 8, 3];
  const filterShape = isSignal ? [1, 3, 3, 4] : isTransposed ? [3, 3, 4, 3] : [3, 3, 3, kind === "depthwise" ? 1 : 4];
  draft.constant("filter", filterShape, noise(filterShape, 2).data, "float32");
  if (kind === "dilated") {
    draft.integers("sizes", [4], 1, 9, 8, 4);
    draft.node({
      ...{ name: "y", op: "Conv2DBackpropInput", input: ["sizes", "filter", "x"] },
      attr: {
        strides: list(1, 1, 1, 1),
        dilations: list(1, 2, 2, 1),
        padding: text("SAME"),
        data_format: text("NHWC"),
      },
    });
    return { handler: draft.handler(shape, "y"), input: noise(shape, 1), isWrongThere: true };
  }
  const { pads, crops, block } = isSignal
    ? { block: [2], pads: [2, 3], crops: [0, 1] }
    : isTransposed
      ? { block: [2, 2], pads: [0, 1, 0, 0], crops: [2, 3, 2, 2] }
      : { block: [2, 2], pads: [2, 3, 2, 2], crops: [0, 1, 0, 0] };
  const axes = block.length;
  draft.integers("block", [axes], ...block);
  draft.integers("pads", [axes, 2], ...pads);
  draft.integers("crops", [axes, 2], ...crops);
  draft.node({ name: "apart", op: "SpaceToBatchND", input: ["x", "block", "pads"] });
  let last = "apart";
  const then = (name: string, op: string, input: readonly string[], attr: Readonly<Record<string, Attribute>> = {}) => {
    draft.node({ name, op, input, attr });
    last = name;
  };
  const convolution = {
    ...{ strides: list(1, 1, 1, 1), dilations: list(1, 1, 1, 1) },
    ...{ padding: text("VALID"), data_format: text("NHWC") },
  };
  if (isSignal) {
    draft.integers("axis", [], 1);
    then("row", "ExpandDims", [last, "axis"]);
  }
  if (isTransposed) {
    // Phases of 9 rows and a row of zeros, and of 8 columns.
    draft.integers("sizes", [4], 4, 7, 6, 4);
    then("convolved", "Conv2DBackpropInput", ["sizes", "filter", last], convolution);
  } else if (kind === "depthwise") then("convolved", "DepthwiseConv2dNative", [last, "filter"], convolution);
  else then("convolved", "Conv2D", [last, "filter"], convolution);
  if (isSignal) then("flat", "Squeeze", [last], { squeeze_dims: list(1) });
  if (kind === "normalised") {
    for (const [i, name] of ["scale", "offset", "mean"].entries()) {
      draft.constant(name, [4], noise([4], 10 + i).data, "float32");
    }
    draft.constant("variance", [4], [0.5, 1, 2, 3], "float32");
    const input = [last, "scale", "offset", "mean", "variance"];
    then("normal", "FusedBatchNormV3", input, { epsilon: { f: 0.001 }, data_format: text("NHWC") });
    then("active", "Relu", [last]);
  }
  then("y", "BatchToSpaceND", [last, "block", "crops"]);
  return { handler: draft.handler(shape, "y"), input: noise(shape, 1), isWrongThere: false };
}
