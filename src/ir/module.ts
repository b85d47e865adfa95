/** Kernel modules: code and all that a host needs to load and call it. Plain data, so it can be written to a file. */

import type { OpSpec, Shape4 } from "./ops/spec.js";
import type { BufferDecl } from "./program.js";
import type { Triple } from "./stmt.js";
import type { Work } from "./work.js";

/** What is known of a kernel without its code, so that a host can tell it and need not know how it follows from the spec. */
export interface Facts {
  /** Absent where the kernel was compiled from a program. */
  readonly spec?: OpSpec;
  /** [N, OH, OW, Co]; of a kernel with a spec. */
  readonly outputShape?: Shape4;
  /**
   * Names of inputs, weights and outputs in the order of the program. Absent where all parts of the module declare them
   * in this order, as those of a kernel with a spec do.
   */
  readonly tensors?: readonly string[];
  /** How the sums are computed, in words: `direct`, or `winograd F(4x4, 3x3)`. */
  readonly algorithm: string;
  /** How far a sum may be from the exact one, as a share of max |value| times the sum of |filters| of its channel. */
  readonly errorBound: number;
  /** In one row. */
  readonly schedule: string;
  readonly work: Work;
}

/** What a spec says of its kernel. */
export type SpecFacts = Required<Pick<Facts, "spec" | "outputShape">>;

interface ModuleHead extends Facts {
  /** Everything that can change the code, as canonical text. */
  readonly key: string;
}

/** One function of the code and the buffers it takes, in order. */
export interface JsEntry {
  readonly name: string;
  readonly buffers: readonly string[];
}

export interface JsModule extends ModuleHead {
  readonly language: "js";
  /** Every buffer of every entry. */
  readonly buffers: readonly BufferDecl[];
  readonly prepare: readonly JsEntry[];
  readonly run: readonly JsEntry[];
  /** The body of a function that returns the entries by name. */
  readonly code: string;
}

/** Bytes of one page of WebAssembly memory. */
export const PAGE_BYTES = 65_536;

export interface WasmEntry {
  /** Its name among the exports. */
  readonly name: string;
  /** Where several threads can share it: how many iterations there are. The function then takes [begin, end) of them. */
  readonly iterations: number | null;
}

/** A binary and the memory it imports as `env.memory`. */
export interface WasmPart {
  readonly code: Uint8Array<ArrayBuffer>;
  /** Size of the memory in pages of 64 KiB. */
  readonly pages: number;
  /** Whether the memory is shared between threads. */
  readonly shared: boolean;
  /** Every buffer, and the byte where it begins. */
  readonly buffers: readonly (BufferDecl & { readonly address: number })[];
  /** In the order of their calls. */
  readonly entries: readonly WasmEntry[];
}

export interface WasmModule extends ModuleHead {
  readonly language: "wasm";
  /** What it computes with, in words. */
  readonly vectors: string;
  /** Runs once per set of weights, in a memory of its own; null where a kernel takes them as they are. */
  readonly prepare: WasmPart | null;
  readonly run: WasmPart;
}

export interface WgslBinding {
  readonly buffer: string;
  /** What the code may do with it. */
  readonly access: "read" | "read_write";
}

/** Workgroups first .. first+count-1 along each dimension: what one dispatch computes. */
export interface WgslDispatch {
  readonly first: Triple;
  readonly count: Triple;
}

/** One compute pipeline: a shader module of its own. */
export interface WgslEntry {
  /** Of the entry point. */
  readonly name: string;
  /** The whole shader module. */
  readonly code: string;
  /** Group 0, by binding: 0 for the first. */
  readonly bindings: readonly WgslBinding[];
  /**
   * In any order, none where there is nothing to compute. Where there are several, the code reads `first` from a uniform
   * buffer, a vec4u at the binding after all others.
   */
  readonly dispatches: readonly WgslDispatch[];
}

export interface WgslModule extends ModuleHead {
  readonly language: "wgsl";
  /** Every buffer of every entry. */
  readonly buffers: readonly BufferDecl[];
  /** In the order of their calls; each reads what those before it have written. */
  readonly prepare: readonly WgslEntry[];
  readonly run: readonly WgslEntry[];
}

export type KernelModule = JsModule | WasmModule | WgslModule;
