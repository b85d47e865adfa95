/**
 * Lays out WebAssembly modules: a place in linear memory for every buffer, then one function per kernel. Memory holds
 * only the buffers of the kernels, rounded up to whole pages.
 */
import { BYTES } from "../../ir/dtype.js";
import { fail } from "../../ir/errors.js";
import { PAGE_BYTES, type WasmPart } from "../../ir/module.js";
import { type BufferDecl, type BufferRole, elementCount } from "../../ir/program.js";
import { statements } from "../../ir/visit.js";
import { emitWasm, IMPORTS, parallelRange } from "../emit/wasm.js";
import { assemble } from "../emit/wasmAssembler.js";
import type { Lowered } from "../lower.js";

/** The bytes of a cache line, to which every buffer is aligned. No vector needs more. */
const ALIGNMENT = 64;

/** The largest memory: addresses are signed 32-bit integers while they are computed. */
export const MAX_BYTES = 2 ** 31 - PAGE_BYTES;

/**
 * The order of buffers in memory. Buffers that stay from call to call come first. The input comes last: the base of an
 * offset into it may be an address before its beginning (`liftBases`), and that address must not be negative.
 */
const ORDER: readonly BufferRole[] = ["constant", "weights", "prepared", "output", "scratch", "input"];

export function renderWasm(name: string, kernels: readonly Lowered[], shared: boolean): WasmPart {
  const declared = [...kernels.flatMap((kernel) => kernel.buffers), ...kernels.flatMap(scratchOf)];
  const buffers = new Map<string, BufferDecl>();
  for (const buffer of declared) {
    const other = buffers.get(buffer.name);
    // Several kernels may use scratch of one name, as they run one after the other. It is as large as the largest
    // needs.
    if (!other || bytesOf(other) < bytesOf(buffer)) buffers.set(buffer.name, buffer);
  }
  const addresses = new Map<string, number>();
  let bytes = 0;
  const place = (buffer: string, size: number) => {
    if (addresses.has(buffer)) return;
    addresses.set(buffer, bytes);
    bytes += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
  };
  for (const role of ORDER) {
    for (const buffer of buffers.values()) if (buffer.role === role) place(buffer.name, bytesOf(buffer));
  }
  if (bytes > MAX_BYTES) {
    fail(
      "too-large",
      `${name} needs ${bytes} bytes of memory; a WebAssembly kernel addresses ${MAX_BYTES}. ` +
        "Split the batch or the image",
      bytes,
    );
  }
  const pages = Math.ceil(bytes / PAGE_BYTES);
  const functions = kernels.map((kernel) => emitWasm(kernel, addresses));
  const imports = IMPORTS.map((name) => ({ name, type: { parameters: ["f64"], results: ["f64"] } as const }));
  return {
    code: assemble({ memory: { pages, shared }, imports, functions }),
    pages,
    shared,
    buffers: [...buffers.values()].map((buffer) => ({ ...buffer, address: addresses.get(buffer.name) as number })),
    entries: kernels.map((kernel) => ({ name: kernel.name, iterations: parallelRange(kernel)?.extent ?? null })),
  };
}

/** The scratch buffers that a kernel allocates for itself. */
const scratchOf = ({ body, arithmetic }: Lowered): BufferDecl[] =>
  statements(body).flatMap((stmt) =>
    stmt.kind === "alloc" ? [{ name: stmt.buffer, shape: stmt.shape, dtype: arithmetic, role: "scratch" }] : [],
  );

const bytesOf = (buffer: BufferDecl): number => elementCount(buffer.shape) * BYTES[buffer.dtype];
