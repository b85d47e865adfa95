/** `install`: kernels of ours in TensorFlow.js, whose programs stay as they are. */
import { fail, show } from "../ir/errors.js";
import { meantValue } from "../ir/meant.js";
import { checkOptions } from "../ir/options.js";
import { BACKEND_NAMES } from "./backends.js";
import type { TfBackendName } from "./gain.js";
import type { Installation } from "./installation.js";
import { installed, setCurrent } from "./installed.js";
import type { TfjsReport } from "./tally.js";
import type { TfModule } from "./tf.js";

export interface InstallOptions {
  /**
   * "exact" (the default) sums by definition. "fast" also allows Winograd's algorithm, which is two to three times as
   * fast where both sides of a convolution have many channels and changes last digits of results.
   */
  readonly accuracy?: "exact" | "fast";
  /** Backends whose kernels are replaced: "wasm", "webgpu", "cpu". Default: the one that TensorFlow.js uses now. */
  readonly backends?: readonly TfBackendName[];
  /** Calls of less work, in floating-point operations, stay with TensorFlow.js. Default 0. */
  readonly minWork?: number;
}

export interface InstalledTfjs {
  /** Puts TensorFlow.js' own kernels back, and gives all memory back. */
  uninstall(): void;
  /** Counts of what ran on which kernels and why, and an estimate of the milliseconds that were saved. */
  report(): TfjsReport;
}

/**
 * Makes TensorFlow.js call our kernels wherever they are expected to be faster, and its own everywhere else. Kernels
 * that a backend lacks, such as the gradients of convolutions in WebAssembly, are there afterwards.
 *
 * On "webgpu" ours are recorded among its own. Those that it has serve until ours are compiled (see `warmUp`), while
 * kernels are timed one by one, and after the device is lost.
 * @param tf the module `@tensorflow/tfjs`, or `@tensorflow/tfjs-core` 4.22 or later
 * @throws TilewrightError `invalid-argument`, or if it is installed already
 */
export async function install(tf: TfModule, options: InstallOptions = {}): Promise<InstalledTfjs> {
  const { accuracy = "exact", backends, minWork = 0 } = checkOptions(options, ["accuracy", "backends", "minWork"]);
  checkModule(tf);
  if (accuracy !== "exact" && accuracy !== "fast") {
    fail(
      "invalid-argument",
      `accuracy must be "exact" or "fast"; got ${show(accuracy)}${meantValue(accuracy, ["exact", "fast"])}`,
    );
  }
  if (typeof minWork !== "number" || !(minWork >= 0)) {
    fail("invalid-argument", `minWork must be a number of operations >= 0; got ${show(minWork)}`);
  }
  if (isInstalling || installed()) {
    fail("invalid-argument", "tilewright is in TensorFlow.js already; call uninstall() first");
  }
  const wanted = checkBackends(backends);
  isInstalling = true;
  try {
    return await installIn(tf, { accuracy, minWork }, wanted);
  } finally {
    isInstalling = false;
  }
}

/** True until an installation that has begun is there. */
let isInstalling = false;

async function installIn(
  tf: TfModule,
  settings: Required<Pick<InstallOptions, "accuracy" | "minWork">>,
  wanted: readonly TfBackendName[] | undefined,
): Promise<InstalledTfjs> {
  await tf.ready();
  const parts = await import("./parts.js");
  const installation = new parts.Installation(tf, settings);
  try {
    for (const name of wanted ?? usualBackends(installation)) {
      await installation.replaceKernels(name, await backendOf(tf, name));
    }
  } catch (error) {
    installation.uninstall();
    throw error;
  }
  parts.addGradients(installation);
  parts.mendLayers(installation);
  const current = { installation, parts };
  setCurrent(current);
  return {
    report: () => installation.report(),
    uninstall() {
      if (installed() === current) setCurrent(undefined);
      installation.uninstall();
    },
  };
}

const USED = [
  "getBackend",
  "env",
  "setBackend",
  "getKernel",
  "registerKernel",
  "unregisterKernel",
  "getGradient",
  "engine",
];

function checkModule(tf: unknown): void {
  const lacking = USED.find((name) => typeof (tf as Record<string, unknown> | undefined)?.[name] !== "function");
  if (lacking === undefined) return;
  fail("invalid-argument", `install takes the module of TensorFlow.js, import * as tf; it has no ${lacking}()`);
}

function checkBackends(given: unknown): readonly TfBackendName[] | undefined {
  if (given === undefined) return undefined;
  const isList = Array.isArray(given) && given.every((name) => BACKEND_NAMES.some((known) => known === name));
  if (isList) return given as TfBackendName[];
  return fail("invalid-argument", `backends must be a list of ${BACKEND_NAMES.join(", ")}; got ${show(given)}`);
}

function usualBackends(installation: Installation): readonly TfBackendName[] {
  const used = installation.tf.getBackend();
  const known = BACKEND_NAMES.filter((name) => name === used);
  if (known.length === 0) {
    installation.note(`there are no kernels for the backend ${used}; take ${BACKEND_NAMES.join(" or ")}`);
  }
  return known;
}

/** The backend itself. One that is not in use is brought up, and the one that is stays in use. */
async function backendOf(tf: TfModule, name: TfBackendName): Promise<object> {
  const used = tf.getBackend();
  if (used === name) return tf.backend();
  const isUp = await tf.setBackend(name);
  const backend = isUp ? tf.backend() : undefined;
  await tf.setBackend(used);
  return backend ?? fail("target-unavailable", `TensorFlow.js cannot bring up its backend ${name}; leave it out`);
}
