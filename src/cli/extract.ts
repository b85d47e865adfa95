/** `tilewright extract`: lists the convolutions that a model needs, or puts the model into the config of `build`. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { type CommandDef, defineCommand } from "citty";
import writeFileAtomic from "write-file-atomic";
import { importWriter } from "../build/optionalPackages.js";
import { fail } from "../ir/errors.js";
import { finite } from "../ir/ops/plainSpec.js";
import { VERSION } from "../ir/version.js";
import { type Dims, type ModelReport, readModel, type StatedShapes, type WeightName } from "../models/index.js";
import { checkNames, dimsOf, namedValues } from "./arguments.js";
import { formatReport } from "./extractText.js";
import { type WrittenWeight, writeWeights } from "./extractWeights.js";
import type { Io } from "./io.js";
import { paintResult } from "./style.js";

/** The end of the help, after the options. */
export const EXTRACT_HELP = `
EXAMPLE

  tilewright extract model.onnx
  tilewright extract model.onnx --dim batch=1 --dim height=64 --weights weights
`;

const ARGS = {
  model: {
    type: "positional",
    required: true,
    description: "A .onnx file, or the model.json of a TensorFlow.js graph model",
  },
  dim: {
    type: "string",
    valueHint: "name=size",
    description: "Size of a dimension that the model leaves free; once for each",
  },
  shape: {
    type: "string",
    valueHint: "name=sizes",
    description:
      "Shape of a tensor that is lost on the way, such as t=1x8x8x4 in the layout of the model; once for each",
  },
  weights: {
    type: "string",
    valueHint: "folder",
    description: "Write the weights of the layers into this folder: a .bin of float32 for each tensor",
  },
  write: { type: "boolean", description: "Put the model into the config, which is made if there is none" },
  config: {
    type: "string",
    valueHint: "path",
    description: "The config for --write; by default tilewright.config.ts here",
  },
  json: { type: "boolean", description: "Print one JSON object" },
} as const;

export const extractCommand = (io: Io): CommandDef<typeof ARGS> =>
  defineCommand({
    meta: { name: "tilewright extract", version: VERSION, description: "Lists the convolutions that a model needs" },
    args: ARGS,
    async run({ args, rawArgs }) {
      checkArguments(args);
      const given = { dims: dimsOf(rawArgs), shapes: shapesOf(rawArgs) };
      const report = await readModel(args.model, given.dims, given.shapes);
      const written =
        args.write && report.convolutions.length > 0 ? await writeConfig(args.model, given, args.config) : undefined;
      const weights =
        args.weights === undefined || report.convolutions.length === 0
          ? undefined
          : await writeWeights(args.model, report, args.weights);
      if (args.json) return io.out(`${JSON.stringify(plainReport(report, weights), finite, 2)}\n`);
      io.out(formatReport(report, weights), { paint: paintResult });
      if (args.write)
        io.out(written === undefined ? "nothing to compile, so nothing was written\n" : `written to ${written}\n`);
    },
  });

function checkArguments(args: Readonly<Record<string, unknown>> & { readonly _: readonly string[] }): void {
  checkNames(args, ARGS);
  if (args._.length > 1) fail("invalid-argument", `one model at a time, not ${args._.length}`);
  if (args.config !== undefined && !args.write)
    fail("invalid-argument", "--config says where --write writes; say --write as well");
  if (args.weights === "") fail("invalid-argument", "--weights takes the path of a folder");
  if (args.config === "") fail("invalid-argument", "--config takes the path of a config file");
}

/** The report in JSON: of each tensor of weights its name and layout, and its file or why there is none. */
const plainReport = (report: ModelReport, written: ReadonlyMap<WeightName, WrittenWeight> | undefined): object => ({
  ...report,
  convolutions: report.convolutions.map(({ weights, ...rest }) => ({
    ...rest,
    weights: Object.fromEntries(
      Object.entries<WeightName>({ ...weights }).map(([tensor, weight]) => {
        const { name, layout } = weight;
        return [tensor, { name, layout, ...written?.get(weight) }];
      }),
    ),
  })),
});

/** The shapes given by `--shape`. */
const shapesOf = (rawArgs: readonly string[]): StatedShapes =>
  Object.fromEntries(
    namedValues(rawArgs, "shape", /^(.+)=(\d+(?:x\d+)*)$/, "a name and sizes, such as t=1x8x8x4").map(
      ([name, sizes]) => [name, sizes.split("x").map(Number)],
    ),
  );

const CONFIGS = ["ts", "js", "mjs", "json"].map((extension) => `tilewright.config.${extension}`);

/** Adds the model to the config. The file is replaced in one step, so that nobody reads half of it. */
async function writeConfig(
  model: string,
  given: { readonly dims: Dims; readonly shapes: StatedShapes },
  config: string | undefined,
): Promise<string> {
  const path = config ?? CONFIGS.find((name) => existsSync(name)) ?? (CONFIGS[0] as string);
  const fromConfig = relative(dirname(resolve(path)), resolve(model))
    .split(sep)
    .join("/");
  const entry = { path: fromConfig, ...given };
  const { addModel, newConfig } = await importWriter(() => import("../codegen/aot/editConfig.js"));
  try {
    const before = existsSync(path) ? await readFile(path, "utf8") : undefined;
    const after = before === undefined ? newConfig(entry) : addModel(before, entry);
    if (after !== before) await writeFileAtomic(path, after);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof Error && error.name === "TilewrightError") fail("invalid-argument", `${path}: ${message}`);
    if (code === undefined) throw error;
    fail("invalid-argument", `${path} cannot be written (${code})`);
  }
  return path;
}
