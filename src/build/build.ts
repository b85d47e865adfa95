/** `tilewright build` as a function: it makes files from a configuration, and writes those that differ. */
import { relative, resolve } from "node:path";
import { MARK } from "../codegen/aot/banner.js";
import { fail } from "../ir/errors.js";
import { type LoadedConfig, loadConfig } from "./config.js";
import type { KernelFiles, KernelSummary } from "./files.js";
import { compare, update } from "./folder.js";
import { barrelOf, filesOf } from "./make.js";
import { MANIFEST_MARK, manifestFor } from "./manifest.js";
import { type KernelPlan, type PartialModel, planKernels } from "./plan.js";
import { Store } from "./store.js";
import { Tuning } from "./tuning.js";

export interface BuildReport {
  readonly kernels: readonly KernelSummary[];
  /** The models with convolutions that have no kernel, each with the reason. */
  readonly partial: readonly PartialModel[];
  /** The folder of the files, relative to the folder of the configuration. */
  readonly out: string;
  /** Paths in `out`, with forward slashes. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
  readonly milliseconds: number;
}

export interface BuildOptions {
  readonly cwd: string;
  /** The path of the configuration. Default: tilewright.config.* in `cwd`. */
  readonly file?: string;
  /** Writes nothing, and throws if there is something to write. */
  readonly check?: boolean;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly name: string }) => void;
}

/** @throws TilewrightError with one sentence, before anything is written */
export async function build({ check = false, onProgress, ...where }: BuildOptions): Promise<BuildReport> {
  const started = performance.now();
  const { root, config } = await loadConfig(where);
  const { kernels: plans, partial } = await planKernels({ root, config }, await Tuning.load({ root, config }));
  const out = resolve(root, config.out);
  const store = new Store(root, !check);
  const made = await makeAll(plans, store, config, onProgress);
  const barrel = await barrelOf(plans, store);
  const files = new Map([...[barrel, ...made].flatMap((one) => [...one.files]), ...manifestFor(out)]);
  const { stale, fresh, left } = await compare(out, files, [MARK, MANIFEST_MARK]);
  if (check) refuseStale(config.out, [...stale, ...left]);
  else await update(out, files, { stale, left });
  return {
    kernels: plans.map(({ name, spec }, i) => ({ name, spec, modules: made[i]?.modules ?? [] })),
    partial,
    out: relative(root, out) || ".",
    written: stale,
    removed: left,
    unchanged: fresh.length,
    milliseconds: performance.now() - started,
  };
}

async function makeAll(
  plans: readonly KernelPlan[],
  store: Store,
  config: LoadedConfig["config"],
  onProgress: BuildOptions["onProgress"],
): Promise<readonly KernelFiles[]> {
  const made: KernelFiles[] = [];
  for (const [i, plan] of plans.entries()) {
    const onMade = () => onProgress?.({ done: i + 1, total: plans.length, name: plan.name });
    made.push(await filesOf(plan, config, store, onMade));
    // Without a pause the terminal would show no progress.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return made;
}

/** The most stale files that an error names. */
const NAMED = 3;

function refuseStale(out: string, stale: readonly string[]): void {
  if (stale.length === 0) return;
  const more = stale.length > NAMED ? ` and ${stale.length - NAMED} more` : "";
  fail(
    "invalid-argument",
    `${out} is not up to date: ${stale.slice(0, NAMED).join(", ")}${more}; run tilewright build`,
  );
}
