/** Requests devices with all that an adapter offers to compute shaders. By default WebGPU grants little. */
import { fail } from "../../ir/errors.js";
import type { WebgpuAdapter, WebgpuDevice, WebgpuFeatureName } from "./types.js";

const LIMITS = [
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxStorageBuffersPerShaderStage",
] as const;

const FEATURES: readonly WebgpuFeatureName[] = ["shader-f16", "timestamp-query"];

interface GpuPart {
  requestAdapter(options: { readonly powerPreference: "high-performance" }): Promise<WebgpuAdapter | null>;
}

/** The GPU to compute on, if this page or process has one. */
export async function findAdapter(): Promise<WebgpuAdapter | undefined> {
  // lib.dom of TypeScript 5.9 has no WebGPU.
  const { gpu } = (globalThis.navigator ?? {}) as { readonly gpu?: GpuPart };
  return (await gpu?.requestAdapter({ powerPreference: "high-performance" })) ?? undefined;
}

export const requestDevice = (adapter: WebgpuAdapter): Promise<WebgpuDevice> =>
  adapter.requestDevice({
    label: "tilewright",
    requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
  });

export async function requestOwnDevice(): Promise<WebgpuDevice> {
  const adapter = await findAdapter();
  if (adapter) return requestDevice(adapter);
  return fail(
    "target-unavailable",
    "WebGPU needs navigator.gpu and a GPU that it may use, and there is none here; " +
      'pass a device in the options, or compile for "auto", which needs none',
  );
}
