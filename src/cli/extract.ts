/** `tilewright extract`: lists the convolutions that a model needs, or puts the model into the config of `build`. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { type CommandDef, defineCommand } from "citty";
import writeFileAtomic from "write-file-atomic";
import { addModel, newConfig } from "../codegen/aot/editConfig.js";
import { fail } from "../ir/errors.js";
import { kernelName } from "../ir/ops/specName.js";
import { specRow } from "../ir/ops/specRow.js";
import { VERSION } from "../ir/version.js";
import { type Dims, type ModelReport, readModel } from "../models/index.js";
import { counted } from "../report/format.js";
import { checkNames, dimsOf } from "./arguments.js";
import type { Io } from "./io.js";
import { columns } from "./table.js";

/** The end of the help, after the options. */
export const EXTRACT_HELP = `
EXAMPLE

  tilewright extract model.onnx --dim batch=1 --dim height=64 --write
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
      const dims = dimsOf(rawArgs);
      const report = await readModel(args.model, dims);
      const written =
        args.write && report.convolutions.length > 0 ? await writeConfig(args.model, dims, args.config) : undefined;
      if (args.json) return io.out(`${JSON.stringify(report, null, 2)}\n`);
      io.out(formatReport(report));
      if (args.write)
        io.out(written === undefined ? "nothing to compile, so nothing was written\n" : `written to ${written}\n`);
    },
  });

function checkArguments(args: Readonly<Record<string, unknown>> & { readonly _: readonly string[] }): void {
  checkNames(args, ARGS);
  if (args._.length > 1) fail("invalid-argument", `one model at a time, not ${args._.length}`);
  if (args.config !== undefined && !args.write)
    fail("invalid-argument", "--config says where --write writes; say --write as well");
  if (args.config === "") fail("invalid-argument", "--config takes the path of a config file");
}

const CONFIGS = ["ts", "js", "mjs", "json"].map((extension) => `tilewright.config.${extension}`);

/** Adds the model to the config. The file is replaced in one step, so that nobody reads half of it. */
async function writeConfig(model: string, dims: Dims, given: string | undefined): Promise<string> {
  const path = given ?? CONFIGS.find((name) => existsSync(name)) ?? (CONFIGS[0] as string);
  const fromConfig = relative(dirname(resolve(path)), resolve(model))
    .split(sep)
    .join("/");
  const entry = { path: fromConfig, dims };
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

/** One row for each convolution, then one for each that is not covered, then the count. */
function formatReport({ convolutions, uncovered }: ModelReport): string {
  const rows = convolutions.map(({ node, type, spec }) => [node, type, specRow(spec)]);
  const distinct = new Set(convolutions.map(({ spec }) => kernelName(spec))).size;
  const lines = rows.length === 0 ? [] : columns([["NODE", "TYPE", "SPEC"], ...rows]);
  if (uncovered.length > 0) {
    const missing = uncovered.map(({ node, type, missing }) => [node, type, missing.join("; ")]);
    lines.push(...(lines.length > 0 ? [""] : []), ...columns([["NOT COVERED", "TYPE", "WHAT IS MISSING"], ...missing]));
  }
  const count = convolutions.length + uncovered.length;
  const summary =
    count === 0
      ? "no convolutions"
      : `${counted(count, "convolution")}, ${convolutions.length} covered by ${counted(distinct, "distinct spec")}`;
  return `${[...lines, ...(lines.length > 0 ? [""] : []), summary].join("\n")}\n`;
}
