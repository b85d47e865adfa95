/** Modules of WebAssembly: one function per kernel, and what a host must know to give each buffer a place in memory. */
import { fail } from "../../ir/errors.js";
import { byteLengthOf, layOut } from "../../ir/layout.js";
import { PAGE_BYTES, type WasmBuffer, type WasmPart } from "../../ir/module.js";
import type { BufferDecl } from "../../ir/program.js";
import { statements } from "../../ir/visit.js";
import { endOfRange, parallelRange } from "../emit/parallelRange.js";
import { emitWasm } from "../emit/wasm.js";
import { assemble } from "../emit/wasmAssembler.js";
import { importsOf } from "../emit/wasmImports.js";
import type { Lowered } from "../lower.js";

/** The largest kernel: differences of addresses are signed 32-bit integers. */
export const MAX_BYTES = 2 ** 31 - PAGE_BYTES;

export function renderWasm(name: string, kernels: readonly Lowered[], shared: boolean): WasmPart {
  const buffers = new Map<string, BufferDecl>();
  for (const buffer of [...kernels.flatMap((kernel) => kernel.buffers), ...kernels.flatMap(scratchOf)]) {
    const other = buffers.get(buffer.name);
    // Several kernels may use scratch of one name, as they run one after the other. It is as large as the largest
    // needs.
    if (!other || byteLengthOf(other) < byteLengthOf(buffer)) buffers.set(buffer.name, buffer);
  }
  // Before code is emitted, which holds no larger integers.
  checkSize(name, layOut([...buffers.values()].map((buffer) => ({ ...buffer, least: 0 }))).bytes);
  const functions = importsOf(kernels);
  const emitted = kernels.map((kernel) => emitWasm(kernel, functions));
  const least = (buffer: string) => Math.max(0, ...emitted.map((one) => one.least.get(buffer) ?? 0));
  const imports = functions.map((name) => ({ name, type: { parameters: ["f64"], results: ["f64"] } as const }));
  return {
    code: assemble({ shared, imports, functions: emitted.map((one) => one.function) }),
    shared,
    buffers: [...buffers.values()].map((buffer): WasmBuffer => ({ ...buffer, least: least(buffer.name) })),
    entries: kernels.map((kernel, i) => ({
      name: kernel.name,
      buffers: emitted[i]?.buffers ?? [],
      iterations: parallelRange(kernel)?.extent ?? null,
      ...(kernel.parameter ? { mostUnits: kernel.parameter.max } : {}),
      ...endOfRange(kernel),
    })),
  };
}

function checkSize(name: string, bytes: number): void {
  if (bytes <= MAX_BYTES) return;
  fail(
    "too-large",
    `${name} needs ${bytes} bytes of memory; a WebAssembly kernel addresses ${MAX_BYTES}. Split the batch or the image`,
    bytes,
  );
}

/** The scratch buffers that a kernel allocates for itself. */
const scratchOf = ({ body, arithmetic }: Lowered): BufferDecl[] =>
  statements(body).flatMap((stmt) =>
    stmt.kind === "alloc" ? [{ name: stmt.buffer, shape: stmt.shape, dtype: arithmetic, role: "scratch" }] : [],
  );
