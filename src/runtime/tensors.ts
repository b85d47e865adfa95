/** The tensors that callers give and get, as a module declares them: by role, in the order of its program. */
import type { Facts } from "../ir/module.js";
import type { BufferDecl, BufferRole } from "../ir/program.js";

export interface Tensors {
  readonly inputs: readonly BufferDecl[];
  readonly weights: readonly BufferDecl[];
  readonly outputs: readonly BufferDecl[];
}

/** `buffers`: those of all parts of a module, of which some may be declared twice. */
export function tensorsOf(buffers: readonly BufferDecl[], { tensors: order = [] }: Pick<Facts, "tensors">): Tensors {
  const known = new Map(buffers.map((buffer) => [buffer.name, buffer]));
  const sorted = [...known.values()].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  // Results carry their shapes: a caller who changes one must not change what a kernel checks against.
  for (const { shape } of sorted) Object.freeze(shape);
  const of = (role: BufferRole) => sorted.filter((buffer) => buffer.role === role);
  return { inputs: of("input"), weights: of("weights"), outputs: of("output") };
}

export const namesOf = (tensors: readonly { readonly name: string }[]): string[] => tensors.map(({ name }) => name);
