/**
 * The layouts of the buffers that entries bind, all in group 0. Layouts are explicit, as "auto" would leave out buffers
 * that the code declares and does not use.
 */
import { BYTES } from "../../ir/dtype.js";
import { failInternally } from "../../ir/errors.js";
import type { WgslEntry, WgslModule } from "../../ir/module.js";
import type { BufferDecl, BufferRole } from "../../ir/program.js";
import { elementCount } from "../../ir/shape.js";
import { COMPUTE_STAGE } from "./flags.js";
import type { WebgpuBindGroupLayout, WebgpuDevice, WebgpuLayoutEntry } from "./types.js";

/** Bytes of the place where a dispatch begins, a vec4u. */
export const PLACE_BYTES = 16;

/** Bytes of a buffer on the GPU: whole words, and never none, as arrays of WGSL have an element, a vec4f at most. */
export const bytesOf = ({ shape, dtype }: Pick<BufferDecl, "shape" | "dtype">): number =>
  Math.ceil((elementCount(shape) * BYTES[dtype]) / 4) * 4 || 16;

/** True if the work is cut into several dispatches, each of which needs its place. */
export const isDivided = ({ dispatches }: WgslEntry): boolean => dispatches.length > 1;

export function bufferNamed({ buffers }: WgslModule, name: string): BufferDecl {
  return buffers.find((buffer) => buffer.name === name) ?? failInternally(`the module has no buffer ${name}`);
}

/** The buffers of these roles that the entries bind. */
export function boundBuffers(
  { buffers }: WgslModule,
  entries: readonly WgslEntry[],
  ...roles: readonly BufferRole[]
): BufferDecl[] {
  const bound = new Set(entries.flatMap(({ bindings }) => bindings.map(({ buffer }) => buffer)));
  return buffers.filter(({ name, role }) => bound.has(name) && roles.includes(role));
}

export function groupLayoutOf(device: WebgpuDevice, module: WgslModule, entry: WgslEntry): WebgpuBindGroupLayout {
  const storage = entry.bindings.map(
    ({ buffer, access }, binding): WebgpuLayoutEntry => ({
      binding,
      visibility: COMPUTE_STAGE,
      buffer: {
        type: access === "read" ? "read-only-storage" : "storage",
        minBindingSize: bytesOf(bufferNamed(module, buffer)),
      },
    }),
  );
  const place: WebgpuLayoutEntry = {
    binding: storage.length,
    visibility: COMPUTE_STAGE,
    buffer: { type: "uniform", hasDynamicOffset: true, minBindingSize: PLACE_BYTES },
  };
  return device.createBindGroupLayout({ label: entry.name, entries: isDivided(entry) ? [...storage, place] : storage });
}
