/** `tilewright extract`: lists the convolutions that a model needs, or puts the model into the config of `build`. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { type CommandDef, defineCommand } from "citty";
import writeFileAtomic from "write-file-atomic";
import { importWriter } from "../build/optionalPackages.js";
import { fail } from "../ir/errors.js";
import { finite } from "../ir/ops/plainSpec.js";
import { kernelName } from "../ir/ops/specName.js";
import { specRow } from "../ir/ops/specRow.js";
import { VERSION } from "../ir/version.js";
import { type Dims, legible, type ModelReport, readModel, type StatedShapes } from "../models/index.js";
import { counted } from "../report/format.js";
import { checkNames, dimsOf, namedValues } from "./arguments.js";
import type { Io } from "./io.js";
import { paintResult } from "./style.js";
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
  shape: {
    type: "string",
    valueHint: "name=sizes",
    description:
      "Shape of a tensor that is lost on the way, such as t=1x8x8x4 in the layout of the model; once for each",
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
      if (args.json) return io.out(`${JSON.stringify(report, finite, 2)}\n`);
      io.out(formatReport(report), { paint: paintResult });
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

/** The most rows for convolutions that are not covered, and the most notes. */
const MAX_ROWS = 50;

/** One row for each convolution, one for each reason why others are not covered, then what is odd, then the count. */
function formatReport(report: ModelReport): string {
  const { convolutions, uncovered, free, warnings } = report;
  const rows = convolutions.map(({ node, type, spec }) => [legible(node), legible(type), specRow(spec)]);
  const reasons = grouped(uncovered, ({ type, missing }) => [type, missing.join("; ")]);
  const notes = grouped(
    convolutions.flatMap(({ node, notes }) => notes.map((note) => ({ node, note }))),
    ({ note }) => [note],
  );
  const count = convolutions.length + uncovered.length;
  const distinct = new Set(convolutions.map(({ spec }) => kernelName(spec))).size;
  const parts = [
    rows.length === 0 ? [] : columns([["NODE", "TYPE", "SPEC"], ...rows]),
    reasons.length === 0 ? [] : columns([["NOT COVERED", "TYPE", "WHAT IS MISSING"], ...reasons]),
    notes.length === 0 ? [] : columns([["NODE", "NOTE"], ...notes]),
    warnings.map((warning) => `warning: ${legible(warning)}`),
    [
      count === 0
        ? "no convolutions"
        : `${counted(count, "convolution")}, ${convolutions.length} covered by ${counted(distinct, "distinct spec")}`,
      ...(free.length === 0 ? [] : [freeText(free)]),
    ],
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** A row for each distinct text, with the first node that it is about and the number of others. */
function grouped<T extends { readonly node: string }>(
  items: readonly T[],
  textOf: (item: T) => readonly string[],
): readonly (readonly string[])[] {
  const groups = new Map<string, { readonly first: T; count: number }>();
  for (const item of items) {
    const key = textOf(item).join("\n");
    const group = groups.get(key) ?? { first: item, count: 0 };
    groups.set(key, group);
    group.count++;
  }
  const all = [...groups.values()];
  const rows = all.slice(0, MAX_ROWS).map(({ first, count }) => {
    const node = legible(first.node);
    const cells = textOf(first).map((text) => legible(text, MAX_TEXT));
    return [count === 1 ? node : `${node} and ${count - 1} more`, ...cells];
  });
  const rest = all.slice(MAX_ROWS).reduce((sum, { count }) => sum + count, 0);
  return rest === 0 ? rows : [...rows, [`and ${rest} more for other reasons; --json lists all`]];
}

/** The most characters of a cell that joins reasons. */
const MAX_TEXT = 1000;

const freeText = (free: readonly string[]): string => {
  const names = free.slice(0, 20).map((name) => legible(name, 80));
  const more = free.length > names.length ? `, and ${free.length - names.length} more` : "";
  return `free dimensions: ${names.join(", ")}${more}; give each a size, such as --dim ${names[0]}=1`;
};
