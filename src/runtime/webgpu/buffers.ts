/** Memory on the GPU: checks of sizes and of callers' buffers, allocation, and upload. */
import { fail, failInternally, kindOf } from "../../ir/errors.js";
import type { BufferDecl } from "../../ir/program.js";
import { isBuffer } from "./device.js";
import { USAGE } from "./flags.js";
import { toHalves } from "./half.js";
import { bytesOf } from "./layout.js";
import { scoped } from "./scoped.js";
import type { WebgpuBuffer, WebgpuDevice } from "./types.js";

export type Declared = Pick<BufferDecl, "name" | "shape" | "dtype">;

export type Buffers = ReadonlyMap<string, WebgpuBuffer>;

const words = ({ name, shape }: Declared): string => `${name} [${shape.join(", ")}]`;

/** Throws `too-large` if the device cannot bind one of the buffers. */
export function checkSizes({ limits }: WebgpuDevice, buffers: readonly Declared[]): void {
  for (const buffer of buffers) {
    const bytes = bytesOf(buffer);
    for (const limit of ["maxStorageBufferBindingSize", "maxBufferSize"] as const) {
      if (bytes <= limits[limit]) continue;
      fail(
        "too-large",
        `${words(buffer)} needs ${bytes} bytes, and ${limit} of this GPU device is ${limits[limit]}; ` +
          'split the batch or the image, use algorithm "direct", which keeps least in between, ' +
          "or a device with a higher limit",
        bytes,
      );
    }
  }
}

/** The usage of buffers that kernels compute on and that copies fill. */
const WORKING = USAGE.storage | USAGE.copyDestination;

/** Buffers of zeros, by name. Throws `too-large` if the GPU has no room for all of them. */
export async function allocateBuffers(
  device: WebgpuDevice,
  buffers: readonly Declared[],
  usage = WORKING,
): Promise<Buffers> {
  const { result, trouble } = await scoped(device, () =>
    buffers.map((buffer): [string, WebgpuBuffer] => [
      buffer.name,
      device.createBuffer({ label: buffer.name, size: bytesOf(buffer), usage }),
    ]),
  );
  if (!trouble) return new Map(result);
  for (const [, buffer] of result) buffer.destroy();
  if (trouble.kind !== "out-of-memory") return failInternally(trouble.message);
  const bytes = buffers.reduce((sum, buffer) => sum + bytesOf(buffer), 0);
  const names = buffers.map(words).join(", ");
  return fail("too-large", `the GPU has no room for ${names} (${bytes} bytes); dispose of kernels and buffers`, bytes);
}

/** Converts numbers to the element type of a buffer. */
function encode({ dtype, name }: Declared, values: Float32Array): Float32Array | Uint16Array {
  if (dtype === "f64") return failInternally(`${name} cannot be float64 on a GPU`);
  return dtype === "f16" ? toHalves(values) : values;
}

export function upload(device: WebgpuDevice, to: WebgpuBuffer, declared: Declared, values: Float32Array): void {
  const { buffer, byteOffset, byteLength } = encode(declared, values);
  device.queue.writeBuffer(to, 0, buffer, byteOffset, byteLength);
}

const NAMES = { copySource: "COPY_SRC", copyDestination: "COPY_DST", storage: "STORAGE" } as const;

/** The buffer itself. Throws `invalid-argument` unless it can hold the declared tensor and has the usage. */
export function checkBuffer(declared: Declared, buffer: unknown, usage: keyof typeof NAMES): WebgpuBuffer {
  const wanted = `${declared.name} must be a GPUBuffer of ${bytesOf(declared)} bytes with usage ${NAMES[usage]}`;
  if (!isBuffer(buffer)) return fail("invalid-argument", `${wanted}; got ${kindOf(buffer)}`);
  if (buffer.size < bytesOf(declared)) fail("invalid-argument", `${wanted}; got one of ${buffer.size} bytes`);
  if ((buffer.usage & USAGE[usage]) === 0) fail("invalid-argument", `${wanted}; got one without that usage`);
  return buffer;
}

/** Blames a caller's buffer for an error that only the GPU can detect. */
export const notOurs = (name: string, message: string): never =>
  fail("invalid-argument", `${name} must be a living buffer of the kernel's own device (kernel.device): ${message}`);
