/** Loads a configuration and holds it to its rules: what is wrong is told as one sentence with its path in the file. */
import { basename, dirname, resolve } from "node:path";
import * as v from "valibot";
import { fail, show, TilewrightError } from "../ir/errors.js";
import { checkSpec, type OpSpec } from "../ir/ops/spec.js";
import type { Wanted } from "../runtime/jit.js";
import { checkWanted } from "../runtime/wanted.js";
import type { BuildTarget, ModelConfig } from "./defineConfig.js";

/** A configuration with every default filled in. */
export interface CheckedConfig {
  readonly out: string;
  readonly targets: readonly BuildTarget[];
  readonly wasm: "inline" | "file";
  readonly kernels: readonly CheckedKernel[];
  readonly models: readonly Required<ModelConfig>[];
  readonly recorded: readonly string[];
}

export interface CheckedKernel {
  readonly name: string;
  readonly spec: OpSpec;
  readonly wanted: Required<Wanted>;
  readonly targets: readonly BuildTarget[];
}

export interface LoadedConfig {
  /** The folder that paths in it are relative to. */
  readonly root: string;
  /** Undefined where it was given as an object. */
  readonly file: string | undefined;
  readonly config: CheckedConfig;
}

const EXAMPLE = `export default { kernels: { head: { op: "conv2d", value: [1, 33, 33, 64], filters: [3, 3, 64, 32], rate: 2, padding: "SAME" } } };`;

/** The configuration `file`, or the one called tilewright.config in `cwd`; throws `invalid-argument` where there is none. */
export async function loadConfig({ cwd, file }: { cwd: string; file?: string }): Promise<LoadedConfig> {
  const found = await findConfig(cwd, file);
  if (found) return found;
  return fail(
    "invalid-argument",
    file === undefined
      ? `there is no tilewright.config.ts (or .js, .mjs, .json) in ${cwd}; write one, such as: ${EXAMPLE}`
      : `there is no configuration ${file}; name one that is there, or leave --config out`,
  );
}

/** The same, or undefined where there is none. */
export async function findConfig(cwd: string, file?: string): Promise<LoadedConfig | undefined> {
  const { loadConfig: load } = await import("c12");
  const only = { rcFile: false, globalRc: false, dotenv: false, packageJson: false, extend: false } as const;
  const named = file === undefined ? {} : { configFile: resolve(cwd, file), configFileRequired: true };
  const name = file ?? "tilewright.config";
  try {
    const { config, _configFile: path } = await load<object>({ name: "tilewright", cwd, ...only, ...named });
    if (path === undefined) return undefined;
    return { root: dirname(path), file: path, config: checkConfig(config, basename(path)) };
  } catch (error) {
    if (error instanceof TilewrightError) throw error;
    const { message } = error as Error;
    if (file !== undefined && /not found|cannot be resolved|ENOENT/i.test(message)) return undefined;
    return fail("invalid-argument", `${name} cannot be loaded: ${message.split("\n")[0]}`);
  }
}

const TARGETS = ["js", "wasm", "wasm-threads", "webgpu", "webgpu-f16"] as const;
const targets = v.array(v.picklist(TARGETS));
const name = v.pipe(v.string(), v.minLength(1, "must not be empty"));
const size = v.pipe(v.number(), v.integer(), v.minValue(1));

const CONFIG = v.strictObject({
  out: v.optional(name, "generated"),
  targets: v.optional(targets, ["js", "wasm", "webgpu"]),
  wasm: v.optional(v.picklist(["inline", "file"]), "inline"),
  kernels: v.optional(v.record(v.string(), v.looseObject({ targets: v.optional(targets) })), {}),
  models: v.optional(
    v.array(v.union([name, v.strictObject({ path: name, dims: v.optional(v.record(v.string(), size), {}) })])),
    [],
  ),
  recorded: v.optional(v.array(name), []),
});

/** `file` is named in messages. */
export function checkConfig(value: unknown, file: string): CheckedConfig {
  const read = v.safeParse(CONFIG, value);
  if (!read.success) return fail("invalid-argument", `${file}: ${sentence(read.issues[0])}`);
  const { kernels, models, ...rest } = read.output;
  return {
    ...rest,
    models: models.map((model) => (typeof model === "string" ? { path: model, dims: {} } : model)),
    kernels: Object.entries(kernels).map(([name, given]) => checkKernel(name, given, rest.targets, file)),
  };
}

function sentence(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue) ?? "the configuration";
  if (issue.type === "strict_object" && issue.expected === "never") {
    return `there is no option ${path}; there are ${Object.keys(CONFIG.entries).join(", ")}`;
  }
  return `${path} must be ${issue.expected ?? issue.message}; got ${show(issue.input)}`;
}

/** Names of what is generated beside kernels. */
const TAKEN = ["index", "registry"];

function checkKernel(
  name: string,
  { targets, accuracy, algorithm, ...spec }: Readonly<Record<string, unknown>>,
  byDefault: readonly BuildTarget[],
  file: string,
): CheckedKernel {
  const where = `${file}: kernels.${name}`;
  if (!isIdentifier(name)) fail("invalid-argument", `${where} is no name to export; use letters, digits and _`);
  if (TAKEN.includes(name)) fail("invalid-argument", `${where}: that name is taken by a generated file; use another`);
  try {
    const wanted = checkWanted({ ...(accuracy === undefined ? {} : { accuracy }), algorithm });
    return { name, spec: checkSpec(spec), wanted, targets: (targets as CheckedKernel["targets"]) ?? byDefault };
  } catch (error) {
    if (!(error instanceof TilewrightError)) throw error;
    throw new TilewrightError(error.code, `${where}: ${error.message}`, error.bytes);
  }
}

/** Whether `export const <name>` is JavaScript. */
function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name) && !RESERVED.has(name);
}

const RESERVED = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false " +
    "finally for function if implements import in instanceof interface let new null package private protected public " +
    "return static super switch this throw true try typeof undefined var void while with yield"
  ).split(" "),
);
