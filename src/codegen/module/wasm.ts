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
  const buffers = new Map(kernels.flatMap((kernel) => kernel.buffers).map((buffer) => [buffer.name, buffer]));
  const addresses = new Map<string, number>();
  let bytes = 0;
  const place = (buffer: string, size: number) => {
    if (addresses.has(buffer)) return;
    addresses.set(buffer, bytes);
    bytes += Math.ceil(size / ALIGNMENT) * ALIGNMENT;
  };
  for (const role of ORDER) {
    for (const buffer of buffers.values()) if (buffer.role === role) place(buffer.name, bytesOf(buffer));
    // One name may be allocated on several branches, always with the same shape.
    if (role === "scratch") {
      for (const kernel of kernels) {
        for (const stmt of statements(kernel.body)) {
          if (stmt.kind === "alloc") place(stmt.buffer, elementCount(stmt.shape) * BYTES[kernel.arithmetic]);
        }
      }
    }
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

const bytesOf = (buffer: BufferDecl): number => elementCount(buffer.shape) * BYTES[buffer.dtype];
