/** Lays out WebGPU modules: a shader module for each kernel, with its bindings and its dispatches. */
import { subexpressions } from "../../ir/expr.js";
import { FreeNames } from "../../ir/freeNames.js";
import type { WgslDispatch, WgslEntry } from "../../ir/module.js";
import type { Stmt, Triple } from "../../ir/stmt.js";
import { VERSION } from "../../ir/version.js";
import { bodiesOf, ownValue } from "../../ir/visit.js";
import { emitWgsl, type WgslFunction } from "../emit/wgsl.js";
import type { Lowered } from "../lower.js";
import { renderWgslModule } from "./renderWgsl.js";

/**
 * The most operations of one dispatch, a multiply-add counted once: 0.2 s on a small GPU that computes 200 GFLOP/s.
 * Windows and browsers reset a GPU that does not answer for about 2 seconds.
 */
const MAX_OPERATIONS = 2e10;

/** @param along the most workgroups of a dispatch along one dimension */
export function renderWgsl(kernel: Lowered, schedule: string, along: number): WgslEntry {
  const code = emitWgsl(kernel);
  const dispatches = kernel.body.length === 0 ? [] : divide(code.launch.workgroups, operations(kernel.body), along);
  const half = kernel.buffers.some(({ dtype }) => dtype === "f16");
  return {
    name: entryPoint(code),
    code: renderWgslModule({
      ...code,
      version: VERSION,
      name: entryPoint(code),
      schedule,
      half,
      isDivided: dispatches.length > 1,
    }),
    bindings: code.buffers.map(({ name, isWritten }) => ({ buffer: name, access: isWritten ? "read_write" : "read" })),
    dispatches,
  };
}

/** The name of the entry point. The stage's own name would not do: a buffer may have it, too. */
const entryPoint = ({ name, buffers }: WgslFunction): string =>
  new FreeNames(buffers.map((buffer) => buffer.name)).like(`${name}Kernel`);

/** Divides the workgroups along their longest dimension, so that no dispatch has too many operations if possible. */
function divide(workgroups: Triple, operationsOfOne: number, along: number): WgslDispatch[] {
  const all = workgroups.reduce((count, size) => count * size, 1);
  const most = Math.max(1, Math.floor(MAX_OPERATIONS / Math.max(1, operationsOfOne)));
  const longest = workgroups.indexOf(Math.max(...workgroups));
  const length = workgroups[longest] as number;
  const atOnce = Math.max(1, Math.floor((most * length) / Math.max(1, all)));
  const [x = [], y = [], z = []] = workgroups.map((size, dimension) =>
    rangesOf(size, Math.min(along, dimension === longest ? atOnce : size)),
  );
  return z.flatMap((c) =>
    y.flatMap((b) =>
      x.map((a): WgslDispatch => ({ first: [a.first, b.first, c.first], count: [a.count, b.count, c.count] })),
    ),
  );
}

/** Cuts 0 .. size-1 into ranges of at most `most`, equally long but for the last. */
function rangesOf(size: number, most: number): { first: number; count: number }[] {
  const parts = Math.ceil(size / most);
  const count = Math.ceil(size / Math.max(1, parts));
  return Array.from({ length: parts }, (_, i) => ({ first: i * count, count: Math.min(count, size - i * count) }));
}

/** The operations of one workgroup. A vector operation counts once for each lane. */
function operations(body: readonly Stmt[]): number {
  return body.reduce((sum, stmt) => {
    const value = ownValue(stmt);
    const own = value
      ? subexpressions(value)
          .filter(isArithmetic)
          .reduce((all, { lanes }) => all + lanes, 0)
      : 0;
    const times = stmt.kind === "for" && !stmt.loop.startsWith("workgroup") ? stmt.extent : 1;
    return sum + own + times * bodiesOf(stmt).reduce((all, inner) => all + operations(inner), 0);
  }, 0);
}

const isArithmetic = ({ kind }: { readonly kind: string }): boolean =>
  kind === "fma" || kind === "binary" || kind === "unary" || kind === "select";
