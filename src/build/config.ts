/** Loads and checks a configuration. An error is one sentence, with the place of the mistake in the file. */

import { existsSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { inspect, types } from "node:util";
import * as v from "valibot";
import { fail, show, TilewrightError } from "../ir/errors.js";
import { meant } from "../ir/meant.js";
import type { Spec } from "../ir/ops/spec.js";
import { checkWanted, type Wanted } from "../ir/rewrites/wanted.js";
import { loadSpec } from "../runtime/specs.js";
import type { BuildTarget, ModelConfig } from "./defineConfig.js";
import { checkName } from "./names.js";

/** A configuration with every default filled in. */
export interface CheckedConfig {
  readonly out: string;
  readonly targets: readonly BuildTarget[];
  readonly wasm: "inline" | "file" | "module";
  readonly imports: "dynamic" | "static";
  readonly kernels: readonly CheckedKernel[];
  readonly models: readonly Required<ModelConfig>[];
  readonly recorded: readonly string[];
  /** Files of tuning records. Undefined means the default file, if that exists. */
  readonly tuning: readonly string[] | undefined;
}

export interface CheckedKernel {
  readonly name: string;
  readonly spec: Spec;
  readonly wanted: Required<Wanted>;
  readonly targets: readonly BuildTarget[];
}

export interface LoadedConfig {
  /** The folder to which paths in the configuration are relative. */
  readonly root: string;
  /** The path of the configuration; undefined if the caller gave an object. */
  readonly file: string | undefined;
  readonly config: CheckedConfig;
}

/** Loads the configuration `file`, or else tilewright.config.* in `cwd`. Throws `invalid-argument` if there is none. */
export async function loadConfig({ cwd, file }: { cwd: string; file?: string }): Promise<LoadedConfig> {
  const found = await findConfig(cwd, file);
  if (found) return found;
  return fail(
    "invalid-argument",
    file === undefined
      ? `there is no tilewright.config.ts (or .js, .mjs, .json) in ${cwd}; run npx tilewright init, which writes one`
      : `there is no configuration ${file}; name one that is there, or leave --config out`,
  );
}

/** Loads the configuration `file`, or else tilewright.config.* in `cwd`. Returns undefined if there is none. */
export async function findConfig(cwd: string, file?: string): Promise<LoadedConfig | undefined> {
  const { loadConfig: load } = await import("c12");
  // c12 must read only the file: no environment, no home directory, no network.
  const off = { rcFile: false, globalRc: false, dotenv: false, packageJson: false, extend: false } as const;
  const only = { ...off, envName: false, giget: false, merger: firstOf } as const;
  const named = file === undefined ? {} : { configFile: resolve(cwd, file), configFileRequired: true };
  try {
    const { config, _configFile: path } = await load<object>({ name: "tilewright", cwd, ...only, ...named });
    if (path === undefined) return undefined;
    if (isNothing(config, path)) {
      fail(
        "invalid-argument",
        `${basename(path)} has no default export, or an empty one; write export default { kernels: { name: spec } }`,
      );
    }
    return { root: dirname(path), file: path, config: await checkConfig(config, basename(path)) };
  } catch (error) {
    if (error instanceof TilewrightError) throw error;
    if (/^Required config .* cannot be resolved/.test(reasonOf(error))) return undefined;
    return fail("invalid-argument", `${file ?? nameIn(cwd)} cannot be loaded: ${reasonOf(error)}`);
  }
}

/** The file name of the configuration in `cwd`, for messages. */
const nameIn = (cwd: string): string =>
  ["ts", "js", "mjs", "json"].map((end) => `tilewright.config.${end}`).find((name) => existsSync(resolve(cwd, name))) ??
  "tilewright.config";

/** Takes the only source. c12 would merge it with nothing, which silently drops null and keys such as `constructor`. */
const firstOf = <T>(...sources: (T | null | undefined)[]): T => sources.find((source) => source != null) as T;

/**
 * True for what loading makes of a file without a default export: the module itself, or an object without properties.
 * Taken for a configuration it would ask for no kernels, and all files would be removed.
 */
function isNothing(config: unknown, path: string): boolean {
  if (typeof config !== "object" || config === null) return config === undefined;
  if (types.isModuleNamespaceObject(config) || "__esModule" in config) return true;
  return Object.keys(config).length === 0 && !path.endsWith(".json");
}

/** The first line of what was thrown. A syntax error keeps its second line, too, which names the place. */
function reasonOf(error: unknown): string {
  const lines = (types.isNativeError(error) ? String(error.message) : inspect(error)).split("\n");
  return lines
    .slice(0, lines[0]?.startsWith("ParseError") ? 2 : 1)
    .map((line) => line.trim())
    .join(" in ");
}

const TARGETS = ["js", "wasm", "wasm-threads", "webgpu", "webgpu-f16"] as const;
const TARGET_LIST = TARGETS.map(show).join(", ");

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A message stands after the path of the wrong value and before the value itself. */
const record = (message: string) => v.custom<Readonly<Record<string, unknown>>>(isRecord, message);
const path = (message: string) => v.pipe(v.string(message), v.nonEmpty(message));
const list = <T extends v.GenericSchema>(item: T, message: string) => v.array(item, message);
const targets = v.pipe(
  list(v.picklist(TARGETS, `must be one of ${TARGET_LIST}`), `takes a list of ${TARGET_LIST}`),
  v.minLength(1, `takes at least one of ${TARGET_LIST}`),
);
const SIZE = "takes an integer >= 1";
const MODEL_PATH = "takes the path of a model, or { path, dims, shapes }";
const size = v.pipe(v.number(SIZE), v.integer(SIZE), v.minValue(1, SIZE));
const model = v.strictObject(
  {
    path: path("takes the path of a model"),
    dims: v.optional(v.record(v.string(), size), {}),
    shapes: v.optional(v.record(v.string(), v.array(size, "takes a list of sizes")), {}),
  },
  MODEL_PATH,
);

const CONFIG = v.strictObject(
  {
    out: v.optional(path("takes the path of a folder"), "generated"),
    targets: v.optional(targets, ["js", "wasm", "webgpu"]),
    wasm: v.optional(v.picklist(["inline", "file", "module"], 'must be "inline", "file" or "module"'), "inline"),
    imports: v.optional(v.picklist(["dynamic", "static"], 'must be "dynamic" or "static"'), "dynamic"),
    kernels: v.optional(record("takes an object with a spec for each name"), {}),
    models: v.optional(
      list(
        v.lazy((given) => (isRecord(given) ? model : path(MODEL_PATH))),
        "takes a list of models",
      ),
      [],
    ),
    recorded: v.optional(
      list(path("takes the path of a recording"), "takes a list of paths of what recordShapes() recorded"),
      [],
    ),
    tuning: v.optional(
      list(path("takes the path of a file"), "takes a list of paths of what tilewright tune has written"),
    ),
  },
  "takes an object such as { kernels: { name: spec } }",
);

/** @param file the name of the configuration in messages */
export async function checkConfig(value: unknown, file: string): Promise<CheckedConfig> {
  // valibot takes a list for an object.
  if (Array.isArray(value)) return fail("invalid-argument", `${file}: it takes an object, not a list`);
  const read = v.safeParse(CONFIG, value);
  if (!read.success) return fail("invalid-argument", `${file}: ${sentence(read.issues[0])}`);
  const { kernels, models, tuning, ...rest } = read.output;
  const checked: CheckedKernel[] = [];
  for (const [name, given] of Object.entries(kernels)) checked.push(await checkKernel(name, given, rest.targets, file));
  return {
    ...rest,
    tuning,
    models: models.map((model) => (typeof model === "string" ? { path: model, dims: {}, shapes: {} } : model)),
    kernels: checked,
  };
}

function sentence(issue: v.BaseIssue<unknown>): string {
  const keys = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`));
  const where = keys.join("").replace(/^\./, "");
  if (issue.type === "strict_object" && issue.expected === "never") {
    const known = where.startsWith("models[") ? model : CONFIG;
    const names = Object.keys(known.entries);
    return `there is no option ${where}; there are ${names.join(", ")}${meant(String(issue.path?.at(-1)?.key), names)}`;
  }
  return `${where || "it"} ${issue.message}; got ${show(issue.input)}`;
}

async function checkKernel(
  name: string,
  given: unknown,
  byDefault: readonly BuildTarget[],
  file: string,
): Promise<CheckedKernel> {
  const where = `kernels.${name}`;
  checkName(name, `${file}: ${where}`);
  if (!isRecord(given)) return fail("invalid-argument", `${file}: ${where} takes a spec; got ${show(given)}`);
  const { targets: own, accuracy, algorithm, ...spec } = given;
  const read = v.safeParse(v.optional(targets, [...byDefault]), own);
  if (!read.success) {
    return fail("invalid-argument", `${file}: ${where}.targets${sentence(read.issues[0]).replace(/^it/, "")}`);
  }
  try {
    const wanted = checkWanted({ ...(accuracy === undefined ? {} : { accuracy }), algorithm });
    return { name, spec: await loadSpec(spec), wanted, targets: read.output };
  } catch (error) {
    if (!(error instanceof TilewrightError)) throw error;
    throw new TilewrightError(error.code, `${file}: ${where}: ${error.message}`, error.bytes);
  }
}
