/** Reads and checks the JSON of a TensorFlow.js graph model. Only checked parts leave this file. */
import * as v from "valibot";
import { fail } from "../../ir/errors.js";
import { MAX_DIMENSIONS } from "../../ir/size.js";
import type { Pieces } from "../pieces.js";
import { legible } from "../report.js";

/** The most bytes of a model.json, and the most nodes, weights and files. Weights lie in files of their own. */
const MAX_BYTES = 10 * 2 ** 20;
const MAX_ENTRIES = 50_000;

/** Protocol buffers write 64-bit integers as strings in JSON. Readers must check that the number is a safe integer. */
const integer = v.pipe(
  v.union([v.number(), v.string()]),
  v.transform((given) => (given === "" ? Number.NaN : Number(given))),
);
const text = v.union([v.string(), v.array(v.number())]);
/** A list of at most so many items. The length is checked before the items are. */
const few = <T extends v.GenericSchema>(item: T, most: number, message: string) =>
  v.pipe(v.array(v.unknown()), v.maxLength(most, message), v.array(item));
const entries = <T extends v.GenericSchema>(item: T) => few(item, MAX_ENTRIES, `more than ${MAX_ENTRIES} entries`);
const sizes = <T extends v.GenericSchema>(item: T) =>
  few(item, MAX_DIMENSIONS, `more than ${MAX_DIMENSIONS} dimensions`);
/** Lists have a number for each dimension, or two. */
const list = <T extends v.GenericSchema>(item: T) =>
  few(item, 2 * MAX_DIMENSIONS, `more than ${2 * MAX_DIMENSIONS} entries`);

const Attribute = v.object({
  s: v.optional(text),
  i: v.optional(integer),
  f: v.optional(v.pipe(v.union([v.number(), v.string()]), v.transform(Number))),
  b: v.optional(v.boolean()),
  type: v.optional(v.union([v.string(), v.number()])),
  shape: v.optional(
    v.object({
      dim: v.optional(sizes(v.object({ size: v.optional(integer) }))),
      unknownRank: v.optional(v.boolean()),
    }),
  ),
  list: v.optional(v.object({ i: v.optional(list(integer)), s: v.optional(list(text)) })),
});
/** The attributes that are read. All others are skipped, whatever they hold. */
const NAMES = [
  ...["DstT", "adj_x", "adj_y", "axis", "batch_dims", "begin_mask", "block_size", "data_format", "dilations"],
  ...["ellipsis_mask", "end_mask", "equation", "explicit_paddings", "frame_name", "fused_ops", "is_training"],
  ...["keep_dims", "ksize", "leakyrelu_alpha", "new_axis_mask", "num", "num_split", "padding", "shape"],
  ...["shrink_axis_mask", "squeeze_dims", "strides", "transpose_a", "transpose_b"],
] as const;
export type AttributeName = (typeof NAMES)[number];
const Attributes = v.partial(v.object(v.entriesFromList(NAMES, Attribute)));
const Node = v.object({
  name: v.string(),
  op: v.string(),
  input: v.optional(v.array(v.string()), []),
  attr: v.optional(Attributes, {}),
});
const Weight = v.object({
  name: v.string(),
  shape: sizes(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  dtype: v.string(),
  quantization: v.optional(v.object({ dtype: v.optional(v.string()) })),
});
const Named = v.record(v.string(), v.object({ name: v.optional(v.string()) }));
const Model = v.object({
  format: v.optional(v.string()),
  modelTopology: v.object({
    node: entries(Node),
    library: v.optional(
      v.object({
        function: v.optional(
          entries(
            v.object({ signature: v.optional(v.object({ name: v.string() })), nodeDef: v.optional(entries(Node), []) }),
          ),
        ),
      }),
    ),
  }),
  weightsManifest: v.optional(entries(v.object({ paths: entries(v.string()), weights: entries(Weight) })), []),
  signature: v.optional(v.object({ outputs: v.optional(Named) })),
});

/** Parts of the topology of a layers model: as Keras writes it, and as TensorFlow.js does. */
interface LayersTopology {
  readonly model_config?: unknown;
  readonly class_name?: unknown;
}

export type TfjsModel = v.InferOutput<typeof Model>;
export type TfjsNode = v.InferOutput<typeof Node>;
export type TfjsManifest = TfjsModel["weightsManifest"];

export function readTfjsModel(pieces: Pieces): TfjsModel {
  const { path, size } = pieces;
  if (size > MAX_BYTES)
    fail(
      "invalid-argument",
      `${path} is no model.json: it has ${size} bytes, and no topology has more than ${MAX_BYTES}`,
    );
  const given = parse(path, new TextDecoder().decode(pieces.bytes(0, size)));
  const { format, modelTopology } = given as { format?: unknown; modelTopology?: LayersTopology | null };
  if (
    format === "layers-model" ||
    modelTopology?.model_config !== undefined ||
    modelTopology?.class_name !== undefined
  ) {
    fail(
      "invalid-argument",
      `${path} is a layers model; convert it with ` +
        "tensorflowjs_converter --input_format=tfjs_layers_model --output_format=tfjs_graph_model",
    );
  }
  const checked = v.safeParse(Model, given, { abortEarly: true, abortPipeEarly: true });
  if (checked.success) return checked.output;
  const [issue] = checked.issues;
  const where = v.getDotPath(issue) ?? "it";
  return fail(
    "invalid-argument",
    `${path} is no graph model of TensorFlow.js: at ${legible(where, 80)}, ${legible(sentence(issue.message))}`,
  );
}

/** A message without its capital, cut to a bounded length. */
const sentence = (message: string): string => `${message.charAt(0).toLowerCase()}${message.slice(1, 120)}`;

function parse(path: string, text: string): unknown {
  // The parser takes a hundred bytes of memory for a level, even where it refuses the text in the end.
  if (/(?:[[{]\s*){200}/.test(text)) fail("invalid-argument", `${path} is no JSON of a model: its lists are too deep`);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    // The message quotes the file, which may hold control characters.
    const { message } = error as Error;
    return fail("invalid-argument", `${path} is no JSON: ${legible(message, 120)}`);
  }
}

export const decode = (given: string | readonly number[]): string =>
  typeof given === "string" ? Buffer.from(given, "base64").toString() : String.fromCharCode(...given.slice(0, 256));
