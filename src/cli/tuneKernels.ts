/**
 * Finds the kernels to tune: those of a configuration, or those of the models, recordings and specs in the arguments.
 */
import { readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { checkConfig, findConfig, type LoadedConfig, loadConfig } from "../build/config.js";
import { type KernelPlan, planKernels } from "../build/plan.js";
import { DEFAULT_RECORDS, Tuning } from "../build/tuning.js";
import { fail } from "../ir/errors.js";
import { meant } from "../ir/meant.js";
import type { Spec } from "../ir/ops/spec.js";
import { checkWanted } from "../ir/rewrites/wanted.js";
import { wasmFeaturesOf } from "../runtime/compiledFor.js";
import { wasmOptions } from "../runtime/compileWasm.js";
import type { Features } from "../runtime/wanted.js";
import type { TuningJob } from "../tune/tune.js";
import { dimsOf } from "./arguments.js";
import { type Io, isGiven, readJson } from "./io.js";

/** Options of the commands that tune: which kernels, and where their records are. */
export const KERNEL_ARGS = {
  input: {
    type: "positional",
    required: false,
    description: "Models, recordings, or specs as explain takes them; by default the kernels of the configuration",
  },
  accuracy: { type: "string", valueHint: "name", description: "exact or fast; by default as each kernel says" },
  only: { type: "string", valueHint: "names", description: "Some of the kernels, with commas between them" },
  records: {
    type: "string",
    valueHint: "path",
    description: "The file; by default the first that the configuration names",
  },
  config: { type: "string", valueHint: "path", description: "The configuration; by default tilewright.config.ts here" },
  dim: {
    type: "string",
    valueHint: "name=size",
    description: "Size of a dimension that a model leaves free; once for each",
  },
} as const;

export interface KernelArguments {
  readonly _: readonly string[];
  readonly config?: string | undefined;
  readonly only?: string | undefined;
  readonly target: string;
  readonly threads?: string | undefined;
  readonly accuracy?: string | undefined;
  readonly records?: string | undefined;
}

/** The kernels to tune, and the path of the records as messages show it. */
export async function kernelsFor(
  args: KernelArguments,
  rawArgs: readonly string[],
  io: Io,
): Promise<{ kernels: TuningJob[]; records: string }> {
  if (args.target !== "wasm" && args.target !== "js") {
    fail(
      "invalid-argument",
      `--target takes wasm or js; got "${args.target}" (a GPU is tuned for in a page, by tilewright/tuning)`,
    );
  }
  if (args.target === "js" && args.threads !== undefined)
    fail("invalid-argument", "--threads is about WebAssembly; leave it out");
  const loaded = args._.length > 0 ? await inputs(args, rawArgs, io) : await configured(args.config);
  const { kernels: plans } = await planKernels(loaded, Tuning.NONE);
  const kernels = chosen(plans, args.only).map((plan) => kernelOf(plan, args));
  const [first = DEFAULT_RECORDS] = loaded.config.tuning ?? [];
  return { kernels, records: args.records ?? (relative(process.cwd(), resolve(loaded.root, first)) || first) };
}

const configured = (file: string | undefined): Promise<LoadedConfig> =>
  loadConfig({ cwd: process.cwd(), ...(file === undefined ? {} : { file }) });

/** A configuration made from the arguments. It takes the paths of records from the real one, if there is one. */
async function inputs(
  { _: given, config: file }: KernelArguments,
  rawArgs: readonly string[],
  io: Io,
): Promise<LoadedConfig> {
  const cwd = process.cwd();
  const found = file === undefined ? await findConfig(cwd) : await loadConfig({ cwd, file });
  const dims = dimsOf(rawArgs);
  const read = await Promise.all(given.map(async (one) => ({ path: resolve(one), ...(await kindOf(one, io)) })));
  const kernels = read.flatMap(({ kind, spec }, i) => (kind === "spec" ? [[`spec${i + 1}`, spec] as const] : []));
  const config = {
    kernels: Object.fromEntries(kernels),
    models: read.flatMap(({ kind, path }) => (kind === "model" ? [{ path, dims }] : [])),
    recorded: read.flatMap(({ kind, path }) => (kind === "recording" ? [path] : [])),
    ...(found?.config.tuning ? { tuning: found.config.tuning } : {}),
  };
  return { root: found?.root ?? cwd, file: undefined, config: await checkConfig(config, "the arguments") };
}

type Kind =
  | { readonly kind: "model" | "recording"; readonly spec?: undefined }
  | { readonly kind: "spec"; readonly spec: unknown };

/**
 * The kind of an argument: a spec as `explain` takes it, or a file, by its content. A file that cannot be read counts
 * as a model: the reader of models says what is wrong.
 */
async function kindOf(path: string, io: Io): Promise<Kind> {
  if (isGiven(path)) return { kind: "spec", spec: await readJson("spec", path, io) };
  if (path.endsWith(".onnx")) return { kind: "model" };
  const value = parse(await readFile(path, "utf8").catch(() => ""));
  if (value && ("op" in value || "formula" in value)) return { kind: "spec", spec: value };
  return { kind: value && "format" in value && value.format === "tilewright-shapes" ? "recording" : "model" };
}

function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function chosen(plans: readonly KernelPlan[], only: string | undefined): readonly KernelPlan[] {
  if (plans.length === 0)
    fail("invalid-argument", "there is no kernel to tune; name some in the configuration, or give a model");
  if (only === undefined) return plans;
  const names = only.split(",").filter((name) => name !== "");
  const strange = names.find((name) => !plans.some((plan) => plan.name === name));
  if (strange !== undefined) {
    const known = plans.map(({ name }) => name);
    const hint = meant(strange, known);
    fail("invalid-argument", `--only: there is no kernel ${strange}; there are ${known.join(", ")}${hint}`);
  }
  return plans.filter(({ name }) => names.includes(name));
}

function kernelOf({ name, spec, wanted }: KernelPlan, args: KernelArguments): TuningJob {
  const { accuracy, algorithm } = wanted;
  const asked = args.accuracy === undefined ? { accuracy } : { accuracy: args.accuracy };
  const { features, threads } = featuresFor(spec, args);
  return { name, spec, wanted: checkWanted({ ...asked, algorithm }), target: features, threads };
}

/** The features of this engine. */
export function featuresFor(
  spec: Spec,
  { target, threads: given }: Pick<KernelArguments, "target" | "threads">,
): { features: Features; threads: number } {
  if (target === "js") return { features: { language: "js" }, threads: 1 };
  const wasm = wasmOptions(spec, given === undefined ? {} : { threads: Number(given) });
  return { features: wasmFeaturesOf(wasm), threads: wasm.threads };
}
