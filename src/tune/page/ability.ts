/** Finds out if a worker can run code of a language: it has a policy of its own, and may lack a GPU. */
import type { Language } from "../../codegen/target.js";
import { unreachable } from "../../ir/errors.js";
import { canRunText } from "../../runtime/host/text.js";
import { canCompileWasm } from "../../runtime/host/wasmSupport.js";
import { findAdapter } from "../../runtime/webgpu/adapter.js";
import { deviceSourceOf } from "../../runtime/webgpu/device.js";
import { multiprocessorsOf } from "../../runtime/webgpu/machineSize.js";
import { limitsOf } from "../../runtime/webgpu/open.js";
import type { WebgpuAdapterInfo } from "../../runtime/webgpu/types.js";
import type { Ability } from "./messages.js";

const YES: Ability = { can: true };
const no = (why: string): Ability => ({ can: false, why });

/** The ability to run code of this language in this thread. The promise never rejects. */
export async function abilityFor(language: Language): Promise<Ability> {
  switch (language) {
    case "wasm":
      return canCompileWasm() ? YES : no("the policy of this page allows no WebAssembly in a Worker; tune elsewhere");
    case "js":
      return canRunText()
        ? YES
        : no('the policy of this page allows no code from text in a Worker; tune for "wasm", or elsewhere');
    case "wgsl":
      return onGpu();
    default:
      return unreachable(language);
  }
}

const MOST = 200;

async function onGpu(): Promise<Ability> {
  try {
    const adapter = await findAdapter();
    if (!adapter)
      return no('there is no navigator.gpu, or no GPU that it may use, in a Worker of this page; tune for "wasm"');
    const device = await deviceSourceOf(undefined).get();
    const multiprocessors = multiprocessorsOf(device);
    const features = { limits: limitsOf(device), ...(multiprocessors === undefined ? {} : { multiprocessors }) };
    return { can: true, gpu: { name: nameOf(adapter.info).slice(0, MOST), features } };
  } catch (error) {
    return no(`WebGPU fails in a Worker of this page (${String(error).slice(0, MOST)}); tune for "wasm"`);
  }
}

/** The GPU's name, empty if the browser does not tell it. */
function nameOf(info: WebgpuAdapterInfo | undefined): string {
  const { vendor = "", architecture = "", device = "", description = "" } = info ?? {};
  return description || [vendor, architecture, device].filter((part) => part !== "").join(" ");
}
