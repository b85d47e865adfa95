/** WebGPU in Node, by Dawn: a device that validates anywhere, and one that computes where there is a driver. */
import { create } from "webgpu";
import type { WgslEntry, WgslModule } from "../../src/ir/module.js";
import { requestDevice } from "../../src/runtime/webgpu/adapter.js";
import { groupLayoutOf } from "../../src/runtime/webgpu/layout.js";

/** Dawn lives as long as the object that `create` returns: once that is collected, it is torn down under live threads. */
const kept = globalThis as { tilewrightDawn?: { readonly validating: GPU; readonly computing: GPU } };
kept.tilewrightDawn ??= {
  validating: create(["backend=null"]),
  // Timers as fine as the driver's.
  computing: create(["disable-dawn-features=timestamp_quantization"]),
};
const { validating, computing } = kept.tilewrightDawn;

/** What stands where a browser has `navigator.gpu`. */
export const gpu: GPU = computing;

/** A device of one's own, to be lost or looked at; undefined where this machine has no driver. */
export async function newDevice(): Promise<GPUDevice | undefined> {
  const adapter = await computing.requestAdapter();
  return adapter ? requestDevice(adapter) : undefined;
}

let shared: Promise<GPUDevice | undefined> | undefined;

/** The device that a process's tests share. */
export function gpuDevice(): Promise<GPUDevice | undefined> {
  shared ??= newDevice();
  return shared;
}

const FEATURES: readonly GPUFeatureName[] = ["shader-f16", "timestamp-query", "subgroups"];

/** A device that checks everything and computes nothing; by default with the limits that every device has, and no features. */
export async function newNullDevice(descriptor?: GPUDeviceDescriptor): Promise<GPUDevice> {
  const adapter = (await validating.requestAdapter()) as GPUAdapter;
  return adapter.requestDevice(descriptor);
}

let validator: Promise<GPUDevice> | undefined;

/** One with all features that kernels may use, which a process's tests share. */
export function nullDevice(): Promise<GPUDevice> {
  validator ??= newNullDevice({ requiredFeatures: FEATURES });
  return validator;
}

/** What Dawn has to say against the module: nothing, where all is well. */
export async function validate(module: WgslModule, on = nullDevice()): Promise<string[]> {
  const device = await on;
  const messages = await Promise.all([...module.prepare, ...module.run].map((entry) => check(device, module, entry)));
  return messages.flat();
}

async function check(device: GPUDevice, module: WgslModule, entry: WgslEntry): Promise<string[]> {
  device.pushErrorScope("validation");
  const code = device.createShaderModule({ code: entry.code });
  const layout = device.createPipelineLayout({ bindGroupLayouts: [groupLayoutOf(device, module, entry)] });
  const invalid = device.popErrorScope();
  const pipeline = device.createComputePipelineAsync({ layout, compute: { module: code, entryPoint: entry.name } });
  const refused = pipeline.then(
    () => undefined,
    (error: Error) => error.message,
  );
  const { messages } = await code.getCompilationInfo();
  const found = messages.map(({ type, lineNum, linePos, message }) => `${type} ${lineNum}:${linePos} ${message}`);
  const all = found.length > 0 ? found : [(await invalid)?.message ?? (await refused)];
  return all.filter((message) => message !== undefined).map((message) => `${entry.name}: ${message}`);
}
