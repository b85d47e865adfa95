/** Reads and checks the JSON of a TensorFlow.js graph model. Only checked parts leave this file. */
import * as v from "valibot";
import { fail } from "../../ir/errors.js";
import type { Pieces } from "../pieces.js";
import { legible } from "../report.js";

/** The most bytes of a model.json. Topologies are small, as weights lie in files of their own. */
const MAX_BYTES = 2 ** 26;

/** Protocol buffers write 64-bit integers as strings in JSON. Readers must check that the number is a safe integer. */
const integer = v.pipe(
  v.union([v.number(), v.string()]),
  v.transform((given) => (given === "" ? Number.NaN : Number(given))),
);
const text = v.union([v.string(), v.array(v.number())]);
const Attribute = v.object({
  s: v.optional(text),
  i: v.optional(integer),
  f: v.optional(v.unknown()),
  b: v.optional(v.boolean()),
  shape: v.optional(
    v.object({
      dim: v.optional(v.array(v.object({ size: v.optional(integer) }))),
      unknownRank: v.optional(v.boolean()),
    }),
  ),
  list: v.optional(v.object({ i: v.optional(v.array(integer)), s: v.optional(v.array(text)) })),
});
const Node = v.object({
  name: v.string(),
  op: v.string(),
  input: v.optional(v.array(v.string()), []),
  attr: v.optional(v.record(v.string(), v.unknown()), {}),
});
const Weight = v.object({
  name: v.string(),
  shape: v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  dtype: v.string(),
  quantization: v.optional(v.object({ dtype: v.optional(v.string()) })),
});
const Named = v.record(v.string(), v.object({ name: v.optional(v.string()) }));
const Model = v.object({
  format: v.optional(v.string()),
  modelTopology: v.object({
    node: v.array(Node),
    library: v.optional(
      v.object({
        function: v.optional(
          v.array(
            v.object({ signature: v.optional(v.object({ name: v.string() })), nodeDef: v.optional(v.array(Node), []) }),
          ),
        ),
      }),
    ),
  }),
  weightsManifest: v.optional(v.array(v.object({ paths: v.array(v.string()), weights: v.array(Weight) })), []),
  signature: v.optional(v.object({ outputs: v.optional(Named) })),
});

export type TfjsModel = v.InferOutput<typeof Model>;
export type TfjsNode = v.InferOutput<typeof Node>;
export type TfjsManifest = TfjsModel["weightsManifest"];
export type TfjsAttribute = v.InferOutput<typeof Attribute>;

export async function readTfjsModel(pieces: Pieces): Promise<TfjsModel> {
  const { path, size } = pieces;
  if (size > MAX_BYTES)
    fail(
      "invalid-argument",
      `${path} is no model.json: it has ${size} bytes, and no topology has more than ${MAX_BYTES}`,
    );
  const given = parse(path, new TextDecoder().decode(await pieces.bytes(0, size)));
  const { format, modelTopology } = given as { format?: unknown; modelTopology?: { model_config?: unknown } | null };
  if (format === "layers-model" || modelTopology?.model_config !== undefined) {
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
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    // The message quotes the file, which may hold control characters.
    const { message } = error as Error;
    return fail("invalid-argument", `${path} is no JSON: ${legible(message, 120)}`);
  }
}

export function attributeOf(node: TfjsNode, name: string): TfjsAttribute | undefined {
  const given: unknown = Object.hasOwn(node.attr, name) ? node.attr[name] : undefined;
  const checked = v.safeParse(Attribute, given);
  return checked.success ? checked.output : undefined;
}

export const decode = (given: string | readonly number[]): string =>
  typeof given === "string" ? Buffer.from(given, "base64").toString() : String.fromCharCode(...given.slice(0, 256));
