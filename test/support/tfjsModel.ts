/** TensorFlow.js graph models for tests: the object of model.json, with the constants that it keeps in a file of its own. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Text becomes base64, as in the JSON of protocol buffers; -1 in a shape is a free size. */
export type TfjsAttribute =
  | string
  | number
  | boolean
  | { readonly float: number }
  | { readonly shape: readonly number[] }
  | { readonly list: readonly (number | string)[] };

export interface TfjsTestNode {
  readonly name: string;
  readonly op: string;
  readonly inputs?: readonly string[];
  readonly attributes?: Readonly<Record<string, TfjsAttribute>>;
}

/** Integers are int32, as sizes and paddings are; without data, zeros. */
export interface TfjsConstant {
  readonly shape: readonly number[];
  readonly type?: "float32" | "int32";
  readonly data?: readonly number[];
}

export interface TfjsFile {
  /** Placeholders by name. */
  readonly inputs?: Readonly<Record<string, readonly number[] | null>>;
  readonly constants?: Readonly<Record<string, TfjsConstant>>;
  readonly nodes: readonly TfjsTestNode[];
  readonly outputs?: readonly string[];
  readonly functions?: readonly { readonly name: string; readonly nodes: readonly TfjsTestNode[] }[];
}

export interface TfjsArtifacts {
  /** What model.json holds. */
  readonly json: object;
  /** What WEIGHTS, the file beside it, holds. */
  readonly weights: Uint8Array;
}

export const WEIGHTS = "group1-shard1of1.bin";

/** Sizes and paddings: a vector, or a matrix of so many columns. */
export const integers = (data: readonly number[], columns?: number): TfjsConstant => ({
  shape: columns === undefined ? [data.length] : [data.length / columns, columns],
  type: "int32",
  data,
});

export function tfjsModel({
  inputs = {},
  constants = {},
  nodes,
  outputs = [],
  functions = [],
}: TfjsFile): TfjsArtifacts {
  const placeholders = Object.entries(inputs).map(([name, shape]) => ({
    ...{ name, op: "Placeholder" },
    attr: { dtype: { type: "DT_FLOAT" }, shape: { shape: shape === null ? { unknownRank: true } : shapeOf(shape) } },
  }));
  const node = [
    ...placeholders,
    ...Object.keys(constants).map((name) => ({ name, op: "Const", attr: {} })),
    ...nodes.map(nodeOf),
  ];
  const library = {
    function: functions.map((one) => ({ signature: { name: one.name }, nodeDef: one.nodes.map(nodeOf) })),
  };
  const weights = Object.entries(constants).map(([name, { shape, type = "float32" }]) => ({
    name,
    shape,
    dtype: type,
  }));
  return {
    json: {
      format: "graph-model",
      generatedBy: "2.21.0",
      convertedBy: "TensorFlow.js Converter v4.22.0",
      signature: { outputs: Object.fromEntries(outputs.map((name) => [name, { name: `${name}:0` }])) },
      modelTopology: { node, ...(functions.length === 0 ? {} : { library }), versions: { producer: 2 } },
      weightsManifest: [{ paths: [WEIGHTS], weights }],
    },
    weights: Buffer.concat(Object.values(constants).map(bytesOf)),
  };
}

/** Writes both files; returns the path of model.json. */
export function writeTfjsModel(folder: string, { json, weights }: TfjsArtifacts): string {
  writeFileSync(join(folder, WEIGHTS), weights);
  writeFileSync(join(folder, "model.json"), JSON.stringify(json));
  return join(folder, "model.json");
}

const shapeOf = (shape: readonly number[]): object => ({ dim: shape.map((size) => ({ size: String(size) })) });

const base64 = (text: string): string => Buffer.from(text).toString("base64");

const nodeOf = ({ name, op, inputs = [], attributes = {} }: TfjsTestNode): object => ({
  ...{ name, op, input: inputs },
  attr: Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, attributeOf(value)])),
});

function attributeOf(value: TfjsAttribute): object {
  if (typeof value === "string") return { s: base64(value) };
  if (typeof value === "number") return { i: String(value) };
  if (typeof value === "boolean") return { b: value };
  if ("float" in value) return { f: value.float };
  if ("shape" in value) return { shape: shapeOf(value.shape) };
  const isText = typeof value.list[0] === "string";
  return { list: isText ? { s: value.list.map((text) => base64(String(text))) } : { i: value.list.map(String) } };
}

function bytesOf({ shape, type = "float32", data }: TfjsConstant): Uint8Array {
  const values = data ?? new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0);
  const typed = type === "int32" ? Int32Array.from(values) : Float32Array.from(values);
  return new Uint8Array(typed.buffer);
}
