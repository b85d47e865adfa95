/** Makes files from plans, in memory. The build compares and writes them; the bundler plugin serves them. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import * as aot from "../codegen/aot/index.js";
import { compileModule, DEFAULT_LIMITS, findPoint, type KernelModule, targetOf } from "../codegen/index.js";
import { programOf, specFacts } from "../ir/ops/index.js";
import type { Spec } from "../ir/ops/spec.js";
import { FORMAT, type Variant } from "../runtime/built/modules.js";
import { requestKey } from "../runtime/keys.js";
import type { CheckedConfig } from "./config.js";
import type { KernelPlan } from "./plan.js";
import { FEATURES } from "./tuning.js";

/** Files by path, with forward slashes. */
export type Files = ReadonlyMap<string, string | Uint8Array>;

/** One variant of a kernel, as it was built. */
export interface BuiltModule {
  readonly variant: Variant;
  /** The size of its file and of the binaries beside it, before minification. */
  readonly bytes: number;
  readonly gzip: number;
  readonly schedule: string;
  /** True if the schedule comes from tuning and not from the cost model. */
  readonly isTuned: boolean;
}

export interface KernelFiles {
  /** The files of the kernel; their folder has its name. */
  readonly files: Files;
  readonly modules: readonly BuiltModule[];
}

/** The facts about a kernel that the build reports once its files are written. */
export interface KernelSummary {
  readonly name: string;
  readonly spec: Spec;
  readonly modules: readonly BuiltModule[];
}

/** The forms that files may have. */
export type Forms = Pick<CheckedConfig, "wasm"> & Partial<Pick<CheckedConfig, "imports">>;

export function kernelFiles(plan: KernelPlan, { wasm, imports = "dynamic" }: Forms): KernelFiles {
  const { name, spec, wanted, variants } = plan;
  const facts = specFacts(spec);
  const compiled = wasm === "module" || undefined;
  const head = { ...facts, format: FORMAT, request: requestKey(spec, wanted), compiled };
  const files = new Map<string, string | Uint8Array>([
    [`${name}/index.js`, aot.writeKernel(name, head, { variants, imports })],
    [`${name}/index.d.ts`, aot.writeKernelTypes(name, facts)],
  ]);
  const modules = variants.map((variant): BuiltModule => {
    const {
      module: { key, ...rest },
      isTuned,
    } = compile(plan, variant);
    const module: KernelModule = { ...rest, key: createHash("sha256").update(key).digest("hex") } as KernelModule;
    const { text, types, binaries } = aot.writeModule(module, { name: variant, wasm, limits: DEFAULT_LIMITS });
    files.set(`${name}/${variant}.js`, text);
    files.set(`${name}/${variant}.d.ts`, types);
    for (const [file, code] of binaries) files.set(`${name}/${file}`, code);
    return { variant, schedule: module.schedule, isTuned, ...sizeOf([text, ...binaries.values()]) };
  });
  return { files, modules };
}

/** The files that name all kernels. */
export function barrelFiles(plans: readonly Pick<KernelPlan, "name">[]): Files {
  const names = plans.map(({ name }) => name);
  return new Map([
    ["index.js", aot.writeBarrel(names)],
    ["index.d.ts", aot.writeBarrel(names)],
    ["registry.js", aot.writeRegistry(names)],
    ["registry.d.ts", aot.writeRegistryTypes()],
  ]);
}

/** Compiles one variant. A tuned schedule that this compiler would not make is ignored: anyone may have written it. */
function compile({ spec, wanted, tuned }: KernelPlan, variant: Variant): { module: KernelModule; isTuned: boolean } {
  const target = targetOf(FEATURES[variant]);
  const name = tuned[variant];
  const point = name && findPoint(programOf(spec), target, wanted, name);
  const options = point ? { algorithm: point.algorithm, schedule: point.plan().schedule } : wanted;
  return { module: compileModule(spec, { target, ...options }), isTuned: point !== undefined };
}

function sizeOf(parts: readonly (string | Uint8Array)[]): { bytes: number; gzip: number } {
  const all = parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part));
  return {
    bytes: all.reduce((sum, part) => sum + part.length, 0),
    gzip: all.reduce((sum, part) => sum + gzipSync(part).length, 0),
  };
}
