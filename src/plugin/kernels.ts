/**
 * The kernels of one bundle: kernels of the configuration and kernels that sources define. Files are made on request.
 */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { checkConfig, findConfig, type LoadedConfig, loadConfig } from "../build/config.js";
import type { Config } from "../build/defineConfig.js";
import type { KernelFiles } from "../build/files.js";
import { barrelOf, filesOf } from "../build/make.js";
import { type KernelPlan, nameOf, planKernels, planOf } from "../build/plan.js";
import { Store } from "../build/store.js";
import { recordPaths, Tuning } from "../build/tuning.js";
import { canonicalKey } from "../ir/key.js";
import { specFacts } from "../ir/ops/index.js";
import type { Spec } from "../ir/ops/spec.js";
import { requestKey } from "../runtime/keys.js";
import type { Wanted } from "../runtime/wanted.js";
import { ID } from "./ids.js";

/** The kernels and files that the bundle uses. */
export interface Summary {
  readonly kernels: number;
  readonly modules: number;
  readonly bytes: number;
  readonly gzip: number;
}

export class Kernels {
  readonly #loaded: LoadedConfig;
  readonly #tuning: Tuning;
  /** Kernels of the configuration. */
  readonly #named: readonly KernelPlan[];
  /** Kernels that sources define, by name. */
  readonly #defined = new Map<string, KernelPlan>();
  readonly #store: Store;
  /** Files by a key of everything that decides their content. */
  readonly #made: Map<string, Promise<KernelFiles>>;
  readonly #used = new Set<KernelFiles>();

  private constructor(loaded: LoadedConfig, tuning: Tuning, plans: readonly KernelPlan[], before: Kernels | undefined) {
    this.#loaded = loaded;
    this.#tuning = tuning;
    this.#named = plans;
    this.#store = before ? before.#store : new Store(loaded.root);
    this.#made = before ? before.#made : new Map();
    // A watching bundler keeps its output for unchanged sources, which import kernels under these names.
    for (const { spec, wanted } of before ? before.#defined.values() : []) this.define(spec, wanted);
  }

  /** Reads the configuration: an object, a file, or the file in `root`, if there is one. */
  static async load(root: string, config: string | Config | undefined, before?: Kernels): Promise<Kernels> {
    const loaded = await loadAny(root, config);
    const tuning = await Tuning.load(loaded);
    const { kernels } = await planKernels(loaded, tuning);
    return new Kernels(loaded, tuning, kernels, before);
  }

  /** The files whose change makes other kernels. */
  get sources(): readonly string[] {
    const { root, file, config } = this.#loaded;
    const named = [...config.models.map(({ path }) => path), ...config.recorded].map((path) => resolve(root, path));
    const all = [...named, ...recordPaths(this.#loaded)];
    return file === undefined ? all : [file, ...all];
  }

  /**
   * Adds a kernel that a source file defines, and returns its name. The name depends on no configuration, so it stays
   * valid.
   */
  define(spec: Spec, wanted: Required<Wanted>): string {
    const name = nameOf(spec, wanted);
    this.#defined.set(name, planOf(name, { spec, wanted }, this.#loaded.config.targets, this.#tuning));
    return name;
  }

  /** The text of the file with this path in a build; undefined if there is none. */
  async read(path: string): Promise<string | undefined> {
    const [name = ""] = path.split("/");
    const plan = this.#defined.get(name) ?? this.#named.find((named) => named.name === name);
    if (!plan) return (await barrelOf(this.#named, this.#store)).files.get(path) as string | undefined;
    const request = requestKey(plan.spec, plan.wanted);
    const same = this.#named.find(({ spec, wanted }) => requestKey(spec, wanted) === request);
    // The bundle needs only one copy of a kernel that has two names.
    if (same && same.name !== name) return `export { ${same.name} as ${name} } from "../${same.name}/index.js";\n`;
    const made = await this.#make(plan);
    if (!path.endsWith("/index.js")) this.#used.add(made);
    return made.files.get(path) as string | undefined;
  }

  #make(plan: KernelPlan): Promise<KernelFiles> {
    // Bundlers are given no files beside the modules.
    const forms = { wasm: "inline", imports: this.#loaded.config.imports } as const;
    const key = canonicalKey({ plan, forms });
    const made = this.#made.get(key) ?? filesOf(plan, forms, this.#store);
    this.#made.set(key, made);
    return made;
  }

  get summary(): Summary {
    const modules = [...this.#used].flatMap((made) => made.modules);
    const total = (count: "bytes" | "gzip") => modules.reduce((sum, module) => sum + module[count], 0);
    return { kernels: this.#used.size, modules: modules.length, bytes: total("bytes"), gzip: total("gzip") };
  }

  /** Writes declarations of the modules, unless the file has them already. */
  async writeTypes(path: string): Promise<void> {
    const { writeAmbient } = await import("../codegen/aot/writeAmbient.js");
    const kernels = this.#named.map(({ name, spec }) => ({ name, ...specFacts(spec) }));
    const text = writeAmbient(ID, kernels);
    if (!existsSync(path) || readFileSync(path, "utf8") !== text) await writeFileAtomic(path, text);
  }
}

async function loadAny(root: string, config: string | Config | undefined): Promise<LoadedConfig> {
  if (typeof config === "string") return loadConfig({ cwd: root, file: config });
  const inline = async (given: Config): Promise<LoadedConfig> => {
    return { root, file: undefined, config: await checkConfig(given, "the plugin's config") };
  };
  return config === undefined ? ((await findConfig(root)) ?? inline({})) : inline(config);
}
