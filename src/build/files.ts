/** Makes files from plans, in memory. The build compares and writes them; the bundler plugin serves them. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import * as aot from "../codegen/aot/index.js";
import { compileModule, DEFAULT_LIMITS, findPoint, type KernelModule, targetOf } from "../codegen/index.js";
import { programOf, specFacts } from "../ir/ops/index.js";
import type { Spec } from "../ir/ops/spec.js";
import { FORMAT, type Variant } from "../runtime/built/modules.js";
import type { DeviceKind } from "../runtime/host/deviceKind.js";
import { requestKey } from "../runtime/keys.js";
import type { PointName } from "../runtime/wanted.js";
import type { CheckedConfig } from "./config.js";
import type { KernelPlan } from "./plan.js";
import { FEATURES } from "./tuning.js";

/** Files by path, with forward slashes. */
export type Files = ReadonlyMap<string, string | Uint8Array>;

/** One variant of a kernel, as it was built. */
export interface BuiltModule {
  readonly variant: Variant;
  /** The only devices that load it; by default all others do. */
  readonly kind?: DeviceKind;
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
  const { name, spec, wanted, variants, tuned } = plan;
  const facts = specFacts(spec);
  const compiled = wasm === "module" || undefined;
  const head = { ...facts, format: FORMAT, request: requestKey(spec, wanted), compiled };
  const files = new Map<string, string | Uint8Array>([
    [`${name}/index.js`, aot.writeKernel(name, head, { variants, kinds: tuned.kinds, imports })],
    [`${name}/index.d.ts`, aot.writeKernelTypes(name, facts)],
  ]);
  const all = [...variants.map((variant) => ({ variant, point: tuned.points[variant] })), ...tuned.kinds];
  const modules = all.map(({ point, ...built }): BuiltModule => {
    const {
      module: { key, ...rest },
      isTuned,
    } = compile(plan, built.variant, point);
    const file = aot.fileName(built);
    const module: KernelModule = { ...rest, key: createHash("sha256").update(key).digest("hex") } as KernelModule;
    const { text, types, binaries } = aot.writeModule(module, { name: file, wasm, limits: DEFAULT_LIMITS });
    files.set(`${name}/${file}.js`, text);
    files.set(`${name}/${file}.d.ts`, types);
    for (const [file, code] of binaries) files.set(`${name}/${file}`, code);
    return { ...built, schedule: module.schedule, isTuned, ...sizeOf([text, ...binaries.values()]) };
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
function compile(
  { spec, wanted }: KernelPlan,
  variant: Variant,
  name: PointName | undefined,
): { module: KernelModule; isTuned: boolean } {
  const target = targetOf(FEATURES[variant]);
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
