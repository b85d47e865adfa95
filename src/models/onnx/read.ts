/** Reads an `OnnxModel` from the bytes of a ModelProto. The numbers of fields and types are from onnx.proto. */
import type { Attribute, Graph, OnnxModel, OnnxNode, ValueInfo } from "./model.js";
import { readSparseTensor, readTensor } from "./readTensor.js";
import type { Field, Wire } from "./wire.js";

/** Readers of fields, by the number of the field. */
type Readers = Readonly<Record<number, (field: Field) => void>>;

/** Reads [start, end) as a message, and hands each field to its reader. */
const readFields = (wire: Wire, { start, end }: Pick<Field, "start" | "end">, readers: Readers): void =>
  wire.message(start, end, (field) => readers[field.number]?.(field));

export function readOnnxModel(wire: Wire): OnnxModel {
  let graph: Graph | undefined;
  let opset = 0;
  const functions: { name: string; nodes: readonly OnnxNode[] }[] = [];
  readFields(
    wire,
    { start: 0, end: wire.size },
    {
      7: (field) => {
        graph = readGraph(wire, field);
      },
      8: (field) => {
        const { domain, version } = readOpset(wire, field);
        if (isStandard(domain)) opset = version;
      },
      25: (field) => void functions.push(readFunction(wire, field)),
    },
  );
  return { graph: graph ?? wire.refuse("it holds no graph"), opset, functions };
}

export const isStandard = (domain: string): boolean => domain === "" || domain === "ai.onnx";

function readOpset(wire: Wire, field: Field): { domain: string; version: number } {
  let [domain, version] = ["", 0];
  readFields(wire, field, {
    1: (inner) => {
      domain = wire.text(inner);
    },
    2: (inner) => {
      version = inner.value;
    },
  });
  return { domain, version };
}

function readFunction(wire: Wire, field: Field): { name: string; nodes: readonly OnnxNode[] } {
  let name = "";
  const nodes: OnnxNode[] = [];
  readFields(wire, field, {
    1: (inner) => {
      name = wire.text(inner);
    },
    7: (inner) => void nodes.push(readNode(wire, inner)),
  });
  return { name, nodes };
}

function readGraph(wire: Wire, field: Field): Graph {
  const graph = {
    nodes: [] as OnnxNode[],
    initializers: [] as Graph["initializers"][number][],
    inputs: [] as ValueInfo[],
    outputs: [] as ValueInfo[],
    inside: [] as ValueInfo[],
  };
  readFields(wire, field, {
    1: (inner) => void graph.nodes.push(readNode(wire, inner)),
    5: (inner) => void graph.initializers.push(readTensor(wire, inner)),
    11: (inner) => void graph.inputs.push(readValueInfo(wire, inner)),
    12: (inner) => void graph.outputs.push(readValueInfo(wire, inner)),
    13: (inner) => void graph.inside.push(readValueInfo(wire, inner)),
    15: (inner) => void graph.initializers.push(readSparseTensor(wire, inner)),
  });
  return graph;
}

const NO_ATTRIBUTES: ReadonlyMap<string, Attribute> = new Map();

function readNode(wire: Wire, field: Field): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  let [name, type, domain] = ["", "", ""];
  let attributes: Map<string, Attribute> | undefined;
  readFields(wire, field, {
    1: (inner) => void inputs.push(wire.text(inner)),
    2: (inner) => void outputs.push(wire.text(inner)),
    3: (inner) => {
      name = wire.text(inner);
    },
    4: (inner) => {
      type = wire.text(inner);
    },
    5: (inner) => {
      attributes ??= new Map();
      attributes.set(...readAttribute(wire, inner));
    },
    7: (inner) => {
      domain = wire.text(inner);
    },
  });
  return { name, type, domain, inputs, outputs, attributes: attributes ?? NO_ATTRIBUTES };
}

/** The most bytes of a text attribute. Longer text belongs to custom ops and is never needed. */
const MAX_TEXT = 4096;
/** The types of attributes that have a default, in onnx.proto's AttributeType. */
const FLOAT = 1;
const INT = 2;

function readAttribute(wire: Wire, field: Field): [string, Attribute] {
  let name = "";
  const floats: number[] = [];
  const ints: number[] = [];
  const graphs: Graph[] = [];
  const single: { -readonly [K in "float" | "int" | "text" | "tensor"]?: Attribute[K] & {} } = {};
  let type = 0;
  readFields(wire, field, {
    1: (inner) => {
      name = wire.text(inner);
    },
    20: (inner) => {
      type = inner.value;
    },
    2: (inner) => {
      const [float = 0] = floatsOf(wire, inner);
      single.float = float;
    },
    3: (inner) => {
      single.int = inner.value;
    },
    4: (inner) => {
      if (inner.end - inner.start <= MAX_TEXT) single.text = wire.text(inner);
    },
    5: (inner) => {
      single.tensor = readTensor(wire, inner);
    },
    6: (inner) => void graphs.push(readGraph(wire, inner)),
    7: (inner) => wire.floats(inner, floats),
    8: (inner) => wire.integers(inner, ints),
    11: (inner) => void graphs.push(readGraph(wire, inner)),
  });
  // A writer may leave out a zero; the type tells that the attribute exists.
  if (type === INT) single.int ??= 0;
  if (type === FLOAT) single.float ??= 0;
  return [name, { floats, ints, graphs, ...single }];
}

function floatsOf(wire: Wire, field: Field): readonly number[] {
  const floats: number[] = [];
  wire.floats(field, floats);
  return floats;
}

/** Reads a ValueInfoProto: a name, and a shape inside of TypeProto and TypeProto.Tensor. */
function readValueInfo(wire: Wire, field: Field): ValueInfo {
  let [name, type] = ["", 0];
  let dims: (number | string | null)[] | undefined;
  const readShape = (shape: Field): void => {
    const sizes: (number | string | null)[] = [];
    readFields(wire, shape, { 1: (dim) => void sizes.push(readDimension(wire, dim)) });
    dims = sizes;
  };
  const readTensorType = (tensor: Field): void =>
    readFields(wire, tensor, {
      1: (inner) => {
        type = inner.value;
      },
      2: readShape,
    });
  readFields(wire, field, {
    1: (inner) => {
      name = wire.text(inner);
    },
    2: (inner) => readFields(wire, inner, { 1: readTensorType }),
  });
  return dims === undefined ? { name, type } : { name, type, dims };
}

/** The names that exporters write for a size without one. */
const NO_NAMES: readonly string[] = ["", "?", "-1", "None"];

function readDimension(wire: Wire, field: Field): number | string | null {
  let size: number | string | null = null;
  readFields(wire, field, {
    1: (inner) => {
      // Some exporters write 0 or -1 for an unknown size.
      if (Number.isSafeInteger(inner.value) && inner.value >= 1) size = inner.value;
    },
    2: (inner) => {
      const name = wire.text(inner);
      if (!NO_NAMES.includes(name)) size = name;
    },
  });
  return size;
}
