/** Types of classes that a program may have or lack: its libraries differ, and declarations must suit all of them. */

/** The instances of the global class `Name`, or `Part` in programs whose libraries have no such class. */
export type Global<Name extends string, Part> =
  typeof globalThis extends Readonly<Record<Name, { readonly prototype: infer Whole }>> ? Whole : Part;

interface MemoryPart {
  readonly buffer: ArrayBufferLike;
  grow(pages: number): number;
}

/** `WebAssembly.Memory`, which hides in a namespace. */
export type LinearMemory = typeof globalThis extends {
  readonly WebAssembly: { readonly Memory: { readonly prototype: infer Whole } };
}
  ? Whole
  : MemoryPart;

/** `WebAssembly.Module`, which hides there as well. */
export type CompiledWasm = typeof globalThis extends {
  readonly WebAssembly: { readonly Module: { readonly prototype: infer Whole } };
}
  ? Whole
  : object;
