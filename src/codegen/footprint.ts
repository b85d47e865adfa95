/**
 * The footprint of loops: the bytes of each tensor that one run of a loop reaches. Where it fits a cache, what the loop
 * reads again is still there.
 *
 * It is counted by boxes: of each tensor the largest box that one access of the loop spans. So it is too low where
 * accesses lie apart, and too high where guards leave points out. Give the nest, as `loopWork` says.
 */
import { type Affine, type Bounds, range, restrict } from "../ir/affine.js";
import { loadsOf } from "../ir/expr.js";
import { byteLengthOf } from "../ir/layout.js";
import type { BufferDecl } from "../ir/program.js";
import { Scope } from "../ir/scope.js";
import type { LoopKernel, Stmt } from "../ir/stmt.js";
import { addBounds, bodiesOf, boundsAtEntry, boundsInside, ownValue } from "../ir/visit.js";

/** An access, with the bounds of all names that its subscripts may have. */
interface Reached {
  readonly buffer: string;
  readonly at: readonly Affine[];
  readonly bounds: Bounds;
  /** The names that move while the statement runs that is looked at. */
  readonly moving: Set<string>;
}

/** The bytes that the kernel, or a loop, reaches in one run, for each line of `printKernel`; 0 for other lines. */
export function bytesByLine(kernel: LoopKernel): number[] {
  const buffers = new Map(kernel.buffers.map((buffer) => [buffer.name, buffer]));
  const lines: number[] = [];
  /** The accesses in a body, whose own indices move with them. */
  const inBody = (body: readonly Stmt[], outer: Bounds): Reached[] => {
    const bounds = new Scope(outer);
    const reached = body.flatMap((stmt) => inStmt(stmt, bounds));
    const indices = body.flatMap((stmt) => (stmt.kind === "index" ? [stmt.name] : []));
    for (const { moving } of reached) for (const name of indices) moving.add(name);
    return reached;
  };
  const inStmt = (stmt: Stmt, bounds: Scope<{ min: number; max: number }>): Reached[] => {
    const place = lines.push(0) - 1;
    addBounds(stmt, bounds);
    const inside = boundsInside(stmt, bounds);
    const [body = [], otherwise = []] = bodiesOf(stmt);
    const reached = [...accessesOf(stmt, bounds), ...inBody(body, inside)];
    if (otherwise.length > 0) {
      lines.push(0);
      reached.push(...inBody(otherwise, inside));
    }
    if (stmt.kind !== "for") return reached;
    for (const { moving } of reached) moving.add(stmt.name);
    lines[place] = bytesOf(reached, buffers);
    return reached;
  };
  lines.push(0);
  lines[0] = bytesOf(inBody(kernel.body, boundsAtEntry(kernel)), buffers);
  return lines;
}

function accessesOf(stmt: Stmt, bounds: Bounds): Reached[] {
  const value = ownValue(stmt);
  const stored = stmt.kind === "store" ? [stmt] : [];
  const all = value ? [...loadsOf(value), ...stored] : [];
  return all.map(({ buffer, at }) => ({ buffer, at, bounds, moving: new Set() }));
}

/** The largest boxes of all tensors together. The kernel's own memory is none of them. */
function bytesOf(reached: readonly Reached[], buffers: ReadonlyMap<string, BufferDecl>): number {
  const largest = new Map<string, number>();
  for (const { buffer, at, bounds, moving } of reached) {
    const decl = buffers.get(buffer);
    if (!decl) continue;
    const shape = at.map((form, i) => {
      const { min, max } = range(
        restrict(form, (name) => moving.has(name)),
        bounds,
      );
      return Math.min(max - min + 1, decl.shape[i] as number);
    });
    largest.set(buffer, Math.max(largest.get(buffer) ?? 0, byteLengthOf({ ...decl, shape })));
  }
  return [...largest.values()].reduce((sum, bytes) => sum + bytes, 0);
}
