/** Graph models as TensorFlow.js loads them: a topology, and weights of which small integers are read here. */

export interface GraphNode {
  name: string;
  op: string;
  input?: string[];
  attr?: { [name: string]: GraphAttribute };
}

/** A protobuf's value as JSON: text in base64 or as bytes, integers as text. */
export interface GraphAttribute {
  s?: string | ArrayLike<number>;
  i?: string | number;
  list?: { i?: (string | number)[]; s?: (string | ArrayLike<number>)[] };
}

export interface GraphArtifacts {
  modelTopology?: object;
  weightSpecs?: { name: string; shape: number[]; dtype: string; quantization?: { dtype?: string } }[];
  weightData?: ArrayBuffer | ArrayBuffer[];
  signature?: { outputs?: { [name: string]: { name?: string } } };
}

/** The bytes of an element in the file. */
const BYTES: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 };

/** Block sizes, paddings and permutations have no more elements. */
const MOST_INTEGERS = 16;

/** The name of the node that an input comes from; undefined for one that only orders nodes. */
const sourceName = (input: string | undefined): string | undefined =>
  input === undefined || input.startsWith("^") ? undefined : input.replace(/:0$/, "");

export function attributeText(attribute: GraphAttribute | undefined): string {
  const text = attribute?.s;
  if (text === undefined) return "";
  return typeof text === "string" ? atob(text) : String.fromCharCode(...Array.from(text));
}

export const integersOf = (attribute: GraphAttribute | undefined): number[] => (attribute?.list?.i ?? []).map(Number);

/** The topology of a graph model, in which nodes are found by name. */
export class ModelGraph {
  readonly nodes: GraphNode[];
  readonly #artifacts: GraphArtifacts;
  readonly #byName: ReadonlyMap<string, GraphNode>;
  readonly #uses = new Map<string, GraphNode[]>();
  readonly #outputs: ReadonlySet<string>;
  readonly #integers: ReadonlyMap<string, number[]>;

  constructor(artifacts: GraphArtifacts) {
    const topology = artifacts.modelTopology as { node?: GraphNode[] } | undefined;
    this.nodes = topology?.node ?? [];
    this.#artifacts = artifacts;
    this.#byName = new Map(this.nodes.map((node) => [node.name, node]));
    this.#outputs = new Set(
      Object.values(artifacts.signature?.outputs ?? {}).map(({ name }) => sourceName(name) ?? ""),
    );
    this.#integers = integersIn(artifacts);
    for (const node of this.nodes) {
      for (const input of node.input ?? []) {
        const source = sourceName(input) ?? input.slice(1);
        this.#uses.set(source, [...(this.#uses.get(source) ?? []), node]);
      }
    }
  }

  /** The node that gives an input. */
  inputOf(node: GraphNode, index: number): GraphNode | undefined {
    return this.#byName.get(sourceName(node.input?.[index]) ?? "");
  }

  /** The elements of an input that is a small constant of integers. */
  constantOf(node: GraphNode, index: number): readonly number[] | undefined {
    return this.#integers.get(sourceName(node.input?.[index]) ?? "");
  }

  /** The shape of an input that is a constant. */
  shapeOf(node: GraphNode, index: number): readonly number[] | undefined {
    const name = sourceName(node.input?.[index]);
    return this.#artifacts.weightSpecs?.find((spec) => spec.name === name)?.shape;
  }

  /** The only node that reads a node, if nothing else can see that one. */
  readerOf(node: GraphNode): GraphNode | undefined {
    const readers = this.#uses.get(node.name) ?? [];
    return readers.length === 1 && !this.#outputs.has(node.name) ? readers[0] : undefined;
  }
}

function integersIn({ weightSpecs = [], weightData }: GraphArtifacts): ReadonlyMap<string, number[]> {
  const found = new Map<string, number[]>();
  const parts = weightData === undefined ? [] : [weightData].flat();
  let at = 0;
  for (const { name, shape, dtype, quantization } of weightSpecs) {
    const count = shape.reduce((all, size) => all * size, 1);
    const each = BYTES[quantization?.dtype ?? dtype];
    // Where text lies among the weights nothing behind it can be found.
    if (each === undefined) break;
    if (dtype === "int32" && !quantization && count <= MOST_INTEGERS) {
      const bytes = bytesAt(parts, at, each * count);
      if (bytes) found.set(name, [...new Int32Array(bytes)]);
    }
    at += each * count;
  }
  return found;
}

/** Bytes of weights that lie in one part or in several. */
function bytesAt(parts: readonly ArrayBuffer[], begin: number, length: number): ArrayBuffer | undefined {
  const bytes = new Uint8Array(length);
  let [from, filled] = [0, 0];
  for (const part of parts) {
    const first = Math.max(begin - from, 0);
    const piece = new Uint8Array(part).subarray(first, Math.max(first, begin + length - from));
    if (begin + length > from && first < part.byteLength) {
      bytes.set(piece, filled);
      filled += piece.length;
    }
    from += part.byteLength;
  }
  return filled === length ? bytes.buffer : undefined;
}
