/** Memory on the GPU: sizes held against the device's limits before there is any, allocation, and what callers hand in. */
import { fail, failInternally } from "../../ir/errors.js";
import type { BufferDecl } from "../../ir/program.js";
import { kindOf } from "../tensor.js";
import { isBuffer } from "./device.js";
import { USAGE } from "./flags.js";
import { toHalves } from "./half.js";
import { bytesOf } from "./layout.js";
import { scoped } from "./scoped.js";

export type Declared = Pick<BufferDecl, "name" | "shape" | "dtype">;
/** The type of callers' tensors in memory. */
export type Storage = "f32" | "f16";

export type Buffers = ReadonlyMap<string, GPUBuffer>;

const words = ({ name, shape }: Declared): string => `${name} [${shape.join(", ")}]`;

/** Throws `too-large` where the device could not bind one of the buffers. */
export function checkSizes({ limits }: GPUDevice, buffers: readonly Declared[]): void {
  for (const buffer of buffers) {
    const bytes = bytesOf(buffer);
    for (const limit of ["maxStorageBufferBindingSize", "maxBufferSize"] as const) {
      if (bytes <= limits[limit]) continue;
      fail(
        "too-large",
        `${words(buffer)} needs ${bytes} bytes, and ${limit} of this GPU device is ${limits[limit]}; ` +
          'split the batch or the image, use algorithm "direct", which keeps least in between, or a device with a higher limit',
        bytes,
      );
    }
  }
}

/** Computed on by kernels, and filled by copies. */
const WORKING = USAGE.storage | USAGE.copyDestination;

/** Zeroed buffers by name; throws `too-large` where the GPU has no room. */
export async function allocateBuffers(
  device: GPUDevice,
  buffers: readonly Declared[],
  usage = WORKING,
): Promise<Buffers> {
  const { result, trouble } = await scoped(device, () =>
    buffers.map((buffer): [string, GPUBuffer] => [
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

/** The numbers as they lie in a buffer of the type. */
function encode({ dtype, name }: Declared, values: Float32Array): Float32Array | Uint16Array {
  if (dtype === "f64") return failInternally(`${name} cannot be float64 on a GPU`);
  return dtype === "f16" ? toHalves(values) : values;
}

export function upload(device: GPUDevice, to: GPUBuffer, declared: Declared, values: Float32Array): void {
  const { buffer, byteOffset, byteLength } = encode(declared, values);
  device.queue.writeBuffer(to, 0, buffer, byteOffset, byteLength);
}

const NAMES = { copySource: "COPY_SRC", copyDestination: "COPY_DST", storage: "STORAGE" } as const;

/** The buffer, if it can serve as what is declared; throws `invalid-argument` otherwise. */
export function checkBuffer(declared: Declared, buffer: unknown, usage: keyof typeof NAMES): GPUBuffer {
  const wanted = `${declared.name} must be a GPUBuffer of ${bytesOf(declared)} bytes with usage ${NAMES[usage]}`;
  if (!isBuffer(buffer)) return fail("invalid-argument", `${wanted}; got ${kindOf(buffer)}`);
  if (buffer.size < bytesOf(declared)) fail("invalid-argument", `${wanted}; got one of ${buffer.size} bytes`);
  if ((buffer.usage & USAGE[usage]) === 0) fail("invalid-argument", `${wanted}; got one without that usage`);
  return buffer;
}

/** For what only the GPU can say about a caller's buffer. */
export const notOurs = (name: string, message: string): never =>
  fail("invalid-argument", `${name} must be a living buffer of the kernel's own device (kernel.device): ${message}`);
