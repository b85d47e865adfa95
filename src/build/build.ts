/** `tilewright build` as a function: it makes files from a configuration, and writes those that differ. */
import { relative, resolve } from "node:path";
import { fail, TilewrightError } from "../ir/errors.js";
import { BuildCache } from "./cache.js";
import { loadConfig } from "./config.js";
import type { KernelFiles, KernelSummary } from "./files.js";
import { compare, type Difference, update } from "./folder.js";
import { importWriter } from "./optionalPackages.js";
import { type KernelPlan, planKernels } from "./plan.js";
import { Tuning } from "./tuning.js";

export interface BuildReport {
  readonly kernels: readonly KernelSummary[];
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
  const plans = await planKernels({ root, config }, await Tuning.load({ root, config }));
  const out = resolve(root, config.out);
  const cache = new BuildCache(root, out, { plans, wasm: config.wasm });
  const report = (kernels: readonly KernelSummary[], { stale, fresh, left }: Difference): BuildReport => ({
    kernels,
    out: relative(root, out),
    written: stale,
    removed: left,
    unchanged: fresh.length,
    milliseconds: performance.now() - started,
  });
  const last = check ? undefined : await cache.find();
  if (last) return report(last.kernels, { stale: [], fresh: Object.keys(last.outputs), left: [] });

  // Imported only if there is work: the compiler and the writer of files take half a second to load.
  const { MARK } = await importWriter(() => import("../codegen/aot/index.js"));
  const { barrelFiles } = await import("./files.js");
  const made = await makeAll(plans, config.wasm, onProgress);
  const files = new Map([...barrelFiles(plans), ...made.flatMap((kernel) => [...kernel.files])]);
  const difference = await compare(out, files, MARK);
  if (check) refuseStale(config.out, difference);
  else await update(out, files, difference);
  const kernels = plans.map(({ name, spec }, i) => ({ name, spec, modules: made[i]?.modules ?? [] }));
  if (!check) await cache.save(files, kernels);
  return report(kernels, difference);
}

async function makeAll(
  plans: readonly KernelPlan[],
  wasm: "inline" | "file",
  onProgress: BuildOptions["onProgress"],
): Promise<KernelFiles[]> {
  const { kernelFiles } = await import("./files.js");
  const made: KernelFiles[] = [];
  for (const plan of plans) {
    made.push(named(plan, () => kernelFiles(plan, { wasm })));
    onProgress?.({ done: made.length, total: plans.length, name: plan.name });
    // Without a pause the terminal would show no progress.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return made;
}

/** Puts the name of the kernel before an error of the compiler. */
function named<T>({ name }: KernelPlan, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof TilewrightError)) throw error;
    throw new TilewrightError(error.code, `kernel ${name}: ${error.message}`, error.bytes);
  }
}

/** The most stale files that an error names. */
const NAMED = 3;

function refuseStale(out: string, { stale, left }: Difference): void {
  const all = [...stale, ...left];
  if (all.length === 0) return;
  const more = all.length > NAMED ? ` and ${all.length - NAMED} more` : "";
  fail("invalid-argument", `${out} is not up to date: ${all.slice(0, NAMED).join(", ")}${more}; run tilewright build`);
}
