/** The files of kernels: those that were kept, or else new ones. The compiler is loaded only to make some. */
import { TilewrightError } from "../ir/errors.js";
import type { Forms, KernelFiles } from "./files.js";
import { importWriter } from "./optionalPackages.js";
import type { KernelPlan } from "./plan.js";
import type { Store } from "./store.js";

/** @param onMade is called if the kernel had to be compiled */
export function filesOf(
  plan: KernelPlan,
  { wasm, imports = "dynamic" }: Forms,
  store: Store,
  onMade?: () => void,
): Promise<KernelFiles> {
  return store.files({ plan, wasm, imports }, async () => {
    const { kernelFiles } = await importWriter(() => import("./files.js"));
    const made = named(plan, () => kernelFiles(plan, { wasm, imports }));
    onMade?.();
    return made;
  });
}

/** The files that name all kernels. */
export function barrelOf(plans: readonly KernelPlan[], store: Store): Promise<KernelFiles> {
  const names = plans.map(({ name }) => name);
  return store.files({ names }, async () => {
    const { barrelFiles } = await importWriter(() => import("./files.js"));
    return { files: barrelFiles(plans), modules: [] };
  });
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
