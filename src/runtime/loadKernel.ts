/** `loadKernel`: makes a kernel object from a module that the compiler made, here or elsewhere. */
import { fail, reading, show, unreachable } from "../ir/errors.js";
import type { JsModule, KernelModule, WasmModule, WgslModule } from "../ir/module.js";
import { checkOptions, checkThreads } from "../ir/options.js";
import type { Loaded } from "./host/loaded.js";
import { canCompileWasm } from "./host/wasmSupport.js";
import { Kernel } from "./kernel.js";
import type { WebgpuKernel } from "./webgpu/kernel.js";
import type { DeviceOptions } from "./webgpu/open.js";

export interface ModuleOptions {
  /** The number of threads that share `run`, if the module was compiled for threads, from 1 to 256. Default 1. */
  readonly threads?: number;
}

const LANGUAGES: readonly KernelModule["language"][] = ["js", "wasm", "wgsl"];

/**
 * Loads a module in the language that it is written in. The module's code is run as it is: load only code you trust.
 * @throws TilewrightError `target-unavailable` where the page forbids the language or has no GPU; `invalid-argument`
 */
export function loadKernel(module: JsModule | WasmModule, options?: ModuleOptions): Promise<Kernel>;
export function loadKernel(module: WgslModule, options?: Pick<DeviceOptions, "device">): Promise<WebgpuKernel>;
export async function loadKernel(
  module: KernelModule,
  options: ModuleOptions & Pick<DeviceOptions, "device"> = {},
): Promise<Kernel | WebgpuKernel> {
  const language: unknown = reading("a module", () => module?.language);
  if (!LANGUAGES.some((one) => one === language))
    fail("invalid-argument", `a module is what compileModule or compileProgram returns; got ${show(module)}`);
  if (language === "wgsl") {
    const checked = checkOptions(options, ["device"]);
    return (await import("./webgpu/module.js")).loadWgsl(module as WgslModule, checked);
  }
  const threads = checkThreads(checkOptions(options, ["threads"]).threads);
  const load = () => loadedFrom(module as JsModule | WasmModule, threads);
  return new Kernel(await reading("this module", load, "invalid-argument", "take what compileModule returns"));
}

async function loadedFrom(module: JsModule | WasmModule, threads: number): Promise<Loaded> {
  switch (module.language) {
    case "js": {
      if (typeof module.code !== "string")
        fail("invalid-argument", `code of a module is text; got ${show(module.code)}`);
      const [{ loadJs }, { canRunText, functionsOf }] = await Promise.all([
        import("./host/js.js"),
        import("./host/text.js"),
      ]);
      return canRunText() ? loadJs(module, functionsOf(module)) : forbidden("JavaScript from text");
    }
    case "wasm":
      return canCompileWasm() ? (await import("./host/wasm.js")).loadWasm(module, threads) : forbidden("WebAssembly");
    default:
      return unreachable(module);
  }
}

const forbidden = (language: string): never =>
  fail("target-unavailable", `this page's policy forbids ${language}; compile for another target`);
