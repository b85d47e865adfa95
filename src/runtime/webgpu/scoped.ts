/** Joins calls of WebGPU with the error that they caused, which WebGPU reports later and elsewhere. */
import type { WebgpuDevice, WebgpuErrorFilter } from "./types.js";

export interface Trouble {
  readonly kind: WebgpuErrorFilter;
  readonly message: string;
}

const KINDS: readonly WebgpuErrorFilter[] = ["validation", "out-of-memory", "internal"];

/** `calls` must not await: the error scopes belong to the device, and would catch errors of others in the meantime. */
export async function scoped<T>(
  device: WebgpuDevice,
  calls: () => T,
): Promise<{ readonly result: T; readonly trouble: Trouble | undefined }> {
  for (const kind of KINDS) device.pushErrorScope(kind);
  let result: T;
  let scopes: Promise<Trouble | undefined>[] = [];
  try {
    result = calls();
  } finally {
    scopes = KINDS.toReversed().map((kind) => pop(device, kind));
  }
  const troubles = await Promise.all(scopes);
  return { result, trouble: troubles.find((trouble) => trouble !== undefined) };
}

async function pop(device: WebgpuDevice, kind: WebgpuErrorFilter): Promise<Trouble | undefined> {
  // A lost device may have no scopes left. `lossOf` tells of its loss.
  const error = await device.popErrorScope().catch(() => null);
  return error ? { kind, message: error.message } : undefined;
}
