/** Compiles a spec to a kernel on a GPU, for the limits of the device. */
import type { Storage } from "../../ir/dtype.js";
import { programOf } from "../../ir/ops/index.js";
import type { Spec } from "../../ir/ops/spec.js";
import { generateWgsl, loadCompiler } from "../jit.js";
import { newCache } from "../kernelCache.js";
import { codeKey } from "../keys.js";
import { tuningRevision } from "../tuned.js";
import type { CodeOptions, WebgpuFeatures } from "../wanted.js";
import { checkSizes } from "./buffers.js";
import { WgslCode } from "./code.js";
import type { WebgpuKernel } from "./kernel.js";
import { multiprocessorsOf } from "./machineSize.js";
import { type DeviceOptions, limitsOf, open } from "./open.js";
import type { WebgpuDevice } from "./types.js";

const kernels = newCache<WgslCode>();

/** `spec` and `code` must have been checked. */
export function compileWebgpu(spec: Spec, code: CodeOptions, options: DeviceOptions): Promise<WebgpuKernel> {
  return open(options, async (device, storage) => {
    // Sizes are checked before compilation, which takes longest for the largest shapes.
    checkSizes(
      device,
      programOf(spec).buffers.map((buffer) => ({ ...buffer, dtype: storage })),
    );
    const features = featuresOf(device, storage);
    const key = codeKey(spec, code, { tier: "webgpu", ...features }, tuningRevision());
    return kernels.get(key, async () => {
      await loadCompiler("wgsl", code);
      return new WgslCode(generateWgsl(spec, features, code));
    });
  });
}

function featuresOf(device: WebgpuDevice, storage: Storage): WebgpuFeatures {
  const multiprocessors = multiprocessorsOf(device);
  return { storage, ...(multiprocessors === undefined ? {} : { multiprocessors }), limits: limitsOf(device) };
}
