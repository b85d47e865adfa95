/** Plans a build: the kernels that a configuration asks for, each with its name and its variants. */
import { resolve } from "node:path";
import { refuseOnGpu } from "../ir/anyLength.js";
import { fail } from "../ir/errors.js";
import { definitionOf } from "../ir/ops/index.js";
import type { Spec } from "../ir/ops/spec.js";
import { kernelName } from "../ir/ops/specName.js";
import { anyLengthWithin } from "../ir/ops/specWithProgram.js";
import { isWorthSharing, workOf } from "../ir/work.js";
import type { ModelReport } from "../models/index.js";
import type { Variant } from "../runtime/built/modules.js";
import { requestKey } from "../runtime/keys.js";
import { loadSpec } from "../runtime/specs.js";
import type { Wanted } from "../runtime/wanted.js";
import type { LoadedConfig } from "./config.js";
import type { BuildTarget, ModelConfig } from "./defineConfig.js";
import { folderKey } from "./names.js";
import { readRecorded } from "./recorded.js";
import type { Tuned, Tuning } from "./tuning.js";

/** One kernel to be built. */
export interface KernelPlan {
  /** A JavaScript identifier. It names the folder of the kernel and its export from the barrel. */
  readonly name: string;
  readonly spec: Spec;
  readonly wanted: Required<Wanted>;
  readonly variants: readonly Variant[];
  readonly tuned: Tuned;
}

/** All that is to be built. */
export interface Plans {
  readonly kernels: readonly KernelPlan[];
  /** The models of which only a part is covered. */
  readonly partial: readonly PartialModel[];
}

export interface PartialModel extends Required<ModelConfig> {
  /** How many convolutions have kernels. */
  readonly covered: number;
  readonly uncovered: ModelReport["uncovered"];
}

type Unnamed = Pick<KernelPlan, "spec" | "wanted">;

const EXACT: Required<Wanted> = { accuracy: "exact", algorithm: "auto" };

/** Plans in the order of the configuration: its kernels, then the kernels of models and of recordings. */
export async function planKernels(
  { root, config }: Pick<LoadedConfig, "root" | "config">,
  tuning: Tuning,
): Promise<Plans> {
  const plans = new Map<string, KernelPlan>();
  const names = new Map<string, string>();
  for (const { name, spec, wanted, targets } of config.kernels) {
    const request = requestKey(spec, wanted);
    const other = plans.get(request);
    if (other)
      fail("invalid-argument", `kernels.${name} is the same kernel as kernels.${other.name}; keep one of them`);
    const namesake = names.get(folderKey(name));
    if (namesake !== undefined)
      fail(
        "invalid-argument",
        `kernels.${name} and kernels.${namesake} differ only in case, and on many disks not at all; rename one`,
      );
    names.set(folderKey(name), name);
    plans.set(request, planOf(name, { spec, wanted }, targets, tuning));
  }
  const { found, partial } = await unnamedKernels(root, config);
  for (const { spec, wanted } of found) {
    const request = requestKey(spec, wanted);
    if (plans.has(request)) continue;
    const name = unused(nameOf(spec, wanted), names);
    names.set(folderKey(name), name);
    // Reports on models hold specs without programs, as these may be large: each is made once.
    plans.set(request, planOf(name, { spec: await loadSpec(spec), wanted }, config.targets, tuning));
  }
  return { kernels: [...plans.values()], partial };
}

export function planOf(
  name: string,
  { spec, wanted }: Unnamed,
  targets: readonly BuildTarget[],
  tuning: Tuning,
): KernelPlan {
  const variants = variantsOf(targets, spec);
  return { name, spec, wanted, variants, tuned: tuning.for(spec, wanted, variants) };
}

async function unnamedKernels(
  root: string,
  config: LoadedConfig["config"],
): Promise<{ readonly found: readonly Unnamed[]; readonly partial: readonly PartialModel[] }> {
  const found: Unnamed[] = [];
  const partial: PartialModel[] = [];
  if (config.models.length > 0) {
    const { readModel, whyNone } = await import("../models/index.js");
    for (const model of config.models) {
      const { path, dims, shapes } = model;
      const report = await readModel(resolve(root, path), dims, shapes);
      const { convolutions, uncovered } = report;
      if (convolutions.length === 0) fail("invalid-argument", `${path} gives no kernel: ${whyNone(report)}`);
      if (uncovered.length > 0) partial.push({ ...model, covered: convolutions.length, uncovered });
      found.push(...convolutions.map(({ spec }) => ({ spec, wanted: EXACT })));
    }
  }
  for (const path of config.recorded) found.push(...(await readRecorded(resolve(root, path))));
  return { found, partial };
}

/** The name of a kernel to which the configuration gives none. */
export const nameOf = (spec: Spec, { accuracy, algorithm }: Required<Wanted>): string => {
  const how = algorithm === "auto" ? accuracy : typeof algorithm === "string" ? algorithm : describe(algorithm);
  return how === "exact" ? kernelName(spec) : `${kernelName(spec)}_${how}`;
};

const describe = (algorithm: Exclude<Required<Wanted>["algorithm"], string>): string =>
  algorithm.kind === "winograd" ? `winograd${algorithm.tile.join("x")}` : `direct${algorithm.parts ?? 1}`;

function unused(name: string, names: ReadonlyMap<string, string>): string {
  let free = name;
  for (let i = 2; names.has(folderKey(free)); i++) free = `${name}_${i}`;
  return free;
}

/** The variants for these targets, in an order that does not depend on the order of the targets. */
export function variantsOf(targets: readonly BuildTarget[], spec: Spec): readonly Variant[] {
  const has = (target: BuildTarget) => targets.includes(target);
  const isOnGpu = anyLengthWithin(spec) === undefined;
  if (!isOnGpu && targets.every((target) => target.startsWith("webgpu"))) refuseOnGpu();
  const isShared = has("wasm-threads") && isWorthSharing(workOf(definitionOf(spec)));
  return [
    ...(has("js") ? (["js"] as const) : []),
    ...(has("wasm") || has("wasm-threads") ? (["wasm-relaxed", "wasm-simd128"] as const) : []),
    ...(isShared ? (["wasm-relaxed-threads", "wasm-simd128-threads"] as const) : []),
    ...(isOnGpu && has("webgpu") ? (["webgpu"] as const) : []),
    ...(isOnGpu && has("webgpu-f16") ? (["webgpu-f16"] as const) : []),
  ];
}
