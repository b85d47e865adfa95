/** The tensors that callers pass and receive, by role, in the order of a module's program. */
import type { Facts } from "../ir/module.js";
import type { BufferDecl, BufferRole } from "../ir/program.js";

export interface Tensors {
  readonly inputs: readonly BufferDecl[];
  readonly weights: readonly BufferDecl[];
  readonly outputs: readonly BufferDecl[];
}

/** `buffers` holds the buffers of all parts of a module; two parts may declare the same one. */
export function tensorsOf(buffers: readonly BufferDecl[], { tensors: order = [] }: Pick<Facts, "tensors">): Tensors {
  const known = new Map(buffers.map((buffer) => [buffer.name, buffer]));
  const sorted = [...known.values()].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  // Results carry these shapes: a caller who changes one must not change the shape that the kernel checks.
  for (const { shape } of sorted) Object.freeze(shape);
  const of = (role: BufferRole) => sorted.filter((buffer) => buffer.role === role);
  return { inputs: of("input"), weights: of("weights"), outputs: of("output") };
}

export const namesOf = (tensors: readonly { readonly name: string }[]): string[] => tensors.map(({ name }) => name);
