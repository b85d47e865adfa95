/** Calls of WebGPU, which tells of errors later and elsewhere, together with the error they caused. */

export interface Trouble {
  readonly kind: GPUErrorFilter;
  readonly message: string;
}

const KINDS: readonly GPUErrorFilter[] = ["validation", "out-of-memory", "internal"];

/** `calls` awaits nothing: error scopes are the device's, and others use it in the meantime. */
export async function scoped<T>(
  device: GPUDevice,
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

async function pop(device: GPUDevice, kind: GPUErrorFilter): Promise<Trouble | undefined> {
  // A lost device may have no scopes left; its loss is told of elsewhere.
  const error = await device.popErrorScope().catch(() => null);
  return error ? { kind, message: error.message } : undefined;
}
