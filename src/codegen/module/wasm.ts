/**
 * Lays out WebAssembly modules: a place in linear memory for every buffer, then one function per kernel. Memory holds what
 * the kernels name and nothing else, rounded up to whole pages.
 */
import { BYTES } from "../../ir/dtype.js";
import { fail } from "../../ir/errors.js";
import { PAGE_BYTES, type WasmPart } from "../../ir/module.js";
import { type BufferDecl, type BufferRole, elementCount } from "../../ir/program.js";
import { statements } from "../../ir/visit.js";
import { emitWasm, IMPORTS, parallelRange } from "../emit/wasm.js";
import { assemble } from "../emit/wasmAssembler.js";
import type { Lowered } from "../lower.js";

/** Cache lines, and more than any vector needs. */
const ALIGNMENT = 64;

/** Addresses are signed 32-bit integers while they are computed. */
const MAX_BYTES = 2 ** 31 - PAGE_BYTES;

/**
 * What stays from call to call comes first. The input comes last: integers on the way to its elements may stand for places
 * before its beginning (`liftBases`), and there must be some.
 */
const ORDER: readonly BufferRole[] = ["constant", "weights", "prepared", "output", "scratch", "input"];

export function renderWasm(name: string, kernels: readonly Lowered[], shared: boolean): WasmPart {
  const declared = [...kernels.flatMap((kernel) => kernel.buffers), ...kernels.flatMap(scratchOf)];
  const buffers = new Map<string, BufferDecl>();
  for (const buffer of declared) {
    const other = buffers.get(buffer.name);
    // Scratch of one name may serve several kernels, which run one after the other: there is room for the largest.
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
      `${name} needs ${bytes} bytes of memory; a WebAssembly kernel addresses ${MAX_BYTES}. Split the batch or the image`,
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

/** What a kernel allocates for itself. */
const scratchOf = ({ body, arithmetic }: Lowered): BufferDecl[] =>
  statements(body).flatMap((stmt) =>
    stmt.kind === "alloc" ? [{ name: stmt.buffer, shape: stmt.shape, dtype: arithmetic, role: "scratch" }] : [],
  );

const bytesOf = (buffer: BufferDecl): number => elementCount(buffer.shape) * BYTES[buffer.dtype];
