/** ONNX models for tests, written by protobufjs: a writer that knows nothing of our reader. */
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";

export interface OnnxTensor {
  readonly dims: readonly number[];
  /** Integers are int64, as sizes and axes are; by default floats. The data of halves are their bits. */
  readonly type?: keyof typeof TYPES;
  /** Without them the payload is zeros. */
  readonly data?: readonly number[];
  /** Where the payload lies; by default in raw_data. */
  readonly as?: "raw" | "list" | "external";
  /** The file of external data, and the position in it. */
  readonly location?: string;
  readonly offset?: number;
}

/** Types of elements: the number in onnx.proto, the field that lists them, and how they become bytes. */
const TYPES = {
  float: [1, "float_data", (data: readonly number[]) => Float32Array.from(data)],
  int64: [7, "int64_data", (data: readonly number[]) => BigInt64Array.from(data, BigInt)],
  float16: [10, "int32_data", (data: readonly number[]) => Uint16Array.from(data)],
  double: [11, "double_data", (data: readonly number[]) => Float64Array.from(data)],
  bfloat16: [16, "int32_data", (data: readonly number[]) => Uint16Array.from(data)],
} as const;

export type OnnxAttribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly tensor: OnnxTensor }
  | { readonly graph: OnnxGraph };

export interface OnnxNode {
  readonly op: string;
  readonly name?: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** Sizes; a name for a free dimension, null for one without a name. A tensor without a shape is null. */
export type OnnxShapes = Readonly<Record<string, readonly (number | string | null)[] | null>>;

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly inputs?: OnnxShapes;
  readonly outputs?: OnnxShapes;
  /** Shapes of tensors in between. */
  readonly inside?: OnnxShapes;
  readonly initializers?: Readonly<Record<string, OnnxTensor>>;
}

export interface OnnxFile extends OnnxGraph {
  readonly opset?: number;
  readonly functions?: readonly { readonly name: string; readonly nodes: readonly OnnxNode[] }[];
}

/** Fields of onnx.proto beyond those that the benches need: message, name, number, type, and whether it is a list. */
const MORE: readonly (readonly [string, string, number, string, boolean?])[] = [
  ["NodeProto", "name", 3, "string"],
  ["NodeProto", "domain", 7, "string"],
  ["AttributeProto", "f", 2, "float"],
  ["AttributeProto", "floats", 7, "float", true],
  ["AttributeProto", "i", 3, "int64"],
  ["AttributeProto", "s", 4, "bytes"],
  ["AttributeProto", "t", 5, "TensorProto"],
  ["AttributeProto", "g", 6, "GraphProto"],
  ["TensorProto", "float_data", 4, "float", true],
  ["TensorProto", "int32_data", 5, "int32", true],
  ["TensorProto", "int64_data", 7, "int64", true],
  ["TensorProto", "double_data", 10, "double", true],
  ["TensorProto", "external_data", 13, "StringStringEntryProto", true],
  ["TensorProto", "data_location", 14, "int32"],
  ["TensorShapeProto.Dimension", "dim_value", 1, "int64"],
  ["TensorShapeProto.Dimension", "dim_param", 2, "string"],
  ["GraphProto", "value_info", 13, "ValueInfoProto", true],
  ["ModelProto", "functions", 25, "FunctionProto", true],
];

const schema = new protobuf.Root().loadSync(
  fileURLToPath(new URL("../../bench/peers/models/onnx.proto", import.meta.url)),
  {
    keepCase: true,
  },
);
const messageOf = (name: string, fields: readonly (readonly [string, number, string, boolean?])[]): protobuf.Type =>
  fields.reduce(
    (type, [field, number, of, list]) => type.add(new protobuf.Field(field, number, of, list ? "repeated" : undefined)),
    new protobuf.Type(name),
  );
schema.add(
  messageOf("StringStringEntryProto", [
    ["key", 1, "string"],
    ["value", 2, "string"],
  ]),
);
schema.add(
  messageOf("FunctionProto", [
    ["name", 1, "string"],
    ["node", 7, "NodeProto", true],
  ]),
);
for (const [message, name, number, type, list] of MORE) {
  const found = schema.lookupType(message);
  if (found.fields[name]) found.remove(found.fields[name]);
  // Zeros are written, as ONNX's own writers do: no size is not a size of 0.
  const options = list ? undefined : { features: { field_presence: "EXPLICIT" } };
  const field = new protobuf.Field(name, number, type, list ? "repeated" : "optional", undefined, options);
  found.add(field);
}

export function onnxModel({ opset = 17, functions = [], ...graph }: OnnxFile): Uint8Array {
  return schema
    .lookupType("ModelProto")
    .encode({
      ir_version: 8,
      graph: graphOf(graph),
      opset_import: [{ domain: "", version: opset }],
      functions: functions.map(({ name, nodes }) => ({ name, node: nodes.map(nodeOf) })),
    })
    .finish();
}

export interface DecodedAttribute {
  readonly f?: number;
  readonly i?: number;
  readonly s?: string;
  readonly t?: DecodedTensor;
  readonly ints: readonly number[];
}

export interface DecodedTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data_type: number;
  readonly raw_data: Uint8Array;
  readonly float_data: readonly number[];
  readonly int64_data: readonly number[];
}

export interface DecodedNode {
  readonly name: string;
  readonly op_type: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attributes: Readonly<Record<string, DecodedAttribute>>;
}

/** The parts of a model that it takes to run it, by protobufjs. A dimension without a size has its name, or null. */
export function decodeOnnx(bytes: Uint8Array) {
  const type = schema.lookupType("ModelProto");
  const { graph } = type.toObject(type.decode(bytes), { longs: Number, arrays: true, defaults: false });
  return {
    graph: {
      initializer: (graph.initializer as DecodedTensor[]).map(decodedTensor),
      node: (
        graph.node as (DecodedNode & { attribute: (DecodedAttribute & { name: string; s?: Uint8Array })[] })[]
      ).map(
        ({ name = "", attribute, ...node }): DecodedNode => ({
          ...node,
          name,
          attributes: Object.fromEntries(
            attribute.map(({ name, s, t, ...one }) => [
              name,
              { ...one, ...(s ? { s: new TextDecoder().decode(s) } : {}), ...(t ? { t: decodedTensor(t) } : {}) },
            ]),
          ),
        }),
      ),
      input: graph.input.map(inputOf) as { readonly name: string; readonly dims: readonly (string | null)[] }[],
      output: graph.output as readonly { readonly name: string }[],
    },
  };
}

const decodedTensor = ({ raw_data = new Uint8Array(), ...tensor }: DecodedTensor): DecodedTensor => ({
  ...tensor,
  raw_data,
});

const inputOf = ({
  name,
  type,
}: {
  name: string;
  type: { tensor_type: { shape?: { dim: { dim_param?: string }[] } } };
}) => ({
  name,
  dims: (type.tensor_type.shape?.dim ?? []).map(({ dim_param }) => dim_param || null),
});

const graphOf = ({ nodes, inputs = {}, outputs = {}, inside = {}, initializers = {} }: OnnxGraph): object => ({
  name: "graph",
  node: nodes.map(nodeOf),
  initializer: Object.entries(initializers).map(([name, tensor]) => ({ name, ...tensorOf(tensor) })),
  input: infosOf(inputs),
  output: infosOf(outputs),
  value_info: infosOf(inside),
});

const infosOf = (shapes: OnnxShapes): object[] =>
  Object.entries(shapes).map(([name, shape]) => ({ name, type: { tensor_type: { elem_type: 1, ...shapeOf(shape) } } }));

const shapeOf = (shape: OnnxShapes[string]): object =>
  shape === null
    ? {}
    : {
        shape: {
          dim: shape.map((size) =>
            size === null ? {} : typeof size === "number" ? { dim_value: size } : { dim_param: size },
          ),
        },
      };

const nodeOf = ({ op, name = "", domain = "", inputs, outputs, attributes = {} }: OnnxNode): object => ({
  ...{ name, domain, op_type: op, input: inputs, output: outputs },
  attribute: Object.entries(attributes).map(([key, value]) => ({ name: key, ...attributeOf(value) })),
});

function attributeOf(value: OnnxAttribute): object {
  if (typeof value === "number") return { i: value, type: 2 };
  if (typeof value === "string") return { s: new TextEncoder().encode(value), type: 3 };
  if ("float" in value) return { f: value.float, type: 1 };
  if ("floats" in value) return { floats: value.floats, type: 6 };
  if ("tensor" in value) return { t: tensorOf(value.tensor), type: 4 };
  if ("graph" in value) return { g: graphOf(value.graph), type: 5 };
  return { ints: value, type: 7 };
}

function tensorOf({ dims, type = "float", data, as = "raw", location = "weights.bin", offset }: OnnxTensor): object {
  const values = data ?? new Array<number>(dims.reduce((a, b) => a * b, 1)).fill(0);
  const [number, list, elementsOf] = TYPES[type];
  const head = { dims, data_type: number };
  if (as === "external") {
    const entries = Object.entries({ location, ...(offset === undefined ? {} : { offset: `${offset}` }) });
    return { ...head, data_location: 1, external_data: entries.map(([key, value]) => ({ key, value })) };
  }
  if (as === "list") return { ...head, [list]: values };
  return { ...head, raw_data: new Uint8Array(elementsOf(values).buffer) };
}
