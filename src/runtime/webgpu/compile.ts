/** Compiles a spec to a kernel on a GPU, for the limits of the device. */
import type { Storage } from "../../ir/dtype.js";
import { programOf } from "../../ir/ops/index.js";
import type { GivenSpec, Spec } from "../../ir/ops/spec.js";
import { checkWanted } from "../../ir/rewrites/wanted.js";
import { generateWgsl, loadCompiler } from "../jit.js";
import { newCache } from "../kernelCache.js";
import { codeKey } from "../keys.js";
import { noteRequest } from "../record.js";
import { readSpec } from "../specs.js";
import { tuningRevision } from "../tuned.js";
import type { CodeOptions, Wanted, WebgpuFeatures } from "../wanted.js";
import { checkSizes } from "./buffers.js";
import { WgslCode } from "./code.js";
import type { WebgpuKernel } from "./kernel.js";
import { multiprocessorsOf } from "./machineSize.js";
import { type DeviceOptions, limitsOf, open } from "./open.js";
import type { DeviceCode } from "./recorder.js";
import type { WebgpuDevice } from "./types.js";

const kernels = newCache<WgslCode>();

/** `spec` and `code` must have been checked. */
export function compileWebgpu(spec: Spec, code: CodeOptions, options: DeviceOptions): Promise<WebgpuKernel> {
  return open(options, async (device, storage) => {
    const { key, features } = checked(spec, code, device, storage);
    return kernels.get(key, async () => {
      await loadCompiler("wgsl", code);
      return new WgslCode(generateWgsl(spec, features, code));
    });
  });
}

/**
 * Compiles for recorders, without a promise. Throws `not-ready` unless `loadReaders` and `loadCompiler` have been
 * called, else as `compile` does, but for what the GPU itself refuses.
 */
export function deviceCodeNow(given: GivenSpec, wishes: Wanted, device: WebgpuDevice): DeviceCode {
  const spec = readSpec(given);
  const wanted = checkWanted(wishes);
  noteRequest(spec, wanted);
  const code = { ...wanted, schedule: undefined };
  const { key, features } = checked(spec, code, device, "f32");
  const made = kernels.getSync(key, () => new WgslCode(generateWgsl(spec, features, code)));
  checkSizes(device, made.module.buffers);
  return { device, module: made.module, pipelines: made.now(device) };
}

/** Sizes are checked before compilation, which takes longest for the largest shapes. */
function checked(spec: Spec, code: CodeOptions, device: WebgpuDevice, storage: Storage) {
  checkSizes(
    device,
    programOf(spec).buffers.map((buffer) => ({ ...buffer, dtype: storage })),
  );
  const features = featuresOf(device, storage);
  return { features, key: codeKey(spec, code, { tier: "webgpu", ...features }, tuningRevision()) };
}

function featuresOf(device: WebgpuDevice, storage: Storage): WebgpuFeatures {
  const multiprocessors = multiprocessorsOf(device);
  return { storage, ...(multiprocessors === undefined ? {} : { multiprocessors }), limits: limitsOf(device) };
}
