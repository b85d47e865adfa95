/** Reads an `OnnxModel` from the bytes of a ModelProto. The numbers of fields and types are from onnx.proto. */
import type { Attribute, Graph, OnnxModel, OnnxNode, ValueInfo } from "./model.js";
import { readSparseTensor, readTensor } from "./readTensor.js";
import type { Field, Wire } from "./wire.js";

/** Readers of fields, by the number of the field. */
type Readers = Readonly<Record<number, (field: Field) => Promise<void> | void>>;

/** Reads [start, end) as a message, and hands each field to its reader. */
const readFields = (wire: Wire, { start, end }: Pick<Field, "start" | "end">, readers: Readers): Promise<void> =>
  wire.message(start, end, (field) => readers[field.number]?.(field));

export async function readOnnxModel(wire: Wire): Promise<OnnxModel> {
  let graph: Graph | undefined;
  let opset = 0;
  const functions: { name: string; nodes: readonly OnnxNode[] }[] = [];
  await readFields(
    wire,
    { start: 0, end: wire.size },
    {
      7: async (field) => {
        graph = await readGraph(wire, field);
      },
      8: async (field) => {
        const { domain, version } = await readOpset(wire, field);
        if (isStandard(domain)) opset = version;
      },
      25: async (field) => void functions.push(await readFunction(wire, field)),
    },
  );
  return { graph: graph ?? wire.refuse("it holds no graph"), opset, functions };
}

export const isStandard = (domain: string): boolean => domain === "" || domain === "ai.onnx";

async function readOpset(wire: Wire, field: Field): Promise<{ domain: string; version: number }> {
  let [domain, version] = ["", 0];
  await readFields(wire, field, {
    1: async (inner) => {
      domain = await wire.text(inner);
    },
    2: (inner) => {
      version = inner.value;
    },
  });
  return { domain, version };
}

async function readFunction(wire: Wire, field: Field): Promise<{ name: string; nodes: readonly OnnxNode[] }> {
  let name = "";
  const nodes: OnnxNode[] = [];
  await readFields(wire, field, {
    1: async (inner) => {
      name = await wire.text(inner);
    },
    7: async (inner) => void nodes.push(await readNode(wire, inner)),
  });
  return { name, nodes };
}

async function readGraph(wire: Wire, field: Field): Promise<Graph> {
  const graph = {
    nodes: [] as OnnxNode[],
    initializers: [] as Graph["initializers"][number][],
    inputs: [] as ValueInfo[],
    outputs: [] as ValueInfo[],
    inside: [] as ValueInfo[],
  };
  await readFields(wire, field, {
    1: async (inner) => void graph.nodes.push(await readNode(wire, inner)),
    5: async (inner) => void graph.initializers.push(await readTensor(wire, inner)),
    11: async (inner) => void graph.inputs.push(await readValueInfo(wire, inner)),
    12: async (inner) => void graph.outputs.push(await readValueInfo(wire, inner)),
    13: async (inner) => void graph.inside.push(await readValueInfo(wire, inner)),
    15: async (inner) => void graph.initializers.push(await readSparseTensor(wire, inner)),
  });
  return graph;
}

async function readNode(wire: Wire, field: Field): Promise<OnnxNode> {
  const inputs: string[] = [];
  const outputs: string[] = [];
  let [name, type, domain] = ["", "", ""];
  const attributes = new Map<string, Attribute>();
  await readFields(wire, field, {
    1: async (inner) => void inputs.push(await wire.text(inner)),
    2: async (inner) => void outputs.push(await wire.text(inner)),
    3: async (inner) => {
      name = await wire.text(inner);
    },
    4: async (inner) => {
      type = await wire.text(inner);
    },
    5: async (inner) => void attributes.set(...(await readAttribute(wire, inner))),
    7: async (inner) => {
      domain = await wire.text(inner);
    },
  });
  return { name, type, domain, inputs, outputs, attributes };
}

/** The most bytes of a text attribute. Longer text belongs to custom ops and is never needed. */
const MAX_TEXT = 4096;
/** The types of attributes that have a default, in onnx.proto's AttributeType. */
const FLOAT = 1;
const INT = 2;

async function readAttribute(wire: Wire, field: Field): Promise<[string, Attribute]> {
  let name = "";
  const floats: number[] = [];
  const ints: number[] = [];
  const graphs: Graph[] = [];
  const single: { -readonly [K in "float" | "int" | "text" | "tensor"]?: Attribute[K] & {} } = {};
  let type = 0;
  await readFields(wire, field, {
    1: async (inner) => {
      name = await wire.text(inner);
    },
    20: (inner) => {
      type = inner.value;
    },
    2: async (inner) => {
      const [float = 0] = await floatsOf(wire, inner);
      single.float = float;
    },
    3: (inner) => {
      single.int = inner.value;
    },
    4: async (inner) => {
      if (inner.end - inner.start <= MAX_TEXT) single.text = await wire.text(inner);
    },
    5: async (inner) => {
      single.tensor = await readTensor(wire, inner);
    },
    6: async (inner) => void graphs.push(await readGraph(wire, inner)),
    7: (inner) => wire.floats(inner, floats),
    8: (inner) => wire.integers(inner, ints),
    11: async (inner) => void graphs.push(await readGraph(wire, inner)),
  });
  // A writer may leave out a zero; the type tells that the attribute exists.
  if (type === INT) single.int ??= 0;
  if (type === FLOAT) single.float ??= 0;
  return [name, { floats, ints, graphs, ...single }];
}

async function floatsOf(wire: Wire, field: Field): Promise<readonly number[]> {
  const floats: number[] = [];
  await wire.floats(field, floats);
  return floats;
}

/** Reads a ValueInfoProto: a name, and a shape inside of TypeProto and TypeProto.Tensor. */
async function readValueInfo(wire: Wire, field: Field): Promise<ValueInfo> {
  let name = "";
  let dims: (number | string | null)[] | undefined;
  const readShape = async (shape: Field): Promise<void> => {
    const sizes: (number | string | null)[] = [];
    await readFields(wire, shape, { 1: async (dim) => void sizes.push(await readDimension(wire, dim)) });
    dims = sizes;
  };
  const readTensorType = (tensor: Field): Promise<void> => readFields(wire, tensor, { 2: readShape });
  await readFields(wire, field, {
    1: async (inner) => {
      name = await wire.text(inner);
    },
    2: (type) => readFields(wire, type, { 1: readTensorType }),
  });
  return dims === undefined ? { name } : { name, dims };
}

async function readDimension(wire: Wire, field: Field): Promise<number | string | null> {
  let size: number | string | null = null;
  await readFields(wire, field, {
    1: (inner) => {
      // Some exporters write -1 for an unknown size.
      if (Number.isSafeInteger(inner.value) && inner.value >= 0) size = inner.value;
    },
    2: async (inner) => {
      const name = await wire.text(inner);
      if (name !== "") size = name;
    },
  });
  return size;
}
